// One deal from the question to the counter-offer, on the real panel, over HTTP, with the whole product behind it. What
// Lightning Data Service does is done here: reads, writes and the panel's own query go to the UI API and to GraphQL as
// whoever sits there.
import { DEAL, TASK } from 'c/dealReadinessFields'
import { Org } from '../org.cjs'

let mockUser = ''
jest.mock('@salesforce/user/Id', () => ({ __esModule: true, get default() { return mockUser } }), { virtual: true })

const SEEN = ['LastModifiedDate', 'LastModifiedById', ...Object.values(DEAL)].map((name) => `Opportunity.${name}`).join()
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
afterAll(() => org?.close(), 60_000)

/** Save as Lightning Data Service does: the id in the address, an Error with Output where it is refused. */
function saving(who) {
  platform.updateRecord.mockImplementation(async ({ fields: { Id, ...fields } }) => {
    const { status, body } = await org.call(who, 'PATCH', `/ui-api/records/${Id}`, { fields })
    if (status !== 200) throw Object.assign(new Error(body.message), { body })
    return body
  })
}

/** The panel's own query for tasks, with its variables. */
function asked() {
  let found
  platform.graphql.emit(undefined, (config) => {
    found = config
    return false
  })
  return found
}

async function served(who) {
  const info = async (kind) => (await org.call(who, 'GET', `/ui-api/object-info/${kind}`)).body
  const { query, variables } = asked()
  const tasks = await org.call(who, 'POST', '/graphql', { query, variables })
  expect(tasks.body.errors).toEqual([])
  const record = await org.call(who, 'GET', `/ui-api/records/${org.deal}?optionalFields=${SEEN}`)
  return { deal: await info('Opportunity'), task: await info('Task'), tasks: tasks.body.data, record: record.body }
}

/** Somebody opens the page and looks until the panel says so. */
async function opens(who, said) {
  document.body.replaceChildren()
  saving(who)
  platform.gql.mockImplementation(([text]) => text) // the stub keeps no query
  const element = platform.draw()
  element.recordId = org.deal
  document.body.appendChild(element)
  await Promise.resolve() // then the wires have what they ask for
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
    const { deal, task, tasks, record } = await served(who)
    getObjectInfo.emit(deal, ({ objectApiName }) => objectApiName === 'Opportunity')
    getObjectInfo.emit(task, ({ objectApiName }) => objectApiName === 'Task')
    graphql.emit(tasks, undefined, () => Promise.resolve())
    getRecord.emit(record)
    await Promise.resolve()
    if (told(element).includes(text)) return
    await pause()
  }
  expect(told(element)).toContain(text)
}

const form = (page, name) => page.element.shadowRoot.querySelector(name).shadowRoot
const write = async (root, name, value) => {
  const [tag, own] = name.split('.')
  const field = [...root.querySelectorAll(tag)].find((one) => !own || one.name === own)
  field.dispatchEvent(new CustomEvent('change', { detail: { value } }))
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
  await write(limiting, 'lightning-input.until', '2099-12-31')
  await write(limiting, 'lightning-input.limit', '15')
  await write(limiting, 'lightning-textarea', 'For the reference.')
  await press(limiting, 'Decide')
  await decides.sees('At 15 % Anna Bos says yes')
  const kept = await org.call(org.anna, 'GET', `/query?q=${encodeURIComponent(`SELECT ${TASK.until} FROM Task WHERE ${TASK.decision} = 'yes-up-to'`)}`)
  expect(kept.body.records.map((one) => one[TASK.until])).toEqual(['2099-12-31'])
}, 120_000)
