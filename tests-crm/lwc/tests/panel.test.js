// The component as a person meets it: what is shown in each state, by keyboard, for screen readers.
import { createElement } from 'lwc'
import { graphql } from 'lightning/graphql'
import { getObjectInfo } from 'lightning/uiObjectInfoApi'
import { getRecord, notifyRecordUpdateAvailable, updateRecord } from 'lightning/uiRecordApi'
import DealReadiness from 'c/dealReadiness'
import { ANSWER, DEAL, TASK } from 'c/dealReadinessFields'
import { DEAL_ID, PANEL, USER_ID, record } from '../data'

jest.mock('@salesforce/user/Id', () => ({ __esModule: true, default: '005AA000001Bc2dYAC' }), { virtual: true })

const A_MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
const OLD = '2026-11-20T10:00:00.000Z'
const refresh = jest.fn().mockResolvedValue()
const NOBODY = '005AA000009Zz9zYAC'
const flush = () => new Promise(process.nextTick)

function deal(change = {}) {
  return record({
    LastModifiedDate: OLD,
    LastModifiedById: NOBODY,
    [DEAL.readiness]: 'needs-info',
    [DEAL.reason]: 'Contract: your turn. Missing: delivery address.',
    [DEAL.detail]: JSON.stringify(PANEL),
    [DEAL.checkedAt]: OLD,
    [DEAL.heardAt]: OLD,
    [DEAL.silent]: false,
    ...change,
  })
}

async function shown(values = {}, { updateable = true, tasks = [] } = {}) {
  const element = createElement('c-deal-readiness', { is: DealReadiness })
  element.recordId = DEAL_ID
  document.body.appendChild(element)
  const names = [...Object.values(DEAL), ...Object.values(TASK)]
  getObjectInfo.emit({ fields: Object.fromEntries(names.map((name) => [name, { updateable }])) })
  graphql.emit({ uiapi: { query: { Task: { edges: tasks.map((node) => ({ node })) } } } }, undefined, refresh)
  getRecord.emit(deal(values))
  await flush()
  return element
}

const TASK_OF_MINE = {
  Id: '00TAA00000ABcdeYAC',
  Subject: { value: 'Decide by Thu 14:00: Acme, EUR 48,000' },
  OwnerId: { value: USER_ID },
  [TASK.key]: { value: `acme:${DEAL_ID}:anna:1` },
  [TASK.decision]: { value: null },
}

function text(element) {
  return element.shadowRoot.textContent.replace(/\s+/g, ' ')
}

const child = (element, name) => element.shadowRoot.querySelector(name)
const button = (form, label) => [...form.shadowRoot.querySelectorAll('lightning-button')].find((one) => one.label === label)

async function press(form, label) {
  button(form, label).click()
  await flush()
}

/** A field of a form by its tag, and where there are several by its name: lightning-input.until. */
function fieldOf(form, name) {
  const [tag, own] = name.split('.')
  return [...form.shadowRoot.querySelectorAll(tag)].find((one) => !own || one.name === own)
}

async function type(form, name, value) {
  const field = fieldOf(form, name)
  field.dispatchEvent(new CustomEvent('change', { detail: { value } }))
  await flush()
}

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
  updateRecord.mockResolvedValue({})
  jest.useRealTimers()
})

const REPLY = { ...PANEL.signoffs[0], state: 'info-requested', question: 'Which region?' }
const LONG = { ...PANEL, gates: [{ ...PANEL.gates[0], findings: Array.from({ length: 40 }, (_, place) => `${place} العنوان ${'x'.repeat(99)}`) }] }
const MOMENTS = {
  'nothing to say': async () => shown({ [DEAL.reason]: '', [DEAL.detail]: '' }),
  'forty things in two scripts': async () => shown({ [DEAL.detail]: JSON.stringify(LONG) }),
  'details that did not fit': async () => shown({ [DEAL.detail]: '{"gate":"contract","cut":true}' }),
  silence: async () => shown({ [DEAL.silent]: true }),
  'a change that is checked': async () => shown({ LastModifiedById: USER_ID, LastModifiedDate: new Date().toISOString() }),
  'a record that is locked': async () => {
    updateRecord.mockRejectedValue({ body: { message: 'This record is locked. If you need to edit it, contact your admin.' } })
    const element = await shown()
    await press(child(element, 'c-deal-readiness-ask'), 'Take the question back')
    await flush()
    return element
  },
  'an answer that is written': async () => {
    const element = await shown({ [DEAL.detail]: JSON.stringify({ ...PANEL, signoffs: [REPLY] }) })
    await press(child(element, 'c-deal-readiness-ask'), 'Give information')
    return element
  },
  'a decision without its limit': async () => {
    const element = await shown({}, { tasks: [TASK_OF_MINE] })
    await type(child(element, 'c-deal-readiness-decide'), 'lightning-radio-group', ANSWER.upTo)
    await press(child(element, 'c-deal-readiness-decide'), 'Decide')
    return element
  },
  'an error of the record': async () => {
    const element = await shown()
    getRecord.error({ message: 'The record was deleted.' })
    await flush()
    return element
  },
}
test.each(Object.entries(MOMENTS))('%s: a screen reader and a keyboard get through', async (_, moment) => {
  await expect(await moment()).toBeAccessible()
})

test('a save that is lost on the way says so, whatever came back', async () => {
  for (const [error, said] of [[new TypeError('Failed to fetch'), 'Failed to fetch'], [{}, 'Are you connected?'], [undefined, 'Are you connected?']]) {
    updateRecord.mockRejectedValue(error)
    const form = child(await shown(), 'c-deal-readiness-ask')
    await press(form, 'Take the question back')
    await flush()
    expect(form.shadowRoot.querySelector('[role=alert]').textContent).toContain(said)
  }
})

const STATES = [
  ['ready', 'Ready'], ['needs-info', 'Your turn'], ['needs-sign-off', 'Waiting for sign-off'],
  ['blocked', 'Stopped by Operations'], ['exception', 'Ready, with exception'], ['not-assessed', 'Not checked yet'],
]
test.each(STATES)('%s: badge, sentence and parts are there, and accessible', async (readiness, label) => {
  const element = await shown({ [DEAL.readiness]: readiness }, { tasks: [TASK_OF_MINE] })
  const told = text(element)
  for (const part of [label, 'Contract: your turn.', 'You alone: up to 10 %', 'What blocks Contract', 'Who is asked']) {
    expect(told).toContain(part)
  }
  await expect(element).toBeAccessible()
})

test('whoever may not see the fields is told so, and is shown no badge', async () => {
  const element = createElement('c-deal-readiness', { is: DealReadiness })
  document.body.appendChild(element)
  getRecord.emit(record({ LastModifiedDate: OLD, LastModifiedById: NOBODY }))
  await flush()
  expect(text(element).trim()).toBe('You may not see Dealgate\'s fields. Ask your admin for the set Dealgate: Sales.')
})

test('what is fine is folded', async () => {
  const element = await shown()
  const details = child(element, 'details')
  expect(details.open).toBe(false)
  expect(details.querySelector('summary').textContent).toBe('What is fine (2)')
})

test('until the record is there it says that it is asking', async () => {
  const element = createElement('c-deal-readiness', { is: DealReadiness })
  document.body.appendChild(element)
  await flush()
  expect(text(element)).toContain('Asking Dealgate')
})

test('a user without the permission set is told whom to ask', async () => {
  const element = await shown()
  getRecord.emit(record({ LastModifiedDate: OLD }))
  await flush()
  expect(child(element, '[role=alert]').textContent).toContain('Ask your admin')
})

test('a record that cannot be read says why', async () => {
  const element = await shown()
  getRecord.error({ message: 'The record was deleted.' })
  await flush()
  expect(text(element)).toContain('The record was deleted.')
})

test('my own fresh save is being checked, and the page looks again by itself', async () => {
  jest.useFakeTimers({ now: Date.parse(OLD) + 2000, doNotFake: ['nextTick'] })
  const element = await shown({ LastModifiedById: USER_ID, [DEAL.checkedAt]: '2026-11-20T09:00:00.000Z' })
  expect(text(element)).toContain('Checking your change')
  jest.advanceTimersByTime(5_000)
  expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: DEAL_ID }])
  getRecord.emit(deal())
  await flush()
  expect(text(element)).not.toContain('Checking your change')
  jest.advanceTimersByTime(60_000)
  expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1)
})

test('a save that nobody answers is not waited for for ever', async () => {
  jest.useFakeTimers({ now: Date.parse(OLD) + 2000, doNotFake: ['nextTick'] })
  const element = await shown({ LastModifiedById: USER_ID, [DEAL.checkedAt]: null })
  jest.advanceTimersByTime(65_000)
  await flush()
  expect(text(element)).not.toContain('Checking your change')
})

test('after a decision it looks again until the deal was checked', async () => {
  jest.useFakeTimers({ now: Date.parse(OLD) + 3_600_000, doNotFake: ['nextTick'] })
  const element = await shown({}, { tasks: [TASK_OF_MINE] })
  const form = child(element, 'c-deal-readiness-decide')
  await type(form, 'lightning-radio-group', ANSWER.yes)
  await press(form, 'Decide')
  await flush()
  expect(text(element)).toContain('Checking your change')
  const looks = notifyRecordUpdateAvailable.mock.calls.length
  jest.advanceTimersByTime(10_000)
  expect(notifyRecordUpdateAvailable.mock.calls.length).toBe(looks + 2)
  getRecord.emit(deal({ [DEAL.checkedAt]: '2026-11-20T11:00:04.000Z' }))
  await flush()
  expect(text(element)).not.toContain('Checking your change')
  jest.advanceTimersByTime(60_000)
  expect(notifyRecordUpdateAvailable.mock.calls.length).toBe(looks + 2)
})

test('a silent Dealgate is told with the time of its last sign of life', async () => {
  const element = await shown({ [DEAL.silent]: true })
  expect(text(element)).toMatch(/Dealgate has been silent since .*20/)
})

test('the button looks again', async () => {
  const element = await shown()
  child(element, 'lightning-button-icon').click()
  expect(notifyRecordUpdateAvailable).toHaveBeenCalled()
  expect(refresh).toHaveBeenCalled()
})

const IDLE = JSON.stringify({ ...PANEL, signoffs: [] })
test('the rep asks with a case and a day', async () => {
  const element = await shown({ [DEAL.detail]: IDLE })
  const form = child(element, 'c-deal-readiness-ask')
  await press(form, 'Ask for sign-off')
  await expect(element).toBeAccessible()
  await type(form, 'lightning-textarea', ' They sign this week ')
  await type(form, 'lightning-input', '2026-12-01')
  await press(form, 'Ask Operations')
  expect(updateRecord).toHaveBeenCalledTimes(1)
  expect(updateRecord).toHaveBeenCalledWith({
    fields: { Id: DEAL_ID, Ops_Request__c: 'yes', Ops_Request_Note__c: 'They sign this week', Ops_Needed_By__c: '2026-12-01', Ops_Asked_At__c: A_MOMENT },
  })
  await flush()
  expect(text(element)).toContain('Operations is asked.')
})

test('by keyboard: submitting the form sends it as the button does', async () => {
  const element = await shown({ [DEAL.detail]: IDLE })
  const form = child(element, 'c-deal-readiness-ask')
  await press(form, 'Ask for sign-off')
  await type(form, 'lightning-textarea', 'They sign this week')
  form.shadowRoot.querySelector('form').dispatchEvent(new Event('submit', { cancelable: true }))
  await flush()
  expect(updateRecord).toHaveBeenCalledTimes(1)
})

test('by keyboard: the focus goes where the form comes, and back where it goes', async () => {
  const focused = jest.spyOn(HTMLElement.prototype, 'focus').mockImplementation(() => undefined)
  const last = () => focused.mock.instances.at(-1)
  const element = await shown({ [DEAL.detail]: IDLE })
  const form = child(element, 'c-deal-readiness-ask')
  await press(form, 'Ask for sign-off')
  expect(last()).toBe(fieldOf(form, 'lightning-textarea'))
  await press(form, 'Cancel')
  expect(last()).toBe(button(form, 'Ask for sign-off'))
  await press(form, 'Ask for sign-off')
  await type(form, 'lightning-textarea', 'They sign this week')
  await press(form, 'Ask Operations')
  await flush()
  expect(last()).toBe(child(element, '.note_good'))
  focused.mockRestore()
})

test('nothing is asked without a case', async () => {
  const form = child(await shown({ [DEAL.detail]: IDLE }), 'c-deal-readiness-ask')
  await press(form, 'Ask for sign-off')
  await press(form, 'Ask Operations')
  expect(form.shadowRoot.querySelector('[role=alert]').textContent).toBe('Write something first.')
  expect(updateRecord).not.toHaveBeenCalled()
})

test.each([
  ['by its name', {}, ['yes', 'yes-up-to', 'no', 'question'], 'Up to (discount)'],
  ['not where there is nothing to limit', { signoffs: [{ ...PANEL.signoffs[0], limit_on: null }] }, ['yes', 'no', 'question'], null],
  ['without a name where the details are cut', { signoffs: [], cut: true }, ['yes', 'yes-up-to', 'no', 'question'], 'Up to'],
])('a limit is offered %s', async (_, change, offered, label) => {
  const element = await shown({ [DEAL.detail]: JSON.stringify({ ...PANEL, ...change }) }, { tasks: [TASK_OF_MINE] })
  const form = child(element, 'c-deal-readiness-decide')
  const answers = form.shadowRoot.querySelector('lightning-radio-group')
  expect(answers.options.map((one) => one.value)).toEqual(offered)
  if (label === null) return
  await type(form, 'lightning-radio-group', ANSWER.upTo)
  expect(form.shadowRoot.querySelector('lightning-input').label).toBe(label)
})

test('a question of the approver is answered', async () => {
  const signoffs = [{ ...PANEL.signoffs[0], state: 'info-requested', question: 'Which region?' }]
  const element = await shown({ [DEAL.detail]: JSON.stringify({ ...PANEL, signoffs }) })
  const form = child(element, 'c-deal-readiness-ask')
  await press(form, 'Give information')
  await press(form, 'Send the answer')
  expect(text(form)).toContain('Write something first.')
  await type(form, 'lightning-textarea', 'EMEA')
  await press(form, 'Send the answer')
  expect(updateRecord).toHaveBeenCalledWith({
    fields: { Id: DEAL_ID, Ops_Request__c: 'yes', Ops_Request_Note__c: 'EMEA', Ops_Asked_At__c: A_MOMENT },
  })
})

test('a question that is open can be taken back, and is not asked twice', async () => {
  const form = child(await shown(), 'c-deal-readiness-ask')
  expect(button(form, 'Ask for sign-off')).toBeUndefined()
  await press(form, 'Take the question back')
  expect(updateRecord).toHaveBeenCalledWith({ fields: { Id: DEAL_ID, Ops_Request__c: 'withdraw', Ops_Asked_At__c: A_MOMENT } })
})

test('whoever may not write is offered nothing to do', async () => {
  const element = await shown({}, { updateable: false, tasks: [TASK_OF_MINE] })
  expect(child(element, 'c-deal-readiness-ask')).toBeNull()
  expect(child(element, 'c-deal-readiness-decide')).toBeNull()
})

test.each([
  [{ answer: ANSWER.yes }, { decision: 'yes', limit: null, note: null, until: null }],
  [{ answer: ANSWER.yes, until: '2099-12-31' }, { decision: 'yes', limit: null, note: null, until: '2099-12-31' }],
  [{ answer: ANSWER.upTo, limit: '15', note: 'once', until: '2099-12-31' }, { decision: 'yes-up-to', limit: 15, note: 'once', until: '2099-12-31' }],
  [{ answer: ANSWER.no, note: 'no people' }, { decision: 'no', limit: null, note: 'no people', until: null }],
  [{ answer: ANSWER.question, note: 'Which region?' }, { decision: 'question', limit: null, note: 'Which region?', until: null }],
])('the holder decides: %j', async (given, written) => {
  const element = await shown({}, { tasks: [TASK_OF_MINE] })
  const form = child(element, 'c-deal-readiness-decide')
  expect(text(form)).toContain('Decide by Thu 14:00: Acme')
  await type(form, 'lightning-radio-group', given.answer)
  if (given.limit) await type(form, 'lightning-input.limit', given.limit)
  if (given.until) await type(form, 'lightning-input.until', given.until)
  if (given.note) await type(form, 'lightning-textarea', given.note)
  await press(form, 'Decide')
  const fields = Object.fromEntries(Object.entries(written).map(([name, value]) => [TASK[name], value]))
  expect(updateRecord).toHaveBeenCalledWith({ fields: { Id: TASK_OF_MINE.Id, ...fields } })
  await flush()
  expect(text(element)).toContain('Your answer is noted.')
  expect(refresh).toHaveBeenCalled()
})

test.each([[ANSWER.yes, true], [ANSWER.upTo, true], [ANSWER.no, false], [ANSWER.question, false]])('until when it holds is asked of a yes alone: %s', async (answer, asked) => {
  const form = child(await shown({}, { tasks: [TASK_OF_MINE] }), 'c-deal-readiness-decide')
  await type(form, 'lightning-radio-group', answer)
  expect(fieldOf(form, 'lightning-input.until') !== undefined).toBe(asked)
})

test('a day that is over is not sent', async () => {
  const form = child(await shown({}, { tasks: [TASK_OF_MINE] }), 'c-deal-readiness-decide')
  await type(form, 'lightning-radio-group', ANSWER.yes)
  await type(form, 'lightning-input.until', '2020-01-01')
  await press(form, 'Decide')
  expect(form.shadowRoot.querySelector('[role=alert]').textContent).toBe('That day is over.')
  expect(updateRecord).not.toHaveBeenCalled()
})

test('whoever decides reads what only Operations is told, where he may see it', async () => {
  const told = { ...TASK_OF_MINE, [TASK.figures]: { value: '- margin is 13.7 %\n- Pushed by Globex.' } }
  const element = await shown({}, { tasks: [told] })
  const form = child(element, 'c-deal-readiness-decide')
  expect([...form.shadowRoot.querySelectorAll('li')].map((one) => one.textContent)).toEqual(['margin is 13.7 %', 'Pushed by Globex.'])
  expect(text(form)).toContain('For Operations')
  await expect(element).toBeAccessible()
  expect(text(child(await shown({}, { tasks: [TASK_OF_MINE] }), 'c-deal-readiness-decide'))).not.toContain('For Operations')
})

test('an incomplete decision is not sent, and says what is missing', async () => {
  const form = child(await shown({}, { tasks: [TASK_OF_MINE] }), 'c-deal-readiness-decide')
  await press(form, 'Decide')
  expect(form.shadowRoot.querySelector('[role=alert]').textContent).toBe('Choose your decision.')
  expect(updateRecord).not.toHaveBeenCalled()
})

test('what Salesforce refuses is told, and what was typed stays', async () => {
  updateRecord.mockRejectedValue({ body: { output: { errors: [{ message: 'You may not edit this.' }], fieldErrors: {} } } })
  const element = await shown({ [DEAL.detail]: IDLE })
  const form = child(element, 'c-deal-readiness-ask')
  await press(form, 'Ask for sign-off')
  await type(form, 'lightning-textarea', 'They sign this week')
  await press(form, 'Ask Operations')
  await flush()
  expect(text(form)).toContain('That did not work: You may not edit this.')
  expect(form.shadowRoot.querySelector('lightning-textarea').value).toBe('They sign this week')
})
