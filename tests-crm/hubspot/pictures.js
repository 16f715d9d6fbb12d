// Pictures of the real card and settings page in Chromium: `make pictures`. HubSpot's components are stand-ins.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { after, take } from '../pictures/take.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const SIDEBAR = 384
const NARROW = 320
const press = (title) => `[...document.querySelectorAll('button')].find((one) => one.textContent.includes(${JSON.stringify(title)})).click()`
const write = (name, text) => `const field = document.querySelector('[name="${name}"]'); Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, ${JSON.stringify(text)}); field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }))`

const STATES = ['ready', 'your-turn', 'waiting-for-sign-off', 'stopped', 'ready-with-exception', 'not-checked-yet']
const PICTURES = [
  ...STATES.flatMap((show) => [SIDEBAR, NARROW].map((width) => ({ show, width, name: `hubspot-${show}-${width}` }))),
  { show: 'deciding', width: SIDEBAR, name: 'hubspot-deciding', act: after(write('answer', 'yes-up-to'), write('limit', '15')) },
  { show: 'asked-back', width: SIDEBAR, name: 'hubspot-asked-back' },
  { show: 'asking', width: SIDEBAR, name: 'hubspot-asking', act: after(press('Ask for sign-off'), write('case', 'They sign on Monday, and know our price.')) },
  { show: 'what-if', width: SIDEBAR, name: 'hubspot-what-if', act: after(press('What if?'), write('discount', '9'), press('Try')) },
  { show: 'checking', width: SIDEBAR, name: 'hubspot-checking' },
  { show: 'not-reached', width: SIDEBAR, name: 'hubspot-not-reached' },
  { show: 'settings', width: 600, name: 'hubspot-settings' },
]

async function bundle(folder) {
  await build({
    entryPoints: [join(HERE, 'pictures/page.jsx')], outfile: join(folder, 'page.js'), bundle: true, format: 'esm', jsx: 'automatic',
    alias: { '@hubspot/ui-extensions': join(HERE, 'pictures/standins.jsx') }, nodePaths: [join(HERE, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
  })
  copyFileSync(join(HERE, 'pictures/page.html'), join(folder, 'page.html'))
}

await take(bundle, PICTURES)
