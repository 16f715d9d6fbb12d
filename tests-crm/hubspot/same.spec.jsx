// A hundred deals of the engine: the card shows all that the JSON says of each, in order, and nothing else, and what
// Salesforce's panel shows of them (tests-crm/lwc/tests/same.test.js, which runs before).
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRenderer } from '@hubspot/ui-extensions/testing'
import { describe, expect, test } from 'vitest'
import { Shown } from '../../hubspot/src/app/cards/Shown'
import { texts } from './lib/texts'

const BUILT = process.env.DEALGATE_CRM_BUILD ?? fileURLToPath(new URL('../../build/crm', import.meta.url))
const TEXT = readFileSync(`${BUILT}/panels.json`, 'utf8')
const DEALS = JSON.parse(TEXT)
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What must be shown, written out from docs/panel.md a second time. */
function expected({ badge, sentence, alone, levers, gates, signoffs }) {
  const part = (heading, lines) => (lines.length ? [heading, ...lines] : [])
  const fine = [...new Set(gates.flatMap((gate) => gate.fine))]
  const stages = [...new Set(gates.map((gate) => gate.stage))]
  const blocks = (some) => [...new Set(some.flatMap((gate) => (gate.clear ? [] : [...gate.findings, ...gate.waiting])))]
  return [
    badge, sentence, ...(alone ? [alone] : []),
    ...stages.flatMap((stage) => part(`What blocks ${stage}`, blocks(gates.filter((gate) => gate.stage === stage)))),
    ...part('What would help', levers),
    ...part('Who is asked', signoffs.map(line)),
    ...part(`What is fine (${fine.length})`, fine),
  ]
}

function line({ role, state, asked, due, by, note, question, stops }) {
  const people = asked.join(', ')
  const ending = note ? `: ${note}` : ''
  return {
    requested: `${role}: ${people}${stops ? ' may stop it until' : ', answer by'} ${utc(new Date(due))}`,
    waiting: `${role}: ${people}, after the others`,
    'info-requested': `${role}: ${people} asks: ${question}`,
    approved: `${role}: ${by} agreed${ending}`,
    rejected: `${role}: ${by} said no${ending}`,
  }[state]
}

function utc(at) {
  const two = (number) => String(number).padStart(2, '0')
  return `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

function cardTexts({ readiness, panel }, reader = { locale: 'en-GB', zone: 'UTC' }) {
  const renderer = createRenderer('crm.record.tab')
  renderer.render(<Shown seen={{ ...panel, readiness }} reader={reader} />)
  return texts(renderer.getRootNode())
}

test('the deals are many and of all kinds', () => {
  expect(DEALS).toHaveLength(100)
  const states = new Set(DEALS.flatMap(({ panel }) => panel.signoffs.map((one) => one.state)))
  expect(states).toEqual(new Set(['requested', 'waiting', 'info-requested', 'approved', 'rejected']))
  expect(DEALS.some(({ panel }) => panel.signoffs.some((one) => one.stops && one.state === 'requested'))).toBe(true)
  const stages = ({ panel }) => panel.gates.filter((gate) => !gate.clear).map((gate) => gate.stage)
  expect(DEALS.map(stages).some((one) => new Set(one).size < one.length)).toBe(true)
  const kinds = new Set(DEALS.map((one) => one.readiness))
  expect(kinds).toEqual(new Set(['ready', 'needs-info', 'needs-sign-off', 'blocked', 'exception']))
})

test.each(DEALS.map((deal, number) => [number, deal]))('deal %i', (_, deal) => {
  expect(cardTexts(deal)).toEqual(expected(deal.panel))
})

describe('in Salesforce', () => {
  const shows = existsSync(`${BUILT}/panel-shows.json`) ? JSON.parse(readFileSync(`${BUILT}/panel-shows.json`, 'utf8')) : null

  test('the panel was rendered for these very deals: run make test-crm', () => {
    expect(shows?.of).toBe(createHash('sha256').update(TEXT).digest('hex'))
    expect(shows.told).toHaveLength(DEALS.length)
  })

  test.each(DEALS.map((deal, number) => [number, deal]))('deal %i is told in the same words', (number, deal) => {
    expect(cardTexts(deal, shows)).toEqual(shows.told[number])
  })
})
