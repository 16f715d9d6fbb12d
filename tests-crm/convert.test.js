// Salesforce's own source library resolves and converts every file, and finds what the manifest names.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PROJECTS } from './lib/projects.js'
import { all, metadataOf, parseXml, readProject, textOf } from './lib/source.js'

const { ComponentSet, MetadataConverter } = createRequire(import.meta.url)('@salesforce/source-deploy-retrieve')

const scratch = mkdtempSync(join(tmpdir(), 'dealgate-crm-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

const FOLDERS = ['force-app', 'client-app']
const BASE = 'force-app/main/default'

const CONTAINER = /^(CustomObject:(Opportunity|Activity|Task)|Workflow:\w+|CustomLabels:CustomLabels)$/

function componentsOf(folder, below = BASE) {
  const parents = ComponentSet.fromSource(join(folder, below)).getSourceComponents().toArray()
  const nested = parents.flatMap((one) => one.getChildren())
  return [...new Set([...parents, ...nested].map((one) => `${one.type.name}:${one.fullName}`))]
}

function named(manifest) {
  return [...all(manifest, 'types')].flatMap((type) =>
    [...all(type, 'members')].map((one) => `${textOf(type, 'name')}:${one.text}`),
  )
}

for (const { name, folder, files } of PROJECTS) {
  test(`${name}: every file converts`, async () => {
    const components = ComponentSet.fromSource(FOLDERS.map((one) => join(folder, one)))
    const result = await new MetadataConverter().convert(components, 'metadata', {
      type: 'directory',
      outputDirectory: join(scratch, name),
    })
    const written = [...readProject(result.packagePath)]
    for (const [path] of metadataOf(files)) {
      const member = path.split('/').at(-1).split('.')[0]
      const there = written.some(([file, text]) => file.includes(member) || text.includes(`<fullName>${member}</fullName>`))
      assert.ok(there, `${path} was left out`)
    }
  })

  test(`${name}: the manifest names exactly what is there`, () => {
    const manifest = parseXml(files.get('manifest/package.xml'))
    // an object that only carries our fields is the org's own, and so is its workflow file
    const own = componentsOf(folder).filter((one) => !CONTAINER.test(one))
    assert.deepEqual(named(manifest).sort(), own.sort())
    assert.equal(textOf(manifest, 'version'), JSON.parse(files.get('sfdx-project.json')).sourceApiVersion)
  })
}

for (const { name, folder, files } of PROJECTS) {
  test(`${name}: the way in has a manifest of its own`, () => {
    const manifest = parseXml(files.get('manifest/client-app.xml'))
    assert.deepEqual(named(manifest).sort(), componentsOf(folder, 'client-app').sort())
  })
}

function brokenCopy(title, from, to) {
  const folder = join(scratch, title)
  cpSync(join(PROJECTS[0].folder, 'force-app'), join(folder, 'force-app'), { recursive: true })
  renameSync(join(folder, BASE, from), join(folder, BASE, to))
  return folder
}

const GATE = 'objects/Opportunity/validationRules/Ops_Gate.validationRule-meta.xml'
const MISPLACED = [
  ['wrong suffix', GATE, GATE.replace('validationRule-meta', 'rule-meta')],
  ['wrong folder', 'flows/Dealgate_Task_Stamp.flow-meta.xml', 'workflows/Dealgate_Task_Stamp.flow-metadata.xml'],
  ['wrong suffix of a permission set', 'permissionsets/Dealgate_Rep.permissionset-meta.xml', 'permissionsets/Dealgate_Rep.permissions-meta.xml'],
]
for (const [title, from, to] of MISPLACED) {
  test(`caught: ${title}`, () => {
    const good = componentsOf(PROJECTS[0].folder)
    let found = []
    try {
      found = componentsOf(brokenCopy(title, from, to))
    } catch (error) {
      assert.match(error.name, /TypeInferenceError|UnexpectedForceIgnore/)
      return
    }
    assert.ok(good.some((one) => !found.includes(one)), 'the file was taken for good')
  })
}
