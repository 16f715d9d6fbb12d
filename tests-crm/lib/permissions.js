// What each permission set must open for its people: the panel's reads and writes, and what their lists show.
import { all, metadataOf, parseXml, textOf } from './source.js'

const FIELDS = /\/lwc\/dealReadinessFields\/dealReadinessFields\.js$/
const SHELF = /objects\/(\w+)\/(?:listViews|compactLayouts)\//
const PEOPLE = ['Dealgate_Rep', 'Dealgate_Ops', 'Dealgate_Admin']

/** The needs by permission set: full names of fields to read, and to edit; `confidential` is for no rep. */
export function needsOf(files) {
  const { DEAL, TASK, WRITES } = constantsOf([...files].find(([path]) => FIELDS.test(path))[1])
  const deal = (names) => names.map((name) => `Opportunity.${name}`)
  const task = (names) => names.map((name) => `Task.${name}`)
  const { figures, ...everybodys } = TASK // what only Operations is told
  const read = [...deal(Object.values(DEAL)), ...task(Object.values(everybodys)), ...shelved(files)]
  const { decide, ...asking } = WRITES
  const ask = deal(Object.values(asking).flat())
  return {
    Dealgate_Rep: { read, edit: ask },
    Dealgate_Ops: { read: [...read, ...task([figures])], edit: [...ask, ...task(decide)] },
    Dealgate_Admin: { read, edit: [] },
    confidential: `Task.${figures}`,
  }
}

/** What the permission sets of a package do not open. */
export function permissionProblems(files) {
  const needs = needsOf(files)
  return PEOPLE.flatMap((set) => {
    const has = opened(files, set)
    return [
      ...[...new Set(needs[set].read)].filter((name) => !has.read.has(name)).map((name) => `${set} does not read ${name}`),
      ...(set === 'Dealgate_Rep' && has.read.has(needs.confidential) ? [`${set} reads ${needs.confidential}`] : []),
      ...[...new Set(needs[set].edit)].filter((name) => !has.edit.has(name)).map((name) => `${set} does not edit ${name}`),
    ]
  })
}

function opened(files, set) {
  const [, text] = metadataOf(files).find(([path]) => path.endsWith(`/${set}.permissionset-meta.xml`)) ?? [, '<PermissionSet/>']
  const fields = [...all(parseXml(text), 'fieldPermissions')]
  const names = (right) => new Set(fields.filter((one) => textOf(one, right) === 'true').map((one) => textOf(one, 'field')))
  return { read: names('readable'), edit: names('editable') }
}

/** Our own fields in list views and in the compact layout. */
function shelved(files) {
  return metadataOf(files).filter(([path]) => SHELF.test(path)).flatMap(([path, text]) => {
    const root = parseXml(text)
    const names = ['columns', 'field', 'fields'].flatMap((tag) => [...all(root, tag)].map((one) => one.text))
    return names.filter((name) => name.endsWith('__c')).map((name) => `${path.match(SHELF)[1]}.${name}`)
  })
}

function constantsOf(text) {
  return Object.fromEntries([...text.matchAll(/^export const (\w+) = (.+);$/gm)].map(([, name, held]) => [name, JSON.parse(held)]))
}
