// The whole product in its own process, and HubSpot's proxy: who calls is appended, and all of it signed (v3).
import { createHmac } from 'node:crypto'
import { Stage } from '../../lib/stage.cjs'
import { ADDRESS } from '../../../hubspot/src/app/cards/address'

export class Office extends Stage {
  static open() {
    return super.open('tests.hubspot_project.stage')
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
}
