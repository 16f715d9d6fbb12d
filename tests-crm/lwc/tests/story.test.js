// One deal from the question to the counter-offer, on the real panel, over HTTP, with the whole product behind it. What
// Lightning Data Service does is done here: reads and writes go to the UI API as whoever sits there. The query for open
// tasks goes as SOQL, for the Salesforce in small knows no GraphQL.
import { DEAL, TASK } from 'c/dealReadinessFields'
import { Org } from '../org.cjs'

let mockUser = ''
jest.mock('@salesforce/user/Id', () => ({ __esModule: true, get default() { return mockUser } }), { virtual: true })

const SEEN = ['LastModifiedDate', 'LastModifiedById', ...Object.values(DEAL)].map((name) => `Opportunity.${name}`).join()
const TASKS = `SELECT Id, Subject, OwnerId, ${TASK.key}, ${TASK.decision} FROM Task WHERE IsClosed = false AND ${TASK.key} != null AND WhatId = `
const pause = () => new Promise((resolve) => { setTimeout(resolve, 200) })

let org
let platform
beforeAll(async () => {
  org = await Org.open()
  mockUser = org.anna.id // read once, when the panel is loaded: what keeps Lena from deciding are her rights
  const [{ createElement }, { default: DealReadiness }] = [await import('lwc'), await import('c/dealReadiness')]
  const [records, infos, tasks] = [await import('lightning/uiRecordApi'), await import('lightning/uiObjectInfoApi'), await import('lightning/graphql')]
  platform = { ...records, ...infos, ...tasks, draw: () => createElement('c-deal-readiness', { is: DealReadiness }) }
}, 60_000)
afterAll(() => org?.close())

/** Save as Lightning Data Service does: the id in the address, an Error with Output where it is refused. */
function saving(who) {
  platform.updateRecord.mockImplementation(async ({ fields: { Id, ...fields } }) => {
    const { status, body } = await org.call(who, 'PATCH', `/ui-api/records/${Id}`, { fields })
    if (status !== 200) throw Object.assign(new Error(body.message), { body })
    return body
  })
}

async function served(who) {
  const info = async (kind) => (await org.call(who, 'GET', `/ui-api/object-info/${kind}`)).body
  const tasks = await org.call(who, 'GET', `/query?q=${encodeURIComponent(`${TASKS}'${org.deal}'`)}`)
  const edges = tasks.body.records.map(({ Id, ...values }) => ({
    node: { Id, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])) },
  }))
  const record = await org.call(who, 'GET', `/ui-api/records/${org.deal}?optionalFields=${SEEN}`)
  return { deal: await info('Opportunity'), task: await info('Task'), edges, record: record.body }
}

/** Somebody opens the page and looks until the panel says so. */
async function opens(who, said) {
  document.body.replaceChildren()
  saving(who)
  const element = platform.draw()
  element.recordId = org.deal
  document.body.appendChild(element)
  const page = { element, sees: (text) => sees(who, element, text) }
  await page.sees(said)
  return page
}

function told({ shadowRoot }) {
  const inside = [...shadowRoot.querySelectorAll('*')].filter((one) => one.localName.startsWith('c-'))
  return [shadowRoot.textContent, ...inside.map(told)].join(' ').replace(/\s+/g, ' ')
}

async function sees(who, element, text) {
  const { getObjectInfo, getRecord, graphql } = platform
  for (let look = 0; look < 100; look += 1) {
    const { deal, task, edges, record } = await served(who)
    getObjectInfo.emit(deal, ({ objectApiName }) => objectApiName === 'Opportunity')
    getObjectInfo.emit(task, ({ objectApiName }) => objectApiName === 'Task')
    graphql.emit({ uiapi: { query: { Task: { edges } } } }, undefined, () => Promise.resolve())
    getRecord.emit(record)
    await Promise.resolve()
    if (told(element).includes(text)) return
    await pause()
  }
  expect(told(element)).toContain(text)
}

const form = (page, name) => page.element.shadowRoot.querySelector(name).shadowRoot
const write = async (root, name, value) => {
  root.querySelector(name).dispatchEvent(new CustomEvent('change', { detail: { value } }))
  await Promise.resolve()
}
const press = async (root, label) => {
  [...root.querySelectorAll('lightning-button')].find((one) => one.label === label).click()
  await Promise.resolve()
}

test('ask, question, answer, counter-offer', async () => {
  const asks = await opens(org.lena, 'You alone: up to 10 % discount')
  const asking = form(asks, 'c-deal-readiness-ask')
  await press(asking, 'Ask for sign-off')
  await write(asking, 'lightning-textarea', 'They sign this week if we move.')
  await press(asking, 'Ask Operations')
  await asks.sees('Contract: waiting for Anna Bos (Operations) until')
  await asks.sees('Operations: Anna Bos, answer by')

  const questions = await opens(org.anna, 'You decide')
  const deciding = form(questions, 'c-deal-readiness-decide')
  await write(deciding, 'lightning-radio-group', 'question')
  await write(deciding, 'lightning-textarea', 'May we name them as a reference?')
  await press(deciding, 'Decide')
  await questions.sees('Anna Bos asks: May we name them as a reference?')

  const answers = await opens(org.lena, 'Anna Bos asks')
  expect(answers.element.shadowRoot.querySelector('c-deal-readiness-decide')).toBeNull()
  const replying = form(answers, 'c-deal-readiness-ask')
  await press(replying, 'Give information')
  await write(replying, 'lightning-textarea', 'Yes, in writing.')
  await press(replying, 'Send the answer')
  await answers.sees('Contract: waiting for Anna Bos')

  const decides = await opens(org.anna, 'You decide')
  const limiting = form(decides, 'c-deal-readiness-decide')
  await write(limiting, 'lightning-radio-group', 'yes-up-to')
  expect(limiting.querySelector('lightning-input').label).toBe('Up to (discount)')
  await write(limiting, 'lightning-input', '15')
  await write(limiting, 'lightning-textarea', 'For the reference.')
  await press(limiting, 'Decide')
  await decides.sees('At 15 % Anna Bos says yes')
}, 120_000)
