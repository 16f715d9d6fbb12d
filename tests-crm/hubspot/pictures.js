// Pictures of the real card and settings page in Chromium: `make pictures`. HubSpot's components are stand-ins.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Browser } from '../pictures/browser.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const TO = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const MOST_BYTES = 60_000
const SIDEBAR = 384
const NARROW = 320
const press = (title) => `[...document.querySelectorAll('button')].find((one) => one.textContent.includes(${JSON.stringify(title)})).click()`
const later = '.then(() => new Promise((done) => setTimeout(done, 300)))'
const after = (...acts) => `new Promise((done) => setTimeout(done, 300))${acts.map((one) => `.then(() => { ${one} })${later}`).join('')}.then(() => null)`
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

async function served(folder) {
  const types = { html: 'text/html', js: 'text/javascript' }
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, 'http://localhost').pathname.slice(1)
    const type = types[name.split('.').at(-1)]
    if (!['page.html', 'page.js'].includes(name)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': type }).end(await readFile(join(folder, name)))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return server
}

const folder = mkdtempSync(join(tmpdir(), 'dealgate-pictures-'))
await bundle(folder)
const server = await served(folder)
const browser = await Browser.open()
const problems = []
mkdirSync(TO, { recursive: true })
for (const { show, width, name, act = after() } of PICTURES) {
  const file = join(TO, `${name}.png`)
  problems.push(...(await browser.picture({ url: `http://127.0.0.1:${server.address().port}/page.html?show=${show}`, width, act, file })))
  if (statSync(file).size > MOST_BYTES) problems.push(`${file}: ${statSync(file).size} bytes`)
}
await browser.close()
server.close()
rmSync(folder, { recursive: true })
console.log(`${PICTURES.length} pictures in docs/pictures`)
for (const one of problems) console.error(one)
process.exitCode = problems.length ? 1 : 0
