// Pictures for the docs: a page of ours in Chromium, once for each state, looked at for what does not fit.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Browser } from './browser.js'

const TO = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const MOST_BYTES = 60_000
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

const later = '.then(() => new Promise((done) => setTimeout(done, 300)))'

/** Wait until nothing changes any more, then do one act after the other, each with time to show. */
const still = `new Promise((done) => { let last = ''; const look = () => { const now = String(document.body.getBoundingClientRect().height) + document.body.innerText; if (now === last && document.readyState === 'complete') done(); else { last = now; setTimeout(look, 300) } }; look() })`
export const after = (...acts) => `${still}${acts.map((one) => `.then(() => { ${one} })${later}`).join('')}.then(() => null)`

/** Draw `pictures` (`show`, `width`, `name`, `act`) of the page that `bundle` writes into a folder. */
export async function take(bundle, pictures) {
  const folder = mkdtempSync(join(tmpdir(), 'dealgate-pictures-'))
  await bundle(folder)
  const server = await served(folder)
  const browser = await Browser.open()
  const problems = []
  mkdirSync(TO, { recursive: true })
  try {
    for (const { show, width, name, act = after() } of pictures) {
      const file = join(TO, `${name}.png`)
      const url = `http://127.0.0.1:${server.address().port}/page.html?show=${show}`
      problems.push(...(await browser.picture({ url, width, act, file })))
      if (statSync(file).size > MOST_BYTES) problems.push(`${file}: ${statSync(file).size} bytes`)
    }
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true })
  }
  console.log(`${pictures.length} pictures in docs/pictures`)
  for (const one of problems) console.error(one)
  process.exitCode = problems.length ? 1 : 0
}

async function served(folder) {
  const server = createServer(async (request, response) => {
    const [, name, end] = new URL(request.url, 'http://localhost').pathname.match(/^\/(\w+\.(\w+))$/) ?? []
    if (!TYPES[end]) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': TYPES[end] }).end(await readFile(join(folder, name)))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return server
}
