// What a metadata file may hold, taken from Salesforce's own types (generated from the Metadata WSDL).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ts from 'typescript'

const require = createRequire(import.meta.url)

const ROOTS = {
  '.field-meta.xml': 'CustomField',
  '.object-meta.xml': 'CustomObject',
  '.validationRule-meta.xml': 'ValidationRule',
  '.permissionset-meta.xml': 'PermissionSet',
  '.customPermission-meta.xml': 'CustomPermission',
  '.flow-meta.xml': 'Flow',
  '.workflow-meta.xml': 'Workflow',
  '.listView-meta.xml': 'ListView',
  '.compactLayout-meta.xml': 'CompactLayout',
  '.labels-meta.xml': 'CustomLabels',
  '.resource-meta.xml': 'StaticResource',
  '.js-meta.xml': 'LightningComponentBundle',
  '.eca-meta.xml': 'ExternalClientApplication',
  '.ecaOauth-meta.xml': 'ExtlClntAppOauthSettings',
  '.ecaOauthPlcy-meta.xml': 'ExtlClntAppOauthConfigurablePolicies',
}

// the WSDL holds these as base64 text; the source form is XML, looked at in bundles.js
const RAW = new Set(['LightningComponentBundle.targetConfigs'])

/** The metadata type that a file's name promises, or undefined. */
export function rootOf(path) {
  const suffix = Object.keys(ROOTS).find((one) => path.endsWith(one))
  return suffix && ROOTS[suffix]
}

/** Every exported type by name, as the compiler reads it. */
export function loadTypes() {
  const file = require.resolve('@salesforce/types/metadata').replace(/\.js$/, '.d.ts')
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return new Map(source.statements.filter(ts.isTypeAliasDeclaration).map((one) => [one.name.text, one.type]))
}

/** The problems of one parsed file: unknown, repeated or missing elements, values that do not fit. */
export function problemsOf(root, type, types) {
  if (root.name !== type) return [`${root.name}: the file's name promises a ${type}`]
  return elementProblems(root, type, type, types)
}

function elementProblems(element, type, path, types) {
  const members = membersOf(types.get(type), types)
  const seen = new Map()
  const problems = element.children.flatMap((child) => {
    const at = `${path}.${child.name}`
    seen.set(child.name, (seen.get(child.name) ?? 0) + 1)
    const member = members.get(child.name)
    if (!member) return [`${at}: unknown element`]
    if (!member.many && seen.get(child.name) === 2) return [`${at}: repeated`]
    return valueProblems(child, member.type, at, types)
  })
  const missing = [...members].filter(([name, one]) => one.required && !one.many && !seen.has(name))
  return [...problems, ...missing.map(([name]) => `${path}.${name}: missing`)]
}

function valueProblems(element, node, at, types) {
  const allowed = literalsOf(node, types)
  if (allowed) return allowed.includes(element.text) ? [] : [`${at}: ${element.text} is none of its values`]
  if (node.kind === ts.SyntaxKind.BooleanKeyword) {
    return ['true', 'false'].includes(element.text) ? [] : [`${at}: ${element.text} is no boolean`]
  }
  if (node.kind === ts.SyntaxKind.NumberKeyword) {
    return /^-?\d+(\.\d+)?$/.test(element.text) ? [] : [`${at}: ${element.text} is no number`]
  }
  if (RAW.has(at)) return []
  const name = ts.isTypeReferenceNode(node) ? node.typeName.text : undefined
  const target = name && types.get(name)
  if (target && target.kind !== ts.SyntaxKind.StringKeyword) return elementProblems(element, name, at, types)
  return element.children.length ? [`${at}: holds elements where text belongs`] : []
}

function literalsOf(node, types) {
  const target = ts.isTypeReferenceNode(node) ? types.get(node.typeName.text) : node
  if (!target || !ts.isUnionTypeNode(target)) return undefined
  const values = target.types.filter(ts.isLiteralTypeNode).map((one) => one.literal.text)
  return values.length === target.types.length ? values : undefined
}

function membersOf(node, types) {
  if (!node) return new Map()
  if (ts.isIntersectionTypeNode(node)) {
    return new Map(node.types.flatMap((part) => [...membersOf(part, types)]))
  }
  if (ts.isTypeReferenceNode(node)) return membersOf(types.get(node.typeName.text), types)
  if (!ts.isTypeLiteralNode(node)) return new Map()
  return new Map(node.members.map((member) => [member.name.text, describe(member)]))
}

function describe(member) {
  const many = ts.isArrayTypeNode(member.type)
  return { many, required: !member.questionToken, type: many ? member.type.elementType : member.type }
}
