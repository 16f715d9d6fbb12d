// What a record shows and lets somebody do, and exactly what an act writes.
import { ANSWER, DEAL, REQUEST, TASK, WRITES } from 'c/dealReadinessFields'
import {
  ask, badge, decide, decisions, incomplete, isAskable, isChecking, mayWrite, reasons, reply, takeBack, told,
} from 'c/dealReadinessState'
import { DEAL_ID, USER_ID, record } from '../data'

const SAVED = '2026-11-25T10:00:00.000Z'
const NOW = Date.parse('2026-11-25T10:00:20.000Z')
const NOW_TEXT = '2026-11-25T10:00:20.000Z'
const BEFORE = '2026-11-25T09:59:00.000Z'

test.each([
  ['ready', 'Ready'],
  ['needs-info', 'Your turn'],
  ['needs-sign-off', 'Waiting for sign-off'],
  ['blocked', 'Stopped by Operations'],
  ['exception', 'Ready, with exception'],
  ['not-assessed', 'Not checked yet'],
  [null, 'Not checked yet'],
  ['a-new-one', 'Not checked yet'],
])('the badge of %s reads %s', (readiness, label) => {
  expect(badge(readiness).label).toBe(label)
})

test('a record without our fields is known as one that the user may not see', () => {
  expect(told(record({ LastModifiedDate: SAVED })).seen).toBe(false)
  expect(told(record({ [DEAL.readiness]: null })).seen).toBe(true)
})

const MINE = { savedAt: SAVED, savedBy: USER_ID, checkedAt: BEFORE, silent: false }
test.each([
  ['my save is newer than the check', {}, true],
  ['nobody has checked yet', { checkedAt: null }, true],
  ['the check is newer', { checkedAt: '2026-11-25T10:00:05.000Z' }, false],
  ['the connector or a colleague saved last', { savedBy: '005AA000009Zz9zYAC' }, false],
  ['the save is so old that nothing will come of it', { savedAt: '2026-11-25T09:59:10.000Z' }, false],
  ['Dealgate is silent', { silent: true }, false],
])('checking, when %s: %j %s', (_, change, expected) => {
  expect(isChecking({ ...MINE, ...change }, USER_ID, NOW)).toBe(expected)
})

test('asking makes sense while something is held up', () => {
  const askable = ['ready', 'needs-info', 'needs-sign-off', 'blocked', 'exception', 'not-assessed', null]
  expect(askable.filter((readiness) => isAskable({ readiness }))).toEqual(['needs-info', 'needs-sign-off', 'blocked'])
})

test('whoever may not write a field is not offered what writes it', () => {
  const info = { fields: { Ops_Request__c: { updateable: true }, Ops_Due__c: { updateable: false } } }
  expect(['Ops_Request__c', 'Ops_Due__c', 'Other__c'].map((name) => mayWrite(info, name))).toEqual([true, false, false])
  expect(mayWrite(undefined, 'Ops_Request__c')).toBe(false)
})

function task(change) {
  const values = { OwnerId: USER_ID, Subject: 'Decide by Thu', [TASK.key]: `acme:${DEAL_ID}:anna:1`, [TASK.decision]: null, ...change }
  return { node: { Id: '00TAA', ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])) } }
}
test.each([
  ['mine', {}, 1],
  ['the queue’s', { OwnerId: '00GAA0000012345YAC' }, 1],
  ['a colleague’s', { OwnerId: '005AA000009Zz9zYAC' }, 0],
  ['decided already', { [TASK.decision]: 'yes' }, 0],
  ['one that only tells', { [TASK.key]: `told:acme:${DEAL_ID}:1` }, 0],
  ['about another deal', { [TASK.key]: 'acme:006AA0000099999YAC:anna:1' }, 0],
  ['without a key', { [TASK.key]: null }, 0],
])('a task that is %s', (_, change, count) => {
  const data = { uiapi: { query: { Task: { edges: [task(change)] } } } }
  expect(decisions(data, DEAL_ID, USER_ID)).toHaveLength(count)
})

test('without an answer to the query there is nothing to decide', () => {
  expect(decisions(undefined, DEAL_ID, USER_ID)).toEqual([])
})

test('each act writes exactly the fields that are listed for it', () => {
  const acts = {
    ask: ask(DEAL_ID, { text: 'They sign this week', neededBy: '2026-12-01' }, NOW_TEXT),
    reply: reply(DEAL_ID, 'EMEA', NOW_TEXT),
    takeBack: takeBack(DEAL_ID, NOW_TEXT),
    decide: decide('00TAA', { answer: ANSWER.upTo, limit: 15, note: 'once' }),
  }
  for (const [name, { fields }] of Object.entries(acts)) {
    expect([name, ...Object.keys(fields)]).toEqual([name, 'Id', ...WRITES[name]])
    expect(Object.values(fields)).not.toContain(undefined)
  }
  expect(Object.keys(WRITES)).toEqual(Object.keys(acts))
})

test('an act writes what was said, and empties what was not', () => {
  expect(ask(DEAL_ID, { text: '', neededBy: '' }, NOW_TEXT).fields).toEqual({
    Id: DEAL_ID, [DEAL.request]: REQUEST.ask, [DEAL.case]: null, [DEAL.neededBy]: null, [DEAL.askedAt]: NOW_TEXT,
  })
  expect(takeBack(DEAL_ID, NOW_TEXT).fields[DEAL.request]).toBe('withdraw')
  expect(decide('00TAA', { answer: ANSWER.yes, limit: 15, note: '' }).fields).toEqual({
    Id: '00TAA', [TASK.decision]: 'yes', [TASK.limit]: null, [TASK.note]: null, [TASK.until]: null,
  })
  const until = (answer) => decide('00TAA', { answer, limit: 15, note: 'x', until: '2026-12-31' }).fields[TASK.until]
  expect([ANSWER.yes, ANSWER.upTo, ANSWER.no, ANSWER.question].map(until)).toEqual(['2026-12-31', '2026-12-31', null, null])
})

test.each([
  [{ answer: '' }, 'Choose your decision.'],
  [{ answer: ANSWER.yes }, ''],
  [{ answer: ANSWER.upTo, limit: NaN }, 'Name the limit.'],
  [{ answer: ANSWER.upTo, limit: 0 }, ''],
  [{ answer: ANSWER.yes, until: '2026-11-24' }, 'That day is over.'],
  [{ answer: ANSWER.yes, until: '2026-11-25' }, ''],
  [{ answer: ANSWER.no, note: 'no people', until: '2026-11-24' }, ''],
  [{ answer: ANSWER.no }, 'Say why: the rep reads it.'],
  [{ answer: ANSWER.no, note: 'no people' }, ''],
  [{ answer: ANSWER.question }, 'Write your question.'],
])('what is missing of %j: %s', (given, said) => {
  expect(incomplete(given, '2026-11-25')).toBe(said)
})

test.each([
  [{ body: { message: 'x', output: { errors: [{ message: 'No.' }], fieldErrors: { A: [{ message: 'Nor this.' }] } } } }, 'No. Nor this.'],
  [{ body: { message: 'Not found' } }, 'Not found'],
  [new Error('offline'), 'offline'],
  [undefined, 'Salesforce does not say why. Are you connected?'],
])('an error says why: %#', (error, said) => {
  expect(reasons(error)).toBe(said)
})
