// Every query that the adapter sends is SOQL to a parser that is not ours.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isQueryValid } from '@jetstreamapp/soql-parser-js'
import { BUILT } from './lib/projects.js'

const queries = JSON.parse(readFileSync(`${BUILT}/queries.json`, 'utf8'))

test(`${queries.length} queries are SOQL`, () => {
  assert.deepEqual(queries.filter((one) => !isQueryValid(one)), [])
  assert.ok(queries.length > 15)
})

test('what is no SOQL is found', () => {
  assert.equal(isQueryValid(queries[0].replace('FROM', 'FORM')), false)
})
