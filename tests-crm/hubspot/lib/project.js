// What is wrong with a HubSpot project: first by the vendor's own library, then what only a whole project shows.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseProjectConfig, validateProjectConfig } from '@hubspot/project-parsing-lib/projects'
import { translate } from '@hubspot/project-parsing-lib/translate'

const READS = {
  deal: ['crm.objects.deals.read'],
  line_item: ['crm.objects.line_items.read', 'crm.objects.products.read'],
  company: ['crm.objects.companies.read'],
  task: ['crm.objects.contacts.read'],
}
const ALWAYS = [
  'oauth', 'crm.objects.deals.write', 'crm.objects.owners.read', 'crm.objects.contacts.write', 'crm.schemas.deals.read',
  'crm.schemas.deals.write',
]
// what people tell us in properties of our own; what we write there rings nothing
const TOLD = [
  'ops_request', 'ops_request_note', 'ops_needed_by', 'ops_decision', 'ops_decision_note', 'dealgate_decision',
  'dealgate_decision_limit', 'dealgate_decision_note',
]

/** The problems, in words; none where the project may be uploaded. */
export async function problemsOf(folder) {
  const config = JSON.parse(readFileSync(join(folder, 'hsproject.json'), 'utf8'))
  const source = join(folder, config.srcDir)
  try {
    validateProjectConfig(parseProjectConfig(folder), folder)
    const { intermediateRepresentation, skippedHsMetaFiles } = await translate({
      projectSourceDir: source, platformVersion: config.platformVersion, accountId: 1,
    })
    const nodes = Object.values(intermediateRepresentation.intermediateNodesIndexedByUid)
    return [...skippedHsMetaFiles.map((one) => `${one}: not part of the project`), ...whole(nodes, source)]
  } catch (error) {
    return [typeof error.toString === 'function' ? error.toString() : String(error)]
  }
}

function whole(nodes, source) {
  const of = (type) => nodes.filter((one) => one.componentType === type).map((one) => one.config)
  const [app] = of('APPLICATION')
  const [webhooks] = of('WEBHOOKS')
  if (!app || !webhooks) return ['the project needs an app and its webhooks']
  const cards = of('CARD')
  return [
    ...scopes(app, webhooks), ...entries([...cards, ...of('SETTINGS')], source), ...addresses(app, webhooks, source),
    ...properties(webhooks), ...libraries(source),
    ...cards.filter((one) => !one.objectTypes.includes('deals')).map((one) => `${one.name} stands on no deal`),
  ]
}

function scopes(app, { subscriptions }) {
  const held = new Set(app.auth.requiredScopes)
  const kinds = new Set([
    ...subscriptions.legacyCrmObjects.map((one) => one.subscriptionType.split('.')[0]),
    ...subscriptions.crmObjects.map((one) => one.objectType),
  ])
  const needed = new Set([...ALWAYS, ...[...kinds].flatMap((kind) => READS[kind] ?? [`a scope to read ${kind}`])])
  return [...needed].filter((one) => !held.has(one)).map((one) => `scope ${one} is missing`)
}

function entries(configs, source) {
  const all = configs.map((one) => one.entrypoint)
  return [
    ...all.filter((one) => !existsSync(join(source, one))).map((one) => `${one} is nowhere`),
    ...all.filter((one, place) => all.indexOf(one) !== place).map((one) => `${one} is the entry point of two`),
  ]
}

function properties({ subscriptions }) {
  const named = [...subscriptions.legacyCrmObjects, ...subscriptions.crmObjects].map((one) => one.propertyName ?? '')
  return named.filter((one) => /^(ops|dealgate)_/.test(one) && !TOLD.includes(one)).map((one) => `${one} is no property in which people tell us anything`)
}

/** HubSpot builds each folder with the libraries that its own package.json names. */
function libraries(source) {
  return ['cards', 'settings'].flatMap((name) => {
    const folder = join(source, 'app', name)
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const files = readdirSync(folder).filter((one) => /\.tsx?$/.test(one)).map((one) => readFileSync(join(folder, one), 'utf8'))
    const imported = files.flatMap((text) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, library]) => library))
    const used = new Set([...imported, 'react']) // which TSX needs without naming it
    return [...used].filter((one) => !dependencies[one]).map((one) => `app/${name}: ${one} is not in its package.json`)
  })
}

function addresses(app, webhooks, source) {
  const permitted = app.permittedUrls.fetch
  const asked = ['cards', 'settings'].map((one) => /"(.*)"/.exec(readFileSync(join(source, 'app', one, 'address.ts'), 'utf8'))[1])
  return [
    ...asked.filter((one) => !permitted.includes(one)).map((one) => `${one} is not permitted`),
    ...[webhooks.settings.targetUrl].filter((one) => one !== `${asked[0]}/webhooks/hubspot`).map((one) => `${one} is no address of ours`),
  ]
}
