// The components that are deployed; then broken copies, each of which must be caught.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bundleProblems, bundlesOf, labelsOf } from './lib/bundles.js'
import { inventoryOf } from './lib/names.js'
import { PROJECTS } from './lib/projects.js'

function scene({ files, customer }) {
  return { bundles: bundlesOf(files), labels: labelsOf(files), has: inventoryOf(files, customer) }
}

for (const project of PROJECTS) {
  test(`${project.name}: every component names only what is there, and nothing that is forbidden`, () => {
    const known = scene(project)
    assert.equal(known.bundles.size, 8)
    const found = [...known.bundles].flatMap(([name, files]) =>
      [...files].flatMap(([file, text]) => bundleProblems(name, file, text, known)),
    )
    assert.deepEqual(found, [])
  })
}

const known = scene(PROJECTS[0])

test('every label that people read is used, and every one that is used is there', () => {
  const used = [...known.bundles].flatMap(([name, files]) =>
    name === 'dealReadinessLabels' ? [] : [...files.values()].flatMap((text) => [...text.matchAll(/(?:LABELS|labels)\.(\w+)/g)]),
  )
  assert.deepEqual([...new Set(used.map(([, name]) => `Dealgate_${name}`))].sort(), [...known.labels].sort())
})

const PAGE = 'dealReadiness'
const BROKEN = [
  ['misspelt field', 'dealReadinessFields', 'js', '"Ops_Detail__c"', '"Ops_Details__c"', 'Ops_Details__c is nowhere'],
  ['misspelt field in a query', PAGE, 'js', 'Dealgate_Key__c {', 'Dealgate_Keys__c {', 'Dealgate_Keys__c is nowhere'],
  ['unknown label', 'dealReadinessLabels', 'js', 'c.Dealgate_Yes', 'c.Dealgate_Yess', 'cannot be imported'],
  ['unknown module', PAGE, 'js', "'c/dealReadinessState'", "'c/dealReadinessStates'", 'cannot be imported'],
  ['Apex', PAGE, 'js', "'lightning/graphql'", "'@salesforce/apex/Deals.read'", 'cannot be imported'],
  ['a call past the platform', PAGE, 'js', 'clearInterval(this.timer)', "fetch('https://example.com')", 'reaches past'],
  ['markup from data', PAGE, 'js', 'clearInterval(this.timer)', 'this.template.innerHTML = this.done', 'reaches past'],
  ['forbidden tag', PAGE, 'html', '<p class="head">', '<script></script><p class="head">', '<script> is forbidden'],
  ['a frame', PAGE, 'html', '<p class="head">', '<iframe src={url}></iframe><p class="head">', '<iframe> is forbidden'],
  ['unknown component', PAGE, 'html', '<c-deal-readiness-ask', '<c-deal-readiness-asks', 'nowhere'],
  ['unknown base component', PAGE, 'html', '<lightning-icon', '<lightning-icons', 'nowhere'],
  ['a handler in the markup', PAGE, 'html', 'onclick={handleRefresh}', 'onclick="refresh()"', 'onclick stands'],
  ['a style in the markup', PAGE, 'html', '<p class="head">', '<p class="head" style="color: red">', 'style stands'],
  ['a hard-coded colour', PAGE, 'css', 'color: var(--slds-g-color-on-success-1)', 'color: #2e844a', 'hard-coded'],
  ['an old token', PAGE, 'css', '--slds-g-color-border-success-1', '--lwc-colorBorder', 'not ours'],
  ['a class of Salesforce', PAGE, 'css', '.panel', '.slds-card', 'not ours'],
  ['wrong target', PAGE, 'xml', '<target>lightning__RecordPage', '<target>lightning__RecordPages', 'no target'],
  ['wrong form factor', PAGE, 'xml', 'type="Small"', 'type="Phone"', 'no form factor'],
  ['another object', PAGE, 'xml', '<object>Opportunity', '<object>Lead', 'other objects'],
]
for (const [title, bundle, kind, from, to, said] of BROKEN) {
  test(`caught: ${title}`, () => {
    const [file, good] = [...known.bundles.get(bundle)].find(([name]) => name.endsWith(`.${kind}`))
    const broken = good.replace(from, to)
    assert.notEqual(broken, good, 'the copy is not broken')
    const found = bundleProblems(bundle, file, broken, known)
    assert.ok(found.some((problem) => problem.includes(said)), `${said} not in ${JSON.stringify(found)}`)
  })
}
