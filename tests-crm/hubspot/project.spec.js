// The project files by HubSpot's own parsing library; and copies that are broken on purpose are caught.
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isKnownPlatformVersion, LATEST_SUPPORTED_PLATFORM_VERSION } from '@hubspot/project-parsing-lib/projects'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { problemsOf } from './lib/project'
import { SHAPES } from './lib/shapes'

// the library asks HubSpot for its schemas, with an account's key
vi.mock('@hubspot/local-dev-lib/http', () => ({ http: { get: () => Promise.resolve({ data: SHAPES }) } }))

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const COMMITTED = join(ROOT, 'hubspot')
const BUILT = join(process.env.DEALGATE_CRM_BUILD ?? join(ROOT, 'build/crm'), 'hubspot')

describe('what is uploaded', () => {
  const projects = [['committed', COMMITTED], ...readdirSync(BUILT, { withFileTypes: true }).filter((one) => one.isDirectory()).map((one) => [one.name, join(BUILT, one.name)])]
  test.each(projects)('%s fits', async (_, folder) => expect(await problemsOf(folder)).toEqual([]))
  test('more than one policy was rendered', () => expect(projects.length).toBeGreaterThan(3))

  test('the platform version is one that the vendor supports', () => {
    const { platformVersion } = JSON.parse(readFileSync(join(COMMITTED, 'hsproject.json'), 'utf8'))
    expect(isKnownPlatformVersion(platformVersion)).toBe(true)
    expect(platformVersion).toBe(LATEST_SUPPORTED_PLATFORM_VERSION)
  })

  test('the template for several accounts fits in the place of the app', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dealgate-'))
    cpSync(COMMITTED, folder, { recursive: true })
    cpSync(join(folder, 'oauth/app-hsmeta.json'), join(folder, 'src/app/app-hsmeta.json'))
    expect(await problemsOf(folder)).toEqual([])
    rmSync(folder, { recursive: true })
  })
})

describe('broken copies', () => {
  let folder
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dealgate-'))
    cpSync(COMMITTED, folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const APP = 'src/app/app-hsmeta.json'
  const TAB = 'src/app/cards/tab-hsmeta.json'
  const HOOKS = 'src/app/webhooks/webhooks-hsmeta.json'
  const within = (path, change) => () => {
    const file = join(folder, path)
    const told = JSON.parse(readFileSync(file, 'utf8'))
    change(told, told.config)
    writeFileSync(file, JSON.stringify(told))
  }
  const without = (scope) => within(APP, (_, { auth }) => { auth.requiredScopes = auth.requiredScopes.filter((one) => one !== scope) })
  const broken = {
    'a distribution that does not exist': [within(APP, (_, config) => { config.distribution = 'public' }), 'distribution'],
    'a way to sign in that does not exist': [within(APP, (_, config) => { config.auth.type = 'token' }), 'auth'],
    'a uid that is used twice': [within(TAB, (file) => { file.uid = 'dealgate-readiness-sidebar' }), 'dealgate-readiness-sidebar'],
    'a uid with a space': [within(TAB, (file) => { file.uid = 'deal readiness' }), 'uid'],
    'a location that does not exist': [within(TAB, (_, config) => { config.location = 'crm.record.top' }), 'location'],
    'a location that is no card\'s': [within(TAB, (_, config) => { config.location = 'settings' }), 'location'],
    'a type that does not exist': [within(TAB, (file) => { file.type = 'crm-card' }), 'crm-card'],
    'a card without objects': [within(TAB, (_, config) => { config.objectTypes = [] }), 'objectTypes'],
    'a card in another folder': [() => renameSync(join(folder, TAB), join(folder, 'src/app/settings/tab-hsmeta.json')), 'tab-hsmeta.json'],
    'an entry point that is nowhere': [() => rmSync(join(folder, 'src/app/cards/tab.tsx')), 'tab.tsx is nowhere'],
    'two webhooks components': [within(HOOKS, (file) => writeFileSync(join(folder, 'src/app/webhooks/more-hsmeta.json'), JSON.stringify({ ...file, uid: 'more' }))), 'webhooks'],
    'a subscription that is asleep': [within(HOOKS, (_, { subscriptions }) => { subscriptions.legacyCrmObjects[0].active = false }), 'active'],
    'a subscription type that does not exist': [within(HOOKS, (_, { subscriptions }) => { subscriptions.legacyCrmObjects[0].subscriptionType = 'deal.changed' }), 'subscriptionType'],
    'a property change without its property': [within(HOOKS, (_, { subscriptions }) => { delete subscriptions.crmObjects[0].propertyName }), 'propertyName'],
    'a key of an older platform': [within(HOOKS, (_, { subscriptions }) => { subscriptions.crmObjects[0].objectName = 'task' }), 'objectName'],
    'a subscription twice': [within(HOOKS, (_, { subscriptions }) => { subscriptions.crmObjects.push(subscriptions.crmObjects[0]) }), 'crmObjects'],
    'an address that is not https': [within(HOOKS, (_, { settings }) => { settings.targetUrl = 'http://gate.example.com/webhooks/hubspot' }), 'targetUrl'],
    'too few calls at once': [within(HOOKS, (_, { settings }) => { settings.maxConcurrentRequests = 5 }), 'maxConcurrentRequests'],
    'an address that the card may not ask': [within(APP, (_, config) => { config.permittedUrls.fetch = ['https://elsewhere.example.com'] }), 'is not permitted'],
    'no right to read deals': [without('crm.objects.deals.read'), 'scope crm.objects.deals.read'],
    'no right to write the badge': [without('crm.objects.deals.write'), 'scope crm.objects.deals.write'],
    'no right to read what is sold': [without('crm.objects.line_items.read'), 'scope crm.objects.line_items.read'],
    'no right to make tasks': [without('crm.objects.contacts.write'), 'scope crm.objects.contacts.write'],
    'a scope that does not exist': [within(APP, (_, { auth }) => { auth.requiredScopes.push('crm.objects.deal.read') }), 'requiredScopes'],
    'no right to read our properties': [without('crm.schemas.deals.read'), 'scope crm.schemas.deals.read'],
    'no right to read the products sold': [without('crm.objects.products.read'), 'scope crm.objects.products.read'],
    'no scope that every app has': [without('oauth'), 'scope oauth'],
    'a card on records that are no deals': [within(TAB, (_, config) => { config.objectTypes = ['deal'] }), 'stands on no deal'],
    'two cards with one entry point': [within(TAB, (_, config) => { config.entrypoint = '/app/cards/sidebar.tsx' }), 'entry point of two'],
    'a misspelt property of ours': [within(HOOKS, (_, { subscriptions }) => { subscriptions.crmObjects[0].propertyName = 'dealgate_descision' }), 'dealgate_descision'],
    'a subscription to what we write ourselves': [within(HOOKS, (_, { subscriptions }) => { subscriptions.legacyCrmObjects.push({ subscriptionType: 'deal.propertyChange', propertyName: 'ops_readiness', active: true }) }), 'ops_readiness'],
    'webhooks to a path that is none': [within(HOOKS, (_, { settings }) => { settings.targetUrl = settings.targetUrl.replace('webhooks', 'webhook') }), 'no address of ours'],
    'an address that only begins like ours': [within(APP, (_, config) => { config.permittedUrls.fetch = ['https://dealgate.example'] }), 'is not permitted'],
    'any address at all': [within(APP, (_, config) => { config.permittedUrls.fetch.push('https://*') }), 'fetch'],
    'a library that is not named': [within('src/app/cards/package.json', (file) => { delete file.dependencies['@hubspot/ui-extensions'] }), '@hubspot/ui-extensions is not in its package.json'],
    'a platform version that does not exist': [() => writeFileSync(join(folder, 'hsproject.json'), JSON.stringify({ name: 'dealgate', srcDir: 'src', platformVersion: '2026.01' })), '2026.01'],
  }
  test.each(Object.entries(broken))('%s is caught', async (_, [breaks, said]) => {
    breaks()
    expect((await problemsOf(folder)).join('\n')).toContain(said)
  })
})
