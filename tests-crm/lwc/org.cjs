// The calls that Salesforce's page makes, as whoever sits there, to the product and a Salesforce in small.
const { request } = require('node:http')
const { Stage } = require('../lib/stage.cjs')

const API = '/services/data/v66.0'

exports.Org = class Org extends Stage {
  static open() {
    return super.open('tests.salesforce_package.stage')
  }

  /** One call as somebody: status and JSON. */
  call(who, method, path, body) {
    const headers = { authorization: `Bearer ${who.token}`, 'content-type': 'application/json' }
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${API}${path}`, { method, headers }, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(Buffer.concat(parts).toString()) }))
      })
      sent.on('error', reject)
      sent.end(body && JSON.stringify(body))
    })
  }
}
