// Every name that the package uses must be in the package, or be one that every org has.
import { all, metadataOf, parseXml, textOf } from './source.js'

const STANDARD = {
  Opportunity: [
    'AccountId', 'Amount', 'CloseDate', 'CurrencyIsoCode', 'Id', 'LastModifiedDate', 'OwnerId', 'RecordTypeId',
    'IsClosed', 'IsWon', 'Name', 'StageName',
  ],
  Task: ['Id', 'LastModifiedDate', 'OwnerId', 'Status', 'WhatId'],
}
const STANDARD_OBJECTS = ['Account', 'Contact', 'Opportunity', 'Pricebook2', 'Product2']
const COLUMNS = [
  'ACCOUNT.NAME', 'OPPORTUNITY.CLOSED', 'OPPORTUNITY.CLOSE_DATE', 'OPPORTUNITY.NAME', 'OPPORTUNITY.STAGE_NAME',
]
const GLOBALS = ['$User.FirstName', '$User.Id', '$User.LastName', '$Flow.CurrentDateTime']
const FUNCTIONS = [
  'AND', 'BLANKVALUE', 'CASE', 'CONTAINS', 'IF', 'IMAGE', 'ISBLANK', 'ISCHANGED', 'ISNEW', 'LEFT', 'NOT', 'NOW', 'OR',
  'PRIORVALUE', 'TEXT', 'TODAY', 'TRIM',
]

/** What the package brings: fields by object, permissions, settings, outbound messages. */
export function inventoryOf(files, customerFields = []) {
  const has = { fields: new Set(), permissions: new Set(), settings: new Set(), messages: new Set(), apps: new Set(), sets: new Set() }
  for (const [object, names] of Object.entries(STANDARD)) names.forEach((name) => has.fields.add(`${object}.${name}`))
  customerFields.forEach((name) => has.fields.add(name))
  for (const [path, text] of metadataOf(files)) take(path, text, has)
  return has
}

function take(path, text, has) {
  const name = path.split('/').at(-1).split('.')[0]
  const folder = path.match(/objects\/(\w+)\/fields\//)?.[1]
  if (folder) has.fields.add(`${folder === 'Activity' ? 'Task' : folder}.${name}`)
  if (path.endsWith('.customPermission-meta.xml')) has.permissions.add(name)
  if (path.endsWith('.object-meta.xml')) has.settings.add(name)
  if (path.endsWith('.eca-meta.xml')) has.apps.add(name)
  if (path.endsWith('.permissionset-meta.xml')) has.sets.add(name)
  if (!path.endsWith('.workflow-meta.xml')) return
  for (const message of all(parseXml(text), 'outboundMessages')) has.messages.add(`${name}.${textOf(message, 'fullName')}`)
}

/** The names used in one file that are nowhere. */
export function unknownNames(path, text, has) {
  const root = parseXml(text)
  const object = path.match(/objects\/(\w+)\//)?.[1] ?? path.match(/workflows\/(\w+)\./)?.[1]
  const used = {
    ValidationRule: () => [
      ...formulaNames(textOf(root, 'errorConditionFormula'), object, has),
      ...known(`${object}.${textOf(root, 'errorDisplayField')}`, has.fields),
    ],
    CustomField: () => formulaNames(textOf(root, 'formula') ?? '', object, has),
    Flow: () => flowNames(root, has),
    PermissionSet: () => permissionNames(root, has),
    ListView: () => viewNames(root, object, has),
    CompactLayout: () => [...all(root, 'fields')].flatMap((one) => known(`${object}.${one.text}`, has.fields)),
    ExtlClntAppOauthSettings: () => known(textOf(root, 'externalClientApplication'), has.apps),
    ExtlClntAppOauthConfigurablePolicies: () => [
      ...known(textOf(root, 'externalClientApplication'), has.apps),
      ...textOf(root, 'commaSeparatedPermissionSet').split(',').flatMap((name) => known(name, has.sets)),
    ],
    Workflow: () => [...all(root, 'fields')].flatMap((one) => known(`${object}.${one.text}`, has.fields)),
  }[root.name]
  return (used ? used() : []).map((name) => `${path}: ${name} is nowhere`)
}

function viewNames(root, object, has) {
  const names = [...all(root, 'columns'), ...all(root, 'field')].map((one) => one.text)
  return names.filter((name) => !COLUMNS.includes(name)).flatMap((name) => known(`${object}.${name}`, has.fields))
}

function flowNames(root, has) {
  const object = textOf(root, 'object')
  const steps = new Set(['actionCalls', 'assignments', 'customErrors'].flatMap((tag) => [...all(root, tag)].map((one) => textOf(one, 'name'))))
  const texts = (tag) => [...all(root, tag)].map((one) => one.text)
  return [
    ...formulaNames(textOf(root, 'filterFormula'), object, has),
    ...[...texts('assignToReference'), ...texts('elementReference')].flatMap((name) => resolve(name, object, has)),
    ...texts('fieldSelection').flatMap((name) => known(`${object}.${name}`, has.fields)),
    ...texts('errorMessage').flatMap((text) => formulaNames(text.match(/\{!\S+?\}/g)?.join(' ') ?? '', object, has)),
    ...texts('targetReference').filter((name) => !steps.has(name)),
    ...texts('actionName').flatMap((name) => known(name, has.messages)),
  ]
}

function permissionNames(root, has) {
  const named = (tag, key) => [...all(root, tag)].map((one) => textOf(one, key))
  return [
    ...named('fieldPermissions', 'field').flatMap((name) => known(name, has.fields)),
    ...named('customPermissions', 'name').flatMap((name) => known(name, has.permissions)),
    ...named('customSettingAccesses', 'name').flatMap((name) => known(name, has.settings)),
    ...named('objectPermissions', 'object').filter((name) => !STANDARD_OBJECTS.includes(name)),
  ]
}

function formulaNames(formula, object, has) {
  const code = formula.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\{!(\S+?)\}/g, '$1')
  const words = [...code.matchAll(/(\$?[A-Za-z][\w.]*)\s*(\()?/g)]
  return words.flatMap(([, word, call]) => {
    if (call) return known(word, new Set(FUNCTIONS))
    return ['TRUE', 'FALSE', 'NULL'].includes(word) ? [] : resolve(word, object, has)
  })
}

function resolve(name, object, has) {
  const [head, ...rest] = name.split('.')
  if (head === '$Permission') return known(rest.join('.'), has.permissions)
  if (head === '$Setup') return known(rest.join('.'), has.fields)
  if (head === '$Record') return known(`${object}.${rest.join('.')}`, has.fields)
  return head.startsWith('$') ? known(name, new Set(GLOBALS)) : known(`${object}.${name}`, has.fields)
}

function known(name, set) {
  return set.has(name) ? [] : [name]
}
