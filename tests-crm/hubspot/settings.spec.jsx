// The settings page: whether Dealgate answers, in plain words.
import { LoadingButton, StatusTag } from '@hubspot/ui-extensions'
import { createRenderer } from '@hubspot/ui-extensions/testing'
import { expect, test } from 'vitest'
import { Connection } from '../../hubspot/src/app/settings/Connection'
import { Line } from './lib/line'
import { read } from './lib/texts'

const OK = { parked: 0, viewer: 'Ruth Klein' }
const health = (status, over = {}) => ({ ...OK, ...over, text: JSON.stringify({ ...OK, status, ...over }) })

async function shown(answer) {
  const line = new Line({ 'GET health': answer })
  const renderer = createRenderer('settings')
  renderer.render(<Connection portal={242711451} />)
  await renderer.waitFor(() => renderer.find(StatusTag))
  return { line, renderer, text: () => read(renderer.getRootNode()) }
}

test('a connection that is well says so, whom it knows, and where it is', async () => {
  const page = await shown(health('ok'))
  expect(page.renderer.find(StatusTag).props.variant).toBe('success')
  for (const text of ['Dealgate knows you as Ruth Klein.', 'https://dealgate.example.com', '242711451']) expect(page.text()).toContain(text)
  expect(page.text()).not.toContain('set aside')
})

test.each([['new', 'dealgate serve'], ['paused', 'dealgate resume'], ['braked', 'holds back'], ['behind', 'worker']])('%s is told with what to do', async (status, said) => {
  const page = await shown(health(status, { parked: 3, viewer: '' }))
  expect(page.renderer.find(StatusTag).props.variant).toBe('warning')
  for (const text of [said, '3 records were set aside. Your admin finds out more with: dealgate doctor', 'does not know you']) expect(page.text()).toContain(text)
})

test.each([
  ['nothing answers', () => { throw new Error('no') }, 'Is Dealgate running'],
  ['the secret is another one', { status: 401, reason: 'signature-invalid', message: 'x' }, 'HUBSPOT_CLIENT_SECRET'],
  ['the account is another one', { status: 403, reason: 'portal-unknown', message: 'x' }, 'HUBSPOT_PORTAL_ID'],
  ['another app calls', { status: 403, reason: 'app-unknown', message: 'x' }, 'HUBSPOT_APP_ID'],
  ['something else answers', { text: '<html>' }, 'Something else than Dealgate'],
  ['it is told why', { status: 503, reason: 'starting', message: 'Dealgate is starting.' }, 'Dealgate is starting.'],
])('%s: it says what to look at, and looks again when asked', async (_, answer, said) => {
  const page = await shown(answer)
  expect(page.renderer.find(StatusTag).props.variant).toBe('danger')
  expect(page.text()).toContain(said)
  page.line.answers = { 'GET health': health('ok') }
  page.renderer.find(LoadingButton).trigger('onClick')
  await page.renderer.waitFor(() => expect(page.renderer.find(StatusTag).text).toBe('Connected'))
})
