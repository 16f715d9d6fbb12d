// The written source by HubSpot's own lint rules and by the types of its components; broken copies are caught.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const APP = fileURLToPath(new URL('../../hubspot/src/app', import.meta.url))
const SHOWN = 'cards/Shown.tsx'
const read = (path) => readFileSync(join(APP, path), 'utf8')

/** A copy of one file with one thing changed; the change must be there. */
function altered(path, from, to) {
  const text = read(path)
  expect(text).toContain(from)
  return text.replace(from, to)
}

describe('lint', () => {
  let eslint
  beforeAll(() => { eslint = new ESLint({ cwd: APP, overrideConfigFile: join(HERE, 'eslint.config.js') }) })
  const said = (results) => results.flatMap((file) => file.messages.map((one) => `${file.filePath.slice(APP.length + 1)}:${one.line} ${one.ruleId} ${one.message}`))

  test('the source is clean', async () => {
    const results = await eslint.lintFiles(['*/*.ts', '*/*.tsx'])
    expect(said(results)).toEqual([])
    expect(results.length).toBeGreaterThan(15)
  })

  const broken = [
    ['an HTML element', '<Text>{seen.sentence}</Text>', '<p>{seen.sentence}</p>', 'no-html-elements'],
    ['a fetch that is not HubSpot\'s', 'const good = fine(seen);', 'const good = fine(seen); void fetch("https://x.example");', 'no-native-http'],
    ['the page\'s document', 'const good = fine(seen);', 'const good = fine(seen); document.title = "x";', 'no-dom-access'],
    ['the browser\'s storage', 'const good = fine(seen);', 'const good = fine(seen); localStorage.clear();', 'no-browser-storage'],
    ['a dialog of the browser', 'const good = fine(seen);', 'const good = fine(seen); alert("x");', 'no-browser-dialogs'],
    ['an import from another extension point', "from './told'", "from '../settings/told'", 'no-parent-imports'],
    ['a hook inside a condition', 'const good = fine(seen);', 'const good = fine(seen); if (reader) { useState(1); }', 'rules-of-hooks'],
  ]
  test.each(broken)('%s is caught', async (_, from, to, rule) => {
    const results = await eslint.lintText(altered(SHOWN, from, to), { filePath: join(APP, SHOWN) })
    expect(said(results).join('\n')).toContain(rule)
  })
})

describe('types', () => {
  const config = ts.getParsedCommandLineOfConfigFile(join(HERE, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (one) => { throw new Error(String(one.messageText)) } })
  const kept = new Map()

  /** What the compiler says of the app, with some files replaced; libraries are parsed once. */
  function problems(replaced = {}) {
    const host = ts.createCompilerHost(config.options)
    const plain = host.getSourceFile.bind(host)
    host.getSourceFile = (name, options) => {
      const path = name.startsWith(`${APP}/`) ? name.slice(APP.length + 1) : null
      if (path in replaced) return ts.createSourceFile(name, replaced[path], options, true)
      if (!kept.has(name)) kept.set(name, plain(name, options))
      return kept.get(name)
    }
    const program = ts.createProgram(config.fileNames, config.options, host)
    return ts.getPreEmitDiagnostics(program).map((one) => `${one.file?.fileName.slice(APP.length + 1)}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`)
  }

  test('the source fits', () => {
    expect(config.fileNames.length).toBeGreaterThan(15)
    expect(problems()).toEqual([])
  })

  const broken = [
    ['a colour that StatusTag does not have', SHOWN, 'variant={COLOURS[seen.readiness]}', 'variant="purple"', '"purple"'],
    ['a component that does not exist', SHOWN, 'import { Accordion, ', 'import { Badge, Accordion, ', "'Badge'"],
    ['a property that does not exist', SHOWN, '<Accordion title={good.heading} size="xs">', '<Accordion title={good.heading} folded>', 'folded'],
    ['a member that the API does not tell', SHOWN, 'seen.sentence', 'seen.reason', "'reason'"],
    ['a readiness without a colour', 'cards/texts.ts', "  blocked: 'danger',\n", '', "'blocked'"],
    ['a state of a sign-off that is not told', 'cards/told.ts', "    case 'waiting':\n      return TEXTS.afterOthers(one.role, people);\n", '', "'never'"],
    ['a place that does not exist', 'cards/tab.tsx', 'crm.record.tab', 'crm.record.top', 'crm.record.top'],
  ]
  test.each(broken)('%s is caught', (_, path, from, to, said) => {
    expect(problems({ [path]: altered(path, from, to) }).join('\n')).toContain(said)
  })
})
