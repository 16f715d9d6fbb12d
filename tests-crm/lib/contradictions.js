// What fits its type and names only what is there, and yet cannot be meant: things named twice, rights without what they
// rest on, values that a picklist does not have.
import { all, metadataOf, parseXml, textOf } from './source.js'

// what holds a name that may stand there once, by the element around it
const NAMED = { fieldPermissions: 'field', objectPermissions: 'object', labels: 'fullName', outboundMessages: 'fullName', value: 'fullName' }
const ONCE = { ListView: ['columns'], CompactLayout: ['fields'], Package: [] }
const NEEDS_READ = ['allowCreate', 'allowDelete', 'allowEdit', 'viewAllRecords', 'modifyAllRecords']

/** What other files must know of the package's fields: which are formulas, and what a picklist holds. */
export function fieldsOf(files) {
  const formulas = new Set()
  const values = new Map()
  for (const [path, text] of metadataOf(files)) {
    const [, folder, name] = path.match(/objects\/(\w+)\/fields\/(\w+)\.field-meta/) ?? []
    if (!name) continue
    const root = parseXml(text)
    const field = `${folder === 'Activity' ? 'Task' : folder}.${name}`
    if (textOf(root, 'formula')) formulas.add(field)
    if (textOf(root, 'type') === 'Picklist') values.set(field, new Set([...all(root, 'value')].map((one) => textOf(one, 'fullName'))))
  }
  return { formulas, values }
}

/** What contradicts itself in one file. */
export function contradictions(path, text, fields) {
  const root = parseXml(text)
  const found = [...repeated(root), ...rights(root, fields), ...filters(path, root, fields), ...named(path, root), ...addresses(root)]
  return found.map((problem) => `${path}: ${problem}`)
}

function repeated(root) {
  const names = Object.entries(NAMED).map(([tag, key]) => [...all(root, tag)].map((one) => textOf(one, key)).filter(Boolean))
  const texts = (ONCE[root.name] ?? []).map((tag) => [...all(root, tag)].map((one) => one.text))
  const members = [...all(root, 'types')].map((one) => [...all(one, 'members')].map((member) => member.text))
  return [...names, ...texts, ...members].flatMap((some) => some.filter((one, place) => some.indexOf(one) !== place)).map((one) => `${one} stands there twice`)
}

function rights(root, { formulas }) {
  const may = (one, what) => textOf(one, what) === 'true'
  const edited = [...all(root, 'fieldPermissions')].filter((one) => may(one, 'editable'))
  const objects = [...all(root, 'objectPermissions')].filter((one) => !may(one, 'allowRead') && NEEDS_READ.some((what) => may(one, what)))
  return [
    ...edited.filter((one) => !may(one, 'readable')).map((one) => `${textOf(one, 'field')} may be edited and not read`),
    ...edited.filter((one) => formulas.has(textOf(one, 'field'))).map((one) => `${textOf(one, 'field')} is a formula, which nobody edits`),
    ...objects.map((one) => `${textOf(one, 'object')} may be changed and not read`),
  ]
}

function filters(path, root, { values }) {
  const object = path.match(/objects\/(\w+)\/listViews\//)?.[1]
  return [...all(root, 'filters')].flatMap((one) => {
    const known = values.get(`${object}.${textOf(one, 'field')}`)
    const asked = (textOf(one, 'value') ?? '').split(',')
    return known ? asked.filter((value) => !known.has(value)).map((value) => `${value} is no value of ${textOf(one, 'field')}`) : []
  })
}

function named(path, root) {
  const file = path.split('/').at(-1).split('.')[0]
  const own = root.children.find((one) => one.name === 'fullName')?.text
  return own === undefined || own === file ? [] : [`${own} is not what its file is called`]
}

function addresses(root) {
  return [...all(root, 'endpointUrl')].filter((one) => !one.text.startsWith('https://')).map((one) => `${one.text} is not https`)
}
