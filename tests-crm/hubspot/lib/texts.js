// What a person reads, in order: titles and text of what was rendered, also in folded parts.
const TITLED = ['title', 'label', 'validationMessage', 'description']

export function texts(node) {
  if (node.nodeType === 'text') return [node.text]
  const titles = TITLED.map((name) => node.props?.[name]).filter((one) => typeof one === 'string')
  const own = node.childNodes.every((one) => one.nodeType === 'text') ? [node.childNodes.map((one) => one.text).join('')] : node.childNodes.flatMap(texts)
  return [...titles, ...own].filter(Boolean)
}

export const read = (node) => texts(node).join('\n')
