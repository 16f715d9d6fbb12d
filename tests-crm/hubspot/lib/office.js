// The whole product in its own process, and HubSpot's proxy: who calls is appended, and all of it signed (v3).
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ADDRESS } from '../../../hubspot/src/app/cards/address'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PYTHON = process.env.DEALGATE_PYTHON ?? `${ROOT}.venv/bin/python`

export class Office {
  static async open() {
    const office = new Office()
    const lines = createInterface({ input: office.process.stdout }) // the log among them, read on to the end
    const told = await new Promise((resolve, reject) => {
      lines.on('line', (line) => { if (line.startsWith('{"url"')) resolve(line) })
      lines.on('close', () => reject(new Error('the product did not start')))
    })
    return Object.assign(office, JSON.parse(told))
  }

  constructor() {
    this.process = spawn(PYTHON, ['-m', 'tests.hubspot_project.stage'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
  }

  /** Let this user's card make its calls through HubSpot. */
  seat(user) {
    globalThis.hsFetch = (url, { method, body }) => this.forward(user, url, method, body)
  }

  forward(user, url, method, body) {
    const appended = `userId=${user}&portalId=${this.portal}&userEmail=u${user}@example.com&appId=${this.app}`
    const target = `${this.url}${url.slice(ADDRESS.length)}?${appended}`
    const text = body ? JSON.stringify(body) : ''
    const at = String(Date.now())
    const signature = createHmac('sha256', this.secret).update(`${method}${target}${text}${at}`).digest('base64')
    const headers = { 'content-type': 'application/json', 'x-hubspot-request-timestamp': at, 'x-hubspot-signature-v3': signature }
    return fetch(target, { method, headers, ...(text && { body: text }) })
  }

  async close() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.stdin.end()
    await gone
  }
}
