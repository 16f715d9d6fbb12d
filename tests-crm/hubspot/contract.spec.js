// What the tests answer and what the card sends, held against the document of the card's API.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createAjvInstance } from '@hubspot/project-parsing-lib/validation'
import { expect, test } from 'vitest'
import { apiOf } from '../../hubspot/src/app/cards/api'
import * as deals from './lib/deals'
import { Line } from './lib/line'

const BUILT = process.env.DEALGATE_CRM_BUILD ?? fileURLToPath(new URL('../../build/crm', import.meta.url))
const DOCUMENT = JSON.parse(readFileSync(`${BUILT}/cards.json`, 'utf8'))
const DEAL = '/cards/v1/deals/{deal}'

/** Why a value does not fit into a place of the document. */
function misfits(value, ...place) {
  const ajv = createAjvInstance()
  ajv.addSchema(DOCUMENT, 'api')
  const path = place.map((one) => encodeURIComponent(one.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  const fits = ajv.compile({ $ref: `api#/${path}` })
  return fits(value) ? [] : fits.errors.map((one) => `${one.instancePath} ${one.message}`)
}
const body = (path, method, ...where) => ['paths', path, method, ...where, 'content', 'application/json', 'schema']


const states = Object.entries(deals).filter(([, deal]) => 'badge' in deal)

test.each(states)('the answer %s is one that the API gives', (_, deal) => {
  expect(misfits(deal, ...body(DEAL, 'get', 'responses', '200'))).toEqual([])
})

test('what the API would not give is found', () => {
  const { badge, ...without } = deals.READY
  expect(misfits(without, ...body(DEAL, 'get', 'responses', '200')).join()).toContain("'badge'")
  expect(misfits({ ...deals.READY, badge: `${badge}!` }, ...body(DEAL, 'get', 'responses', '200'))).not.toEqual([])
})

const sent = [
  ['what-if', (api) => api.whatIf({ discount: '9%', amount: '48000' }), deals.READY],
  ['ask', (api) => api.ask('They sign on Monday.', '2026-11-30')],
  ['ask', (api) => api.ask('They sign on Monday.')],
  ['reply', (api) => api.reply('The customer.')],
  ['withdraw', (api) => api.withdraw()],
  ['decide', (api) => api.decide({ answer: 'yes' })],
  ['decide', (api) => api.decide({ answer: 'yes', until: '2027-01-31' })],
  ['decide', (api) => api.decide({ answer: 'yes-up-to', limit: '15', note: 'Not more.' })],
  ['decide', (api) => api.decide({ answer: 'no', note: 'Too little.' })],
  ['decide', (api) => api.decide({ answer: 'question', note: 'Who installs it?' })],
]
test.each(sent)('%s is sent as the API takes it', async (name, call, answer = { id: 'card:1', next: 'Noted.' }) => {
  const line = new Line({ [`POST ${name}`]: answer })
  await call(apiOf(4711))
  expect(misfits(line.sent()[0].body, ...body(`${DEAL}/${name}`, 'post', 'requestBody'))).toEqual([])
})

test('a decision that does not exist is found', () => {
  expect(misfits({ answer: 'perhaps' }, ...body(`${DEAL}/decide`, 'post', 'requestBody'))).not.toEqual([])
})

test('every path of the API is one that the card or the settings page asks, and no other', () => {
  const asked = [DEAL, ...['what-if', 'ask', 'reply', 'withdraw', 'decide'].map((one) => `${DEAL}/${one}`), '/cards/v1/health']
  expect(Object.keys(DOCUMENT.paths).sort()).toEqual(asked.sort())
})
