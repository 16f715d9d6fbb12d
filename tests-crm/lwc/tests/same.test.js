// What the panel shows of the engine's hundred deals, kept for the comparison with HubSpot's card, which follows
// (tests-crm/hubspot/same.spec.jsx).
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createElement } from 'lwc'
import LOCALE from '@salesforce/i18n/locale'
import TIME_ZONE from '@salesforce/i18n/timeZone'
import { getRecord } from 'lightning/uiRecordApi'
import DealReadiness from 'c/dealReadiness'
import { DEAL } from 'c/dealReadinessFields'
import { DEAL_ID, record } from '../data'

const BUILT = process.env.DEALGATE_CRM_BUILD
const DEALS = readFileSync(`${BUILT}/panels.json`, 'utf8')
const NOT_SHARED = ['quiet'] // when it was last checked: the card says so too, further down

/** Everything that a person reads in the panel, in order; what may be done about it has components of its own. */
function texts(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent.trim()]
  if (NOT_SHARED.some((name) => node.classList?.contains(name))) return []
  return [...node.childNodes].flatMap(texts)
}

async function shown({ readiness, panel }) {
  const element = createElement('c-deal-readiness', { is: DealReadiness })
  element.recordId = DEAL_ID
  document.body.appendChild(element)
  const at = '2026-11-20T10:00:00.000Z'
  const own = { [DEAL.readiness]: readiness, [DEAL.reason]: panel.sentence, [DEAL.detail]: JSON.stringify(panel) }
  getRecord.emit(record({ LastModifiedDate: at, [DEAL.checkedAt]: at, [DEAL.heardAt]: at, [DEAL.silent]: false, ...own }))
  await Promise.resolve()
  const told = texts(element.shadowRoot.querySelector('.panel')).filter(Boolean)
  element.remove()
  return told
}

test('every deal is shown, and what is shown is kept', async () => {
  const one = async (before, deal) => [...(await before), await shown(deal)]
  const told = await JSON.parse(DEALS).reduce(one, [])
  expect(told).toHaveLength(100)
  expect(told.every((lines) => lines.length > 1)).toBe(true)
  const of = createHash('sha256').update(DEALS).digest('hex')
  writeFileSync(`${BUILT}/panel-shows.json`, JSON.stringify({ of, locale: LOCALE, zone: TIME_ZONE, told }))
})
