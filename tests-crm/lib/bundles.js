// What Salesforce refuses, or nobody should ship, in Lightning web components: their files as text.
import { all, parseXml, textOf } from './source.js'

const FORBIDDEN = ['script', 'style', 'iframe', 'object', 'embed', 'link', 'meta', 'base', 'form-action', 'svg']
const BASE_COMPONENTS = [
  'lightning-button', 'lightning-button-icon', 'lightning-card', 'lightning-icon', 'lightning-input',
  'lightning-radio-group', 'lightning-textarea',
]
const PLATFORM = [
  'lwc', 'lightning/graphql', 'lightning/uiObjectInfoApi', 'lightning/uiRecordApi', '@salesforce/user/Id',
  '@salesforce/i18n/locale', '@salesforce/i18n/timeZone',
]
const TARGETS = ['lightning__RecordPage']
const FORM_FACTORS = ['Large', 'Small']

/** The bundles of a project: name -> file name -> text. */
export function bundlesOf(files) {
  const bundles = new Map()
  for (const [path, text] of files) {
    const found = path.match(/\/lwc\/(\w+)\/([^/]+)$/)
    if (!found) continue
    const [, name, file] = found
    bundles.set(name, (bundles.get(name) ?? new Map()).set(file, text))
  }
  return bundles
}

/** The names of the custom labels of a project. */
export function labelsOf(files) {
  const text = [...files].find(([path]) => path.endsWith('.labels-meta.xml'))[1]
  return new Set([...all(parseXml(text), 'labels')].map((one) => textOf(one, 'fullName')))
}

/** What is wrong in one file of a bundle. */
export function bundleProblems(bundle, file, text, { bundles, labels, has }) {
  const check = { js: scriptProblems, html: templateProblems, css: styleProblems, xml: pageProblems }[file.split('.').at(-1)]
  const found = check ? check(text, { bundles, labels, has, name: bundle }) : [`no file of a component`]
  return found.map((problem) => `${bundle}/${file}: ${problem}`)
}

function scriptProblems(text, { bundles, labels, has }) {
  const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name)
  const fields = [...text.matchAll(/\b(\w+__c)\b/g)].map(([, name]) => name)
  const known = (name) => has.fields.has(`Opportunity.${name}`) || has.fields.has(`Task.${name}`)
  return [
    ...imports.filter((name) => !importable(name, bundles, labels)).map((name) => `${name} cannot be imported`),
    ...fields.filter((name) => !known(name)).map((name) => `${name} is nowhere`),
    ...(/\b(innerHTML|eval|document\.cookie|localStorage|fetch)\b/.test(text) ? ['reaches past the component'] : []),
  ]
}

function importable(name, bundles, labels) {
  if (name.startsWith('c/')) return bundles.has(name.slice(2))
  if (name.startsWith('@salesforce/label/c.')) return labels.has(name.split('.').at(-1))
  return PLATFORM.includes(name)
}

function templateProblems(text, { bundles }) {
  const tags = [...text.matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag)
  const inline = [...text.matchAll(/\s(on\w+|style)="/g)].map(([, name]) => name)
  return [
    ...tags.filter((tag) => !usable(tag, bundles)).map((tag) => `<${tag}> is forbidden or nowhere`),
    ...inline.map((name) => `${name} stands in the template`),
  ]
}

function usable(tag, bundles) {
  if (tag.startsWith('c-')) return bundles.has(tag.slice(2).replace(/-(\w)/g, (_, letter) => letter.toUpperCase()))
  return tag.includes('-') ? BASE_COMPONENTS.includes(tag) : !FORBIDDEN.includes(tag)
}

function styleProblems(text) {
  const hard = text.match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi) ?? []
  const old = text.match(/--lwc-[\w-]+|\.slds-[\w-]+/g) ?? []
  return [...hard.map((one) => `${one} is a hard-coded colour`), ...old.map((one) => `${one} is not ours to style`)]
}

function pageProblems(text) {
  const root = parseXml(text)
  const exposed = textOf(root, 'isExposed') === 'true'
  const targets = [...all(root, 'target')].map((one) => one.text)
  const factors = [...text.matchAll(/supportedFormFactor type="(\w+)"/g)].map(([, type]) => type)
  return [
    ...targets.filter((one) => !TARGETS.includes(one)).map((one) => `${one} is no target`),
    ...factors.filter((one) => !FORM_FACTORS.includes(one)).map((one) => `${one} is no form factor`),
    ...(exposed && targets.length === 0 ? ['is exposed and has no target'] : []),
    ...(exposed && textOf(root, 'object') !== 'Opportunity' ? ['stands beside other objects than opportunities'] : []),
  ]
}
