// What is wrong with a HubSpot project: first by the vendor's own library, then what only a whole project shows.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseProjectConfig, validateProjectConfig } from '@hubspot/project-parsing-lib/projects'
import { translate } from '@hubspot/project-parsing-lib/translate'

const READS = {
  deal: ['crm.objects.deals.read'],
  line_item: ['crm.objects.line_items.read'],
  company: ['crm.objects.companies.read'],
  task: ['crm.objects.contacts.read'],
}
const ALWAYS = ['crm.objects.deals.write', 'crm.objects.owners.read', 'crm.objects.contacts.write', 'crm.schemas.deals.write']

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
  return [...scopes(app, webhooks), ...entries([...of('CARD'), ...of('SETTINGS')], source), ...addresses(app, webhooks, source)]
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
  return configs.map((one) => one.entrypoint).filter((one) => !existsSync(join(source, one))).map((one) => `${one} is nowhere`)
}

function addresses(app, webhooks, source) {
  const permitted = app.permittedUrls.fetch
  const asked = ['cards', 'settings'].map((one) => /"(.*)"/.exec(readFileSync(join(source, 'app', one, 'address.ts'), 'utf8'))[1])
  return [...asked, webhooks.settings.targetUrl].filter((one) => !permitted.some((base) => one.startsWith(base))).map((one) => `${one} is not permitted`)
}
