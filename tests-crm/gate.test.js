// The gate's rule evaluated by formulon: the truth table again, by an engine that is not ours.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'formulon'
import { BUILT } from './lib/projects.js'

const { formula, rows } = JSON.parse(readFileSync(`${BUILT}/truth.json`, 'utf8'))

const OPTIONS = {
  number: () => ({ length: 14, scale: 4 }),
  text: (value) => ({ length: value.length }),
  picklist: (value) => ({ values: [value] }),
}

function literal([dataType, value]) {
  const written = dataType.startsWith('date') ? new Date(value) : value
  return { type: 'literal', dataType, value: written, options: OPTIONS[dataType]?.(value) ?? {} }
}

test(`the rule refuses and lets pass as the truth table says, in ${rows.length} situations`, () => {
  const wrong = rows.filter(({ values, refused }) => {
    const named = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, literal(value)]))
    const answer = parse(formula, named)
    return answer.type === 'error' || answer.value !== refused
  })
  assert.deepEqual(wrong.slice(0, 1), [])
  assert.ok(rows.some((one) => one.refused) && rows.some((one) => !one.refused))
})
