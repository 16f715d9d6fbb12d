// One deal from the question to the counter-offer, on the real card, over signed HTTP, with the whole product behind it.
import { Input, LoadingButton, NumberInput, Select, StatusTag, TextArea } from '@hubspot/ui-extensions'
import { createRenderer } from '@hubspot/ui-extensions/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Card } from '../../hubspot/src/app/cards/Card'
import { Office } from './lib/office'
import { read } from './lib/texts'

const PATIENCE = { timeoutInMs: 20_000 }
let office
beforeAll(async () => { office = await Office.open() }, 60_000)
afterAll(() => office?.close(), 60_000)

/** Somebody opens the deal and reads until the card says so. */
async function opens(user, said) {
  office.seat(user)
  const renderer = createRenderer('crm.record.sidebar')
  const { context, actions } = renderer.mocks
  context.crm = { objectId: office.deal, objectTypeId: '0-3' }
  context.portal = { id: 1, timezone: 'Europe/Amsterdam' }
  renderer.render(<Card context={context} actions={actions} />)
  const sees = (text) => renderer.waitFor(() => expect(read(renderer.getRootNode())).toContain(text), PATIENCE)
  await sees(said)
  const write = (component, name, event, value) => renderer.find(component, { name }).trigger(event, value)
  const press = (label) => renderer.find(LoadingButton, (one) => one.text === label).trigger('onClick')
  return { renderer, sees, write, press, badges: () => renderer.findAll(StatusTag).map((one) => one.text) }
}

test('ask, question, answer, counter-offer, what if', async () => {
  const asks = await opens(office.lena, 'Ask for sign-off')
  asks.write(TextArea, 'case', 'onInput', 'They sign this week if we move.')
  asks.press('Ask Operations')
  await asks.sees('Contract: waiting for Anna Bos (Operations) until')
  await asks.sees('Operations: Anna Bos, answer by')

  const questions = await opens(office.anna, 'You decide for Operations')
  questions.write(Select, 'answer', 'onChange', 'question')
  questions.write(TextArea, 'note', 'onInput', 'May we name them as a reference?')
  questions.press('Decide')
  await questions.sees('Anna Bos asks: May we name them as a reference?')

  const answers = await opens(office.lena, 'Give information')
  answers.write(TextArea, 'reply', 'onInput', 'Yes, in writing.')
  answers.press('Send the answer')
  await answers.sees('Contract: waiting for Anna Bos')

  const decides = await opens(office.anna, 'You decide for Operations')
  decides.write(Select, 'answer', 'onChange', 'yes-up-to')
  decides.write(Input, 'limit', 'onInput', '15')
  decides.write(TextArea, 'note', 'onInput', 'For the reference.')
  decides.press('Decide')
  await decides.sees('At 15 % Anna Bos says yes')

  const thinks = await opens(office.lena, 'At 15 % Anna Bos says yes')
  thinks.write(NumberInput, 'discount', 'onChange', 15)
  thinks.press('Try')
  await thinks.sees('It would be')
  expect(thinks.badges()).toHaveLength(2)
  expect(thinks.badges()[1]).toBe('Ready')
  await thinks.sees('Lena Fischer asks for a decision. They sign this week')
}, 120_000)

test('somebody whom the policy does not know may look, and is told why he may not speak for the deal', async () => {
  const stranger = await opens('9999', 'At 15 %')
  expect(stranger.renderer.findAll(LoadingButton).map((one) => one.text)).toEqual(['Try', 'Clear'])
})
