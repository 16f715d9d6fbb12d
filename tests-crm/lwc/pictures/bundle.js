// The real panel with Salesforce's own base components, compiled by LWC's compiler into one file for a page of ours.
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import lwc from '@lwc/rollup-plugin'
import { rollup } from 'rollup'
import labelling from '../labels.cjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PANEL = fileURLToPath(new URL('../../../salesforce/force-app/main/default/lwc/', import.meta.url))
const SLDS = fileURLToPath(new URL('../node_modules/@salesforce-ux/design-system-2/dist/css/bundled/slds2.cosmos.css', import.meta.url))
const STANDINS = ['graphql', 'uiObjectInfoApi', 'uiRecordApi']
const VALUES = { 'user/Id': '005AA000001Bc2dYAC', 'i18n/locale': 'en-GB', 'i18n/timeZone': 'Europe/Amsterdam' }

/** What the platform would give: labels, the user, how people write. All else is the package's own. */
function platform() {
  const labels = new Map([...labelling.labels()].map(([name, text]) => [`label/c.${name}`, text]))
  const value = (id) => labels.get(id) ?? VALUES[id]
  const given = '\0@salesforce/'
  return {
    name: 'platform',
    resolveId(id) {
      const name = id.replace('@salesforce/', '')
      return name !== id && value(name) !== undefined ? given + name : null
    },
    load: (id) => (id.startsWith(given) ? `export default ${JSON.stringify(value(id.slice(given.length)))}` : null),
  }
}

/** What the panel imports is looked for here: sfdx source has no packages of its own. */
const here = {
  name: 'here',
  resolveId(id, importer) {
    const bare = !id.startsWith('.') && !id.startsWith('/')
    return bare && importer?.startsWith(PANEL) ? this.resolve(id, join(HERE, 'page.js'), { skipSelf: true }) : null
  },
}

/** Base components ask where they run. */
const env = { name: 'env', resolveImportMeta: (member) => (member === 'env' ? '({ SSR: false })' : null) }

function modules() {
  const file = (name) => ['js', 'css'].map((end) => `${name}.${end}`).find((one) => readdirSync(join(PANEL, name)).includes(one))
  return [
    ...readdirSync(PANEL).map((name) => ({ name: `c/${name}`, path: join(PANEL, name, file(name)) })),
    ...STANDINS.map((name) => ({ name: `lightning/${name}`, path: join(HERE, `standins/${name}.js`) })),
    { npm: 'lightning-base-components' },
  ]
}

/** Write page.html, page.js and the styles of SLDS 2 into a folder. */
export async function bundle(folder) {
  const plugins = [platform(), here, env, lwc({ modules: modules(), rootDir: HERE })]
  const made = await rollup({ input: join(HERE, 'page.js'), plugins, onwarn: () => undefined })
  const intro = 'globalThis.process = { env: { NODE_ENV: "production" } };'
  await made.write({ file: join(folder, 'page.js'), format: 'esm', inlineDynamicImports: true, intro })
  await made.close()
  copyFileSync(join(HERE, 'page.html'), join(folder, 'page.html'))
  copyFileSync(SLDS, join(folder, 'slds.css'))
}
