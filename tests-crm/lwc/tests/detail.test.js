// The field's JSON becomes headings with lines, whatever stands in it.
import { fine, isAsked, moment, open, questions, read } from 'c/dealReadinessDetail'
import { PANEL, texts } from '../data'

const said = (iso) => `<${iso}>`
const ASKED = { role: 'Operations', asked: ['Anna Bos'], due: 'x', by: null, note: '', question: '' }

test('what is open is told in one order: what blocks, what would help, who is asked', () => {
  const parts = open(read(JSON.stringify(PANEL)), said)
  expect(texts(parts)).toEqual([
    ['What blocks Contract', 'Delivery address is missing.', '18 % discount is over your 10 %'],
    ['What would help', 'At 10 % or less you need nobody.'],
    ['Who is asked', 'Operations: Anna Bos, Jan Smit, answer by <2026-11-26T13:00:00+00:00>'],
  ])
})

test('two gates at one stage are one heading, and what holds both is told once', () => {
  const [gate] = PANEL.gates
  const two = { ...PANEL, levers: [], signoffs: [], gates: [gate, { ...gate, gate: 'legal', findings: ['No contract.'] }] }
  expect(texts(open(read(JSON.stringify(two)), said))).toEqual([
    ['What blocks Contract', 'Delivery address is missing.', '18 % discount is over your 10 %', 'No contract.'],
  ])
})

test('two who ask the same are answered once', () => {
  const asks = { ...ASKED, state: 'info-requested', question: 'Why?' }
  expect(questions(read(JSON.stringify({ signoffs: [asks, { ...asks, role: 'Legal' }] })))).toEqual(['Why?'])
})

test('a gate that is open blocks nothing, and a heading without lines is not shown', () => {
  const clear = { ...PANEL, levers: [], signoffs: [], gates: PANEL.gates.map((gate) => ({ ...gate, clear: true })) }
  expect(open(read(JSON.stringify(clear)), said)).toEqual([])
})

test('what is fine is told once, with its count', () => {
  expect(texts([fine(read(JSON.stringify(PANEL)))])).toEqual([['What is fine (2)', 'Number of users is there.', 'Capacity fits.']])
})

test.each([
  [{ state: 'waiting' }, 'Operations: Anna Bos, after the others'],
  [{ state: 'requested', stops: true }, 'Operations: Anna Bos may stop it until <x>'],
  [{ state: 'info-requested', question: 'Which region?' }, 'Operations: Anna Bos asks: Which region?'],
  [{ state: 'approved', by: 'Jan Smit' }, 'Operations: Jan Smit agreed'],
  [{ state: 'approved', by: 'Jan Smit', note: 'with a deposit' }, 'Operations: Jan Smit agreed: with a deposit'],
  [{ state: 'rejected', by: 'Jan Smit', note: 'no people' }, 'Operations: Jan Smit said no: no people'],
  [{ state: 'something-new' }, 'Operations: Anna Bos'],
])('a sign-off in the state %j', (one, line) => {
  const panel = read(JSON.stringify({ signoffs: [{ ...ASKED, ...one }] }))
  expect(texts(open(panel, said))).toEqual([['Who is asked', line]])
})

test('questions to the rep, and whether somebody is asked', () => {
  const panel = read(JSON.stringify({ signoffs: [{ ...ASKED, state: 'info-requested', question: 'Which region?' }] }))
  expect(questions(panel)).toEqual(['Which region?'])
  expect(isAsked(panel)).toBe(true)
  expect(isAsked(read(JSON.stringify({ signoffs: [{ ...ASKED, state: 'approved' }] })))).toBe(false)
})

test('a right to stop the deal is no question that the rep could take back', () => {
  const stops = { ...ASKED, state: 'requested', stops: true }
  expect(isAsked(read(JSON.stringify({ signoffs: [stops] })))).toBe(false)
  expect(isAsked(read(JSON.stringify({ signoffs: [stops, { ...stops, stops: false }] })))).toBe(true)
})

test.each([null, '', '{"gate":"contr', '[]', '"text"', '7', '{"gates":7,"levers":null,"signoffs":"x"}'])(
  'a field that holds %j shows nothing and breaks nothing',
  (text) => {
    const panel = read(text)
    expect(open(panel, said)).toEqual([])
    expect(fine(panel).lines).toEqual([])
  },
)

test('details that did not fit are known to be cut', () => {
  expect(read('{"gate":"contract","cut":true}').cut).toBe(true)
})

test('a moment is told in the reader’s own zone; nonsense is told as nothing', () => {
  expect(moment('2026-11-26T13:00:00+00:00', 'en-GB', 'Europe/Amsterdam')).toMatch(/Thu.*26.*Nov.*14:00/)
  expect(moment('soon', 'en-GB', 'UTC')).toBe('')
})
