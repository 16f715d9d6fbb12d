// One Chromium for all pictures, spoken to over its pipe: no package, no download, no port.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { small } from './png.js'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const LONGEST_MS = 60_000

export class Browser {
  static async open() {
    const browser = new Browser()
    const { targetId } = await browser.ask('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await browser.ask('Target.attachToTarget', { targetId, flatten: true })
    browser.session = sessionId
    await browser.ask('Page.enable')
    await browser.ask('Runtime.enable')
    return browser
  }

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'dealgate-chromium-'))
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run', '--disable-background-networking', '--remote-debugging-pipe', `--user-data-dir=${this.home}`]
    this.process = spawn(CHROMIUM, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    this.waiting = new Map()
    this.number = 0
    this.heard = ''
    this.thrown = []
    this.process.stdio[4].on('data', (data) => this.hear(data.toString()))
  }

  hear(text) {
    const messages = (this.heard + text).split('\0')
    this.heard = messages.pop()
    for (const one of messages.map((message) => JSON.parse(message))) {
      if (one.method === 'Runtime.exceptionThrown') this.thrown.push(one.params.exceptionDetails.exception?.description ?? one.params.exceptionDetails.text)
      const wait = this.waiting.get(one.id ?? one.method)
      if (!wait) continue
      this.waiting.delete(one.id ?? one.method)
      if (one.error) wait.reject(new Error(one.error.message))
      else wait.resolve(one.result ?? one.params)
    }
  }

  ask(method, params = {}) {
    const id = (this.number += 1)
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, ...(this.session && { sessionId: this.session }) })}\0`)
    return this.wait(id, method)
  }

  wait(key, about) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Chromium does not answer: ${about}`)), LONGEST_MS)
      const done = (act) => (value) => { clearTimeout(timer); act(value) }
      this.waiting.set(key, { resolve: done(resolve), reject: done(reject) })
    })
  }

  /** Open a page at a width, let `act` do something in it, and keep what then is there; return its problems. */
  async picture({ url, width, act = 'null', file }) {
    const size = (height) => this.ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await size(600)
    const loaded = this.wait('Page.loadEventFired', url)
    await this.ask('Page.navigate', { url })
    await loaded
    await this.run(act)
    const { height, wide } = await this.run('({ height: Math.ceil(document.body.getBoundingClientRect().height), wide: document.documentElement.scrollWidth })')
    await size(height)
    const { data } = await this.ask('Page.captureScreenshot', { format: 'png' })
    writeFileSync(file, small(Buffer.from(data, 'base64')))
    const told = this.thrown.splice(0).map((error) => `${file}: ${error}`)
    return wide > width ? [...told, `${file}: ${wide} px wide, ${width} px are there`] : told
  }

  async run(expression) {
    const { result, exceptionDetails } = await this.ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  async close() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve))
    this.session = undefined
    await this.ask('Browser.close').catch(() => this.process.kill())
    await gone
    rmSync(this.home, { recursive: true, force: true })
  }
}
