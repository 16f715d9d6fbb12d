// The other end of hubspot.fetch: answers from a table, and remembers what was asked.
export class Line {
  constructor(answers) {
    this.answers = answers
    this.calls = []
    globalThis.hsFetch = (url, options) => this.take(url, options)
  }

  async take(url, { method, body }) {
    this.calls.push({ method, path: new URL(url).pathname, ...(body && { body }) })
    const answer = this.answers[`${method} ${new URL(url).pathname.split('/').at(-1)}`]
    const { status = 200, ...told } = typeof answer === 'function' ? answer(body) : (answer ?? { status: 404 })
    return new Response(told.text ?? JSON.stringify(told), { status })
  }

  sent() {
    return this.calls.filter((one) => one.method === 'POST')
  }
}
