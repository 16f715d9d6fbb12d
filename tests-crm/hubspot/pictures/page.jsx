// The page that holds one extension in one state, named in the address: ?show=ready
import { createRoot } from 'react-dom/client'
import * as deals from '../lib/deals'

const card = document.getElementById('card')
const show = new URLSearchParams(location.search).get('show')
const FAILS = { 'not-reached': () => { throw new Error('connection refused') } }
const HEALTH = { status: 'ok', viewer: 'Ruth Klein', parked: 0 }
const STATES = { ...deals.EVERY_STATE, deciding: deals.DECIDING, 'asked-back': deals.ASKED_BACK, 'what-if': { ...deals.WAITING, fields: deals.WAITING.fields.slice(0, 3) }, asking: deals.YOUR_TURN, checking: { ...deals.WAITING, pending: true } }

globalThis.line = async (url) => {
  FAILS[show]?.()
  const told = url.endsWith('/health') ? HEALTH : url.endsWith('/what-if') ? deals.CHEAPER : STATES[show]
  return new Response(JSON.stringify(told))
}
const context = {
  crm: { objectId: 4711, objectTypeId: '0-3' }, portal: { id: 242711451, timezone: 'Europe/Amsterdam' },
  user: { locale: 'en-gb' },
}
const actions = { addAlert: () => undefined, onCrmPropertiesUpdate: () => undefined }
globalThis.draw = (make) => createRoot(card).render(make({ context, actions }))

if (show !== 'settings') card.dataset.title = 'Deal readiness'
if (show === 'settings') await import('../../../hubspot/src/app/settings/settings')
else await import('../../../hubspot/src/app/cards/sidebar')
