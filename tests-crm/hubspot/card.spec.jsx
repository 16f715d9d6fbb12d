// The card as its people use it, rendered by HubSpot's own testing library.
import { Accordion, Alert, Button, DateInput, Input, LoadingButton, LoadingSpinner, NumberInput, Select, StatusTag, TextArea } from '@hubspot/ui-extensions'
import { createRenderer } from '@hubspot/ui-extensions/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Card } from '../../hubspot/src/app/cards/Card'
import { LOOKS } from '../../hubspot/src/app/cards/watch'
import * as deals from './lib/deals'
import { Line } from './lib/line'
import { read, texts } from './lib/texts'

const NEXT = { status: 202, id: 'card:1:yes', next: 'Noted.' }

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

/** Let promises settle; HubSpot's own waitFor needs the real clock. */
const settle = async (seconds = 0) => {
  await vi.advanceTimersByTimeAsync(seconds * 1000)
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await vi.advanceTimersByTimeAsync(0)
}

async function shown(answers, place = 'crm.record.tab', locale = 'en-gb') {
  const line = new Line(answers)
  const renderer = createRenderer(place)
  const { context, actions } = renderer.mocks
  context.crm = { objectId: 4711, objectTypeId: '0-3' }
  context.portal = { id: 1, timezone: 'Europe/Amsterdam' }
  context.user = { ...context.user, locale }
  renderer.render(<Card context={context} actions={actions} />)
  await settle()
  const button = (label) => renderer.getRootNode().find(LoadingButton, (one) => one.text === label)
  return {
    line, renderer, actions, root: () => renderer.getRootNode(), text: () => read(renderer.getRootNode()),
    press: async (label) => { button(label).trigger('onClick'); await settle() },
    write: async (component, name, event, value) => {
      renderer.getRootNode().find(component, { name }).trigger(event, value)
      await settle()
    },
    alerts: () => actions.addAlert.calls.map(([{ message }]) => message),
    changes: async () => { actions.onCrmPropertiesUpdate.calls.at(-1)[1]({ amount: '9' }); await settle() },
  }
}

describe('what it shows', () => {
  for (const place of ['crm.record.tab', 'crm.record.sidebar']) {
    for (const [name, deal] of Object.entries(deals.EVERY_STATE)) {
      test(`${name} in ${place}: the badge, the sentence, and all that the API tells`, async () => {
        const card = await shown({ 'GET 4711': deal }, place)
        expect(card.root().find(StatusTag).text).toBe(deal.badge)
        const told = [deal.sentence, deal.alone, ...deal.levers, ...deal.gates.flatMap((one) => one.fine)]
        for (const text of told) expect(card.text()).toContain(text)
      })
    }
  }

  test('it asks Dealgate for this deal and sends nothing of who asks', async () => {
    const card = await shown({ 'GET 4711': deals.READY })
    expect(card.line.calls).toEqual([{ method: 'GET', path: '/cards/v1/deals/4711' }])
  })

  test('when an answer is due is said in the zone of the account', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING })
    expect(card.text()).toContain('Operations: Anna Bos, Jan Smit, answer by Thu 26 Nov, 14:00')
    expect(card.text()).toContain('Founder: Ruth Klein, after the others')
  })

  test('dates are written as the user writes them, and in English where HubSpot does not say how', async () => {
    const german = await shown({ 'GET 4711': deals.WAITING }, 'crm.record.tab', 'de_DE')
    expect(german.text()).toContain('answer by Do., 26. Nov., 14:00')
    const nowhere = await shown({ 'GET 4711': deals.WAITING }, 'crm.record.tab', undefined)
    expect(nowhere.text()).toContain('answer by Thu 26 Nov, 14:00')
    expect(nowhere.text()).toContain('Last checked Wed 25 Nov, 10:02')
  })

  test('what is fine is folded, and each text stands there once', async () => {
    const [gate] = deals.WAITING.gates
    const card = await shown({ 'GET 4711': { ...deals.WAITING, gates: [gate, { ...gate, gate: 'closing', stage: 'Closed Won' }] } })
    const folded = card.root().find(Accordion, { title: 'What is fine (2)' })
    expect(folded.props.defaultOpen).toBeFalsy()
    expect(read(folded).match(/Sold at list price/g)).toHaveLength(1)
  })

  test('a gate that is clear blocks nothing, whatever was found', async () => {
    const [gate] = deals.WAITING.gates
    const card = await shown({ 'GET 4711': { ...deals.READY, gates: [{ ...gate, clear: true }] } })
    expect(card.text()).not.toContain('What blocks')
  })

  test('what has happened is folded, the newest first', async () => {
    const card = await shown({ 'GET 4711': deals.READY })
    const past = texts(card.root().find(Accordion, { title: 'What has happened' }))
    expect(past.slice(1)).toEqual([
      'Wed 25 Nov, 10:02: Mia de Vries asks for a decision. They sign on Monday.',
      'Wed 25 Nov, 10:00: Badge "Waiting for sign-off": Contract: needs sign-off by Operations, because 18 % discount is over your 10 %.',
    ])
  })

  test('what Operations reads is shown to nobody to whom the API does not tell it', async () => {
    const rep = await shown({ 'GET 4711': deals.WAITING })
    expect(rep.text()).not.toContain('For Operations')
    const holder = await shown({ 'GET 4711': deals.DECIDING })
    expect(read(holder.root().find(Accordion, { title: 'For Operations' }))).toContain('EUR 8,640')
  })
})

describe('what one may do', () => {
  test('a rep sees no decision, a holder no question', async () => {
    const rep = await shown({ 'GET 4711': deals.WAITING })
    expect(rep.text()).not.toContain('You decide')
    const holder = await shown({ 'GET 4711': deals.DECIDING })
    expect(holder.root().find(Accordion, { title: 'You decide for Operations' })).toBeTruthy()
    expect(holder.root().maybeFind(Accordion, { title: 'Ask for sign-off' })).toBeNull()
    expect(holder.root().maybeFind(Accordion, { title: 'Give information' })).toBeNull()
  })

  test('a rep asks with a case and the day by which it is needed', async () => {
    const card = await shown({ 'GET 4711': deals.YOUR_TURN, 'POST ask': NEXT })
    await card.write(TextArea, 'case', 'onInput', ' They sign on Monday. ')
    await card.write(DateInput, 'needed-by', 'onChange', { year: 2026, month: 10, date: 30 })
    await card.press('Ask Operations')
    expect(card.line.sent()).toEqual([
      { method: 'POST', path: '/cards/v1/deals/4711/ask', body: { case: 'They sign on Monday.', needed_by: '2026-11-30' } },
    ])
    expect(card.alerts()).toEqual(['Noted.'])
  })

  test('nothing is asked without a case', async () => {
    const card = await shown({ 'GET 4711': deals.YOUR_TURN, 'POST ask': NEXT })
    await card.press('Ask Operations')
    expect(card.line.sent()).toEqual([])
    expect(card.root().find(TextArea, { name: 'case' }).props.validationMessage).toBe('Write something first.')
  })

  test('a limit is offered only where there is something to limit, and by its name', async () => {
    const [question] = deals.DECIDING.viewer.may_decide
    const limited = await shown({ 'GET 4711': deals.DECIDING })
    await limited.write(Select, 'answer', 'onChange', 'yes-up-to')
    expect(limited.root().find(Input, { name: 'limit' }).props.label).toBe('Up to (discount)')
    const viewer = { ...deals.DECIDING.viewer, may_decide: [{ ...question, limit_on: null }] }
    const plain = await shown({ 'GET 4711': { ...deals.DECIDING, viewer } })
    const offered = plain.root().find(Select, { name: 'answer' }).props.options.map((one) => one.value)
    expect(offered).toEqual(['yes', 'no', 'question'])
  })

  test('a rep takes a question back while it waits, and not when nothing waits', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST withdraw': NEXT })
    await card.press('Take the question back')
    expect(card.line.sent()[0].path).toBe('/cards/v1/deals/4711/withdraw')
    const answered = await shown({ 'GET 4711': deals.READY })
    expect(answered.text()).not.toContain('Take the question back')
  })

  test('a rep answers a question, and an empty answer is not sent', async () => {
    const card = await shown({ 'GET 4711': deals.ASKED_BACK, 'POST reply': NEXT })
    expect(card.text()).toContain('Operations: Anna Bos asks: Who installs it, you or the customer?')
    await card.press('Send the answer')
    expect(card.root().find(TextArea, { name: 'reply' }).props.validationMessage).toBe('Write something first.')
    expect(card.line.sent()).toEqual([])
    await card.write(TextArea, 'reply', 'onInput', 'The customer.')
    await card.press('Send the answer')
    expect(card.line.sent()[0].body).toEqual({ text: 'The customer.' })
  })

  const decisions = [
    ['yes', {}, { answer: 'yes' }],
    ['yes', { until: { year: 2027, month: 0, date: 31 } }, { answer: 'yes', until: '2027-01-31' }],
    ['yes-up-to', { limit: '15', note: 'Not more.' }, { answer: 'yes-up-to', limit: '15', note: 'Not more.' }],
    ['no', { note: 'Too little.' }, { answer: 'no', note: 'Too little.' }],
    ['question', { note: 'Who installs it?' }, { answer: 'question', note: 'Who installs it?' }],
  ]
  for (const [answer, given, body] of decisions) {
    test(`a holder answers ${answer} ${JSON.stringify(given)}`, async () => {
      const card = await shown({ 'GET 4711': deals.DECIDING, 'POST decide': NEXT })
      await card.write(Select, 'answer', 'onChange', answer)
      if (given.limit) await card.write(Input, 'limit', 'onInput', given.limit)
      if (given.note) await card.write(TextArea, 'note', 'onInput', given.note)
      if (given.until) await card.write(DateInput, 'until', 'onChange', given.until)
      await card.press('Decide')
      expect(card.line.sent()).toEqual([{ method: 'POST', path: '/cards/v1/deals/4711/decide', body }])
    })
  }

  for (const [answer, message] of [['yes-up-to', 'Name the limit.'], ['no', 'Say why.'], ['question', 'Write your question.']]) {
    test(`${answer} without what it needs is not sent, and says: ${message}`, async () => {
      const card = await shown({ 'GET 4711': deals.DECIDING, 'POST decide': NEXT })
      await card.write(Select, 'answer', 'onChange', answer)
      await card.press('Decide')
      expect(card.line.sent()).toEqual([])
      const component = answer === 'yes-up-to' ? Input : TextArea
      expect(card.root().findAll(component).map((one) => one.props.validationMessage)).toContain(message)
    })
  }
})

describe('what if', () => {
  test('values go as people write them, and the answer stands beside the deal', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST what-if': deals.READY })
    await card.write(NumberInput, 'discount', 'onChange', 9.5)
    await card.write(NumberInput, 'amount', 'onChange', 48000)
    await card.write(DateInput, 'close-date', 'onChange', { year: 2026, month: 2, date: 16 })
    await card.press('Try')
    expect(card.line.sent()).toEqual([
      { method: 'POST', path: '/cards/v1/deals/4711/what-if', body: { values: { discount: '9.5%', amount: '48000', 'close-date': '2026-03-16' } } },
    ])
    expect(card.root().findAll(StatusTag).map((one) => one.text)).toEqual(['Waiting for sign-off', 'Ready'])
  })

  test('a number with three decimals is sent so that it reads one way', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST what-if': deals.READY })
    await card.write(NumberInput, 'amount', 'onChange', 1.234)
    await card.write(NumberInput, 'discount', 'onChange', 9.125)
    await card.press('Try')
    expect(card.line.sent()[0].body).toEqual({ values: { amount: '1.2340', discount: '9.1250%' } })
  })

  test('a deal that is not checked has no what if', async () => {
    const card = await shown({ 'GET 4711': deals.NOT_CHECKED })
    expect(card.text()).not.toContain('What if?')
  })

  test('options and yes or no are chosen, and the values that the deal has now stand beside', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST what-if': deals.READY })
    await card.write(Select, 'service-level', 'onChange', 'premium')
    await card.write(Select, 'pilot', 'onChange', 'yes')
    await card.press('Try')
    expect(card.line.sent()[0].body).toEqual({ values: { 'service-level': 'premium', pilot: 'yes' } })
    expect(card.root().find(NumberInput, { name: 'amount' }).props.description).toBe('Now: 48,000')
    expect(card.root().find(DateInput, { name: 'close-date' }).props.description).toBe('Now: 31 Dec 2026')
    expect(card.root().find(Select, { name: 'pilot' }).props.description).toBeUndefined()
  })

  test('what is emptied again is not sent, and without values nothing is', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST what-if': deals.READY })
    await card.write(NumberInput, 'discount', 'onChange', 9)
    await card.write(NumberInput, 'discount', 'onChange', Number.NaN)
    await card.press('Try')
    expect(card.line.sent()).toEqual([])
    expect(card.text()).toContain('Change a value first.')
  })

  test('a value that Dealgate refuses is told in its words', async () => {
    const refused = { status: 422, reason: 'not-a-value', message: 'discount: a percentage as 10 %' }
    const card = await shown({ 'GET 4711': deals.WAITING, 'POST what-if': refused })
    await card.write(Input, 'delivery-address', 'onInput', 'Kade 2')
    await card.press('Try')
    expect(read(card.root().find(Alert))).toContain('discount: a percentage as 10 %')
  })
})

describe('while a change is looked at', () => {
  test('it says so, looks again, and stops when the answer is another one', async () => {
    let deal = deals.WAITING
    const card = await shown({ 'GET 4711': () => deal })
    await card.changes()
    expect(card.root().find(LoadingSpinner).props.label).toBe('Checking your change')
    await settle(LOOKS[0])
    expect(card.root().maybeFind(LoadingSpinner)).not.toBeNull()
    deal = deals.READY
    await settle(LOOKS[1])
    expect(card.root().maybeFind(LoadingSpinner)).toBeNull()
    expect(card.root().find(StatusTag).text).toBe('Ready')
    const calls = card.line.calls.length
    await settle(60)
    expect(card.line.calls).toHaveLength(calls)
  })

  test('a change that changes nothing is not waited for in vain', async () => {
    const card = await shown({ 'GET 4711': deals.WAITING })
    await card.changes()
    for (const seconds of LOOKS) await settle(seconds)
    expect(card.root().maybeFind(LoadingSpinner)).toBeNull()
    expect(card.line.calls).toHaveLength(1 + LOOKS.length)
  })

  test('it looks again by itself while Dealgate says that something is pending', async () => {
    let deal = { ...deals.WAITING, pending: true }
    const card = await shown({ 'GET 4711': () => deal })
    expect(card.root().find(LoadingSpinner).props.label).toBe('Checking your change')
    deal = deals.WAITING
    await settle(LOOKS[0])
    expect(card.root().maybeFind(LoadingSpinner)).toBeNull()
  })

  test('a deal that Dealgate never saw is waited for', async () => {
    let told = { status: 404, reason: 'deal-unknown', message: 'Dealgate has not checked this deal yet.' }
    const card = await shown({ 'GET 4711': () => told })
    expect(card.root().find(LoadingSpinner)).toBeTruthy()
    told = deals.READY
    await settle(LOOKS[0])
    expect(card.root().find(StatusTag).text).toBe('Ready')
  })

  test('after an action it looks again', async () => {
    let deal = deals.DECIDING
    const card = await shown({ 'GET 4711': () => deal, 'POST decide': () => { deal = deals.READY; return NEXT } })
    await card.press('Decide')
    await settle(LOOKS[0])
    expect(card.root().find(StatusTag).text).toBe('Ready')
  })
})

describe('when something is wrong', () => {
  const wrong = [
    ['nothing answers', { 'GET 4711': () => { throw new Error('connection refused') } }, 'cannot be reached'],
    ['it takes too long', { 'GET 4711': () => { throw new Error('Request timed out') } }, 'takes long today'],
    ['the signature does not fit', { 'GET 4711': { status: 401, reason: 'signature-invalid', message: 'HMAC' } }, 'do not recognise each other'],
    ['a proxy answers in HTML', { 'GET 4711': { status: 502, text: '<html>Bad gateway</html>' } }, 'cannot be reached'],
    ['something else answers', { 'GET 4711': { text: '<html>Hello</html>' } }, 'cannot read'],
    ['it is told why', { 'GET 4711': { status: 403, reason: 'not-yours', message: 'You may not see this deal.' } }, 'You may not see this deal.'],
  ]
  for (const [name, answers, said] of wrong) {
    test(`${name}: it says so in plain words, with a way on`, async () => {
      const card = await shown(answers)
      expect(read(card.root().find(Alert))).toContain(said)
      expect(read(card.root().find(Button))).toContain('Try again')
    })
  }

  test('after a failure the next try shows the deal', async () => {
    let fails = true
    const card = await shown({ 'GET 4711': () => { if (fails) throw new Error('no'); return deals.READY } })
    fails = false
    card.root().find(Button).trigger('onClick')
    await settle()
    expect(card.root().find(StatusTag).text).toBe('Ready')
    expect(card.root().maybeFind(Alert)).toBeNull()
  })

  test('what was last known stays while Dealgate is away', async () => {
    let fails = false
    const card = await shown({ 'GET 4711': () => { if (fails) throw new Error('no'); return deals.WAITING } })
    fails = true
    await card.changes()
    await settle(LOOKS[0])
    expect(card.root().find(StatusTag).text).toBe('Waiting for sign-off')
    expect(read(card.root().find(Alert))).toContain('cannot be reached')
  })

  test('a decision that does not count is told, and can be sent again', async () => {
    const refused = { status: 409, reason: 'own-deal', message: 'Your yes does not count: you own this deal.' }
    const card = await shown({ 'GET 4711': deals.DECIDING, 'POST decide': refused })
    await card.press('Decide')
    expect(read(card.root().find(Alert))).toContain('you own this deal')
    expect(card.alerts()).toEqual([])
    expect(card.root().find(LoadingButton, (one) => one.text === 'Decide').props.loading).toBe(false)
  })
})
