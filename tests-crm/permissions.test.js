// Whoever holds a permission set can see and do what the panel and the lists show; broken sets are caught.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsOf, permissionProblems } from './lib/permissions.js'
import { PROJECTS } from './lib/projects.js'

for (const { name, files } of PROJECTS) {
  test(`${name}: every permission set opens what its people see and write`, () => {
    const { Dealgate_Ops: ops } = needsOf(files)
    assert.ok(ops.read.length > 15 && ops.edit.length > 5)
    assert.deepEqual(permissionProblems(files), [])
  })
}

const entry = (field, editable) => `<fieldPermissions>\n        <editable>${editable}</editable>\n        <field>${field}</field>\n        <readable>true</readable>\n    </fieldPermissions>`
const [committed] = PROJECTS
const path = (set) => [...committed.files.keys()].find((one) => one.endsWith(`/${set}.permissionset-meta.xml`))

// what is broken, in which set, what is replaced, by what, what must be said
const BROKEN = [
  ['a field that the panel reads is left out', 'Dealgate_Rep', entry('Opportunity.Ops_Detail__c', false), '', 'Dealgate_Rep does not read Opportunity.Ops_Detail__c'],
  ['a field that the panel reads is hidden', 'Dealgate_Ops', '<field>Task.Dealgate_Key__c</field>\n        <readable>true', '<field>Task.Dealgate_Key__c</field>\n        <readable>false', 'Dealgate_Ops does not read Task.Dealgate_Key__c'],
  ['a rep may not ask', 'Dealgate_Rep', entry('Opportunity.Ops_Request__c', true), entry('Opportunity.Ops_Request__c', false), 'Dealgate_Rep does not edit Opportunity.Ops_Request__c'],
  ['a rep may not say when it is needed', 'Dealgate_Rep', entry('Opportunity.Ops_Needed_By__c', true), entry('Opportunity.Ops_Needed_By__c', false), 'Dealgate_Rep does not edit Opportunity.Ops_Needed_By__c'],
  ['an approver may not decide', 'Dealgate_Ops', entry('Task.Dealgate_Decision__c', true), entry('Task.Dealgate_Decision__c', false), 'Dealgate_Ops does not edit Task.Dealgate_Decision__c'],
  ['a rep reads what only Operations is told', 'Dealgate_Rep', entry('Task.Dealgate_Decision_Note__c', false), entry('Task.Dealgate_Decision_Note__c', false) + '\n    ' + entry('Task.Dealgate_For_Operations__c', false), 'Dealgate_Rep reads Task.Dealgate_For_Operations__c'],
  ['an approver does not read what only Operations is told', 'Dealgate_Ops', entry('Task.Dealgate_For_Operations__c', false), '', 'Dealgate_Ops does not read Task.Dealgate_For_Operations__c'],
  ['a list shows a field that an admin does not see', 'Dealgate_Admin', entry('Opportunity.Ops_Badge__c', false), '', 'Dealgate_Admin does not read Opportunity.Ops_Badge__c'],
]
for (const [title, set, from, to, said] of BROKEN) {
  test(`caught: ${title}`, () => {
    const good = committed.files.get(path(set))
    const broken = good.replace(from, to)
    assert.notEqual(broken, good, 'the copy is not broken')
    assert.deepEqual(permissionProblems(new Map(committed.files).set(path(set), broken)), [said])
  })
}

test('caught: a whole permission set is missing', () => {
  const files = new Map(committed.files)
  files.delete(path('Dealgate_Ops'))
  assert.ok(permissionProblems(files).includes('Dealgate_Ops does not edit Task.Dealgate_Decision__c'))
})
