// What each file of a project may hold, as HubSpot documents it and its own templates (2026.03) show it.
// HubSpot's schemas themselves come only to a signed-in account: `hs project validate` holds against those.
// https://developers.hubspot.com/docs/apps/developer-platform/build-apps/app-configuration
// https://github.com/HubSpot/hubspot-project-components
import { EXTENSION_POINT_LOCATIONS } from '../node_modules/@hubspot/ui-extensions/dist/shared.synced/types/extension-points.synced.js'

const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, uniqueItems: true }
const https = { type: 'string', pattern: '^https://[^/*\\s]+[^*\\s]*$' }
// those of the kinds of records and settings that a policy may name
const scopes = { ...texts, items: { type: 'string', pattern: '^(oauth|files|settings\\.currencies\\.read|crm\\.(objects|schemas)\\.(companies|contacts|deals|line_items|owners|products)\\.(read|write))$' } }
const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false })

const ACTIONS = ['creation', 'deletion', 'merge', 'restore', 'propertyChange', 'associationChange']
const CLASSIC = ['contact', 'company', 'deal', 'ticket', 'line_item'].flatMap((kind) => ACTIONS.map((action) => `${kind}.${action}`))

/** A property change names its property, and nothing else does. */
const subscription = (types, further = {}) => ({
  ...object({ subscriptionType: { enum: types }, propertyName: text, active: { const: true }, ...further }, ['subscriptionType', 'active', ...Object.keys(further)]),
  if: { properties: { subscriptionType: { pattern: 'propertyChange$' } } },
  then: { required: ['propertyName'] },
  else: { properties: { propertyName: false } },
})

const auth = {
  ...object({ type: { enum: ['static', 'oauth'] }, redirectUrls: { type: 'array', items: https, minItems: 1 }, requiredScopes: scopes, optionalScopes: scopes, conditionallyRequiredScopes: scopes }, ['type', 'requiredScopes']),
  if: { properties: { type: { const: 'oauth' } } },
  then: { required: ['redirectUrls'] },
  else: { properties: { redirectUrls: false } },
}

export const SHAPES = {
  APPLICATION: object({
    name: text, description: text, distribution: { enum: ['private', 'marketplace'] }, auth,
    permittedUrls: object({ fetch: { type: 'array', items: https }, iframe: { type: 'array', items: https }, img: { type: 'array', items: https } }),
  }),
  CARD: object({
    name: text, description: text, location: { enum: EXTENSION_POINT_LOCATIONS.filter((one) => one.startsWith('crm.') && one !== 'crm.bulkActions' || one === 'helpdesk.sidebar') },
    entrypoint: { type: 'string', pattern: '^/app/cards/[^/]+\\.[jt]sx$' }, objectTypes: { ...texts, minItems: 1 },
  }),
  SETTINGS: object({ entrypoint: { type: 'string', pattern: '^/app/settings/[^/]+\\.[jt]sx$' } }),
  WEBHOOKS: object({
    settings: object({ targetUrl: https, maxConcurrentRequests: { type: 'integer', exclusiveMinimum: 5 } }),
    subscriptions: object({
      crmObjects: { type: 'array', uniqueItems: true, items: subscription(ACTIONS.map((one) => `object.${one}`), { objectType: text }) },
      legacyCrmObjects: { type: 'array', uniqueItems: true, items: subscription(CLASSIC) },
    }),
  }),
}
