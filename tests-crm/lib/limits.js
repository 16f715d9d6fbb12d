// Limits that Salesforce only tells about at deployment.
import { ast } from 'formulon'
import { all, parseXml, textOf } from './source.js'

const LENGTHS = { errorMessage: 255, errorConditionFormula: 3900, filterFormula: 3900, formula: 3900, label: 80, inlineHelpText: 510, shortDescription: 80, value: 1000 }

/** What is too long, badly named or not a formula in one file. */
export function limitProblems(path, text) {
  const root = parseXml(text)
  const name = path.split('/').at(-1).split('.')[0].replace(/__c$/, '')
  const problems = []
  if (name.length > 40) problems.push(`${name}: longer than 40`)
  if (name.includes('__')) problems.push(`${name}: two underscores in a row`)
  for (const [tag, most] of Object.entries(LENGTHS)) {
    for (const one of all(root, tag)) if (one.text.length > most) problems.push(`${tag}: longer than ${most}`)
  }
  for (const tag of ['errorConditionFormula', 'filterFormula', 'formula']) {
    for (const one of all(root, tag)) problems.push(...syntaxProblems(one.text))
  }
  return [...problems, ...fieldProblems(root)].map((problem) => `${path}: ${problem}`)
}

function syntaxProblems(formula) {
  try {
    const tree = ast(formula.replace(/\{!(\S+?)\}/g, '$1'))
    return tree.type === 'error' ? [`formula: ${tree.message}`] : []
  } catch (error) {
    return [`formula: ${error.message}`]
  }
}

function fieldProblems(root) {
  if (root.name !== 'CustomField') return []
  const [type, length, precision] = ['type', 'length', 'precision'].map((tag) => textOf(root, tag))
  const problems = []
  if (textOf(root, 'label').length > 40) problems.push('label: longer than 40')
  if (type === 'Text' && !textOf(root, 'formula') && !(Number(length) <= 255)) problems.push('length: Text takes up to 255')
  if (type === 'TextArea' && length) problems.push('length: TextArea takes none')
  if (Number(precision) > 18) problems.push('precision: more than 18')
  return problems
}
