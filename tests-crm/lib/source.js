// Read an sfdx project: every file with its text, every metadata file as a tree of elements.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
})

/** The project's files: path below the folder -> text. */
export function readProject(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  return new Map(
    names
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')]),
  )
}

/** The metadata files of a project. */
export function metadataOf(files) {
  return [...files].filter(([path]) => path.endsWith('-meta.xml'))
}

/** The root element of a file: {name, text, children}; throws where it is not well-formed. */
export function parseXml(text) {
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw new Error(`line ${valid.err.line}: ${valid.err.msg}`)
  const [root] = parser.parse(text).map(toElement)
  return root
}

/** Every element with this name, however deep. */
export function* all(element, name) {
  if (element.name === name) yield element
  for (const child of element.children) yield* all(child, name)
}

/** The text of the first element with this name, or undefined. */
export function textOf(element, name) {
  for (const found of all(element, name)) return found.text
  return undefined
}

function toElement(node) {
  const [name] = Object.keys(node).filter((key) => key !== ':@')
  const inside = node[name]
  const text = inside.filter((one) => '#text' in one).map((one) => one['#text'])
  return { name, text: text.join(''), children: inside.filter((one) => !('#text' in one)).map(toElement) }
}
