// The whole product and a CRM in small in their own process, until the test is over.
const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { createInterface } = require('node:readline')

const ROOT = join(__dirname, '../..')
const PYTHON = process.env.DEALGATE_PYTHON ?? join(ROOT, '.venv/bin/python')

exports.Stage = class Stage {
  /** Start a module of ours that prints one line of JSON and serves; what it tells becomes the stage's own. */
  static async open(module) {
    const stage = new this()
    stage.process = spawn(PYTHON, ['-m', module], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: stage.process.stdout }) // the log among them, read on to the end
    const told = await new Promise((resolve, reject) => {
      lines.on('line', (line) => { if (line.startsWith('{"url"')) resolve(line) })
      lines.on('close', () => reject(new Error('the product did not start')))
    })
    return Object.assign(stage, JSON.parse(told))
  }

  async close() {
    const gone = new Promise((resolve) => { this.process.once('exit', resolve) })
    this.process.stdin.end()
    await gone
  }
}
