// A deal as the card API tells it, in each state of readiness.
const gate = (over = {}) => ({
  gate: 'contract', stage: 'Contract', readiness: 'needs-sign-off', clear: false, findings: [], fine: [], waiting: [], ...over,
})
const signoff = (over = {}) => ({
  role: 'Operations', state: 'requested', asked: ['Anna Bos', 'Jan Smit'], due: '2026-11-26T13:00:00+00:00', by: null, note: '',
  question: '', limit_on: 'discount', stops: false, ...over,
})
const FINE = ['Filled in: delivery address, number of users.', 'Sold at list price.']
const ALONE = 'You alone: up to 10 % discount and amount up to EUR 50,000'

const viewer = (over = {}) => ({ name: 'Mia de Vries', may_ask: true, may_reply: false, may_withdraw: false, may_decide: [], ...over })
const field = (name, type, value, over = {}) => ({ name, label: name.replaceAll('-', ' '), type, options: [], value, ...over })
const FIELDS = [
  field('amount', 'money', '48000'), field('close-date', 'date', '2026-12-31'), field('discount', 'percent', '18'),
  field('delivery-address', 'text', 'Kade 1'), field('service-level', 'enum', 'standard', { options: ['standard', 'premium'] }),
  field('pilot', 'boolean', null),
]
const PAST = [
  { at: '2026-11-25T09:00:00+00:00', text: 'Badge "Waiting for sign-off": Contract: needs sign-off by Operations, because 18 % discount is over your 10 %.' },
  { at: '2026-11-25T09:02:00+00:00', text: 'Mia de Vries asks for a decision. They sign on Monday.' },
]

const deal = (over) => ({
  gate: 'contract', badge: 'Ready', sentence: '', alone: ALONE, levers: [], gates: [], signoffs: [], deal: '4711',
  readiness: 'ready', checked_at: '2026-11-25T09:02:00+00:00', pending: false, supposed: false, fields: FIELDS,
  history: PAST, viewer: viewer(), operations: null, ...over,
})

export const WAITING = deal({
  readiness: 'needs-sign-off', viewer: viewer({ may_withdraw: true }),
  badge: 'Waiting for sign-off',
  sentence: 'Contract: waiting for Anna Bos (Operations) until Thu 14:00, because 18 % discount is over your 10 %. At 10 % or less you need nobody.',
  levers: ['At 10 % or less you need nobody.', 'At 15 % or less the sales manager decides.'],
  gates: [gate({ waiting: ['18 % discount is over your 10 %'], fine: FINE })],
  signoffs: [signoff(), signoff({ role: 'Founder', state: 'waiting', asked: ['Ruth Klein'] })],
})

export const READY = deal({
  viewer: viewer({ may_ask: false }),
  sentence: 'Ready for Contract. Anna Bos agreed: up to 18 % discount, start from 2 March, until 31 January. Inside that, change what you like.',
  gates: [gate({ readiness: 'ready', clear: true, fine: FINE })],
  signoffs: [signoff({ state: 'approved', by: 'Anna Bos', note: 'For the reference.' })],
})

export const YOUR_TURN = deal({
  readiness: 'needs-info',
  badge: 'Your turn',
  sentence: 'Contract: your turn. Missing: delivery address, number of users. Don\'t know one yet? Write "unknown, because ..." and Operations takes it from there.',
  gates: [gate({ readiness: 'needs-info', findings: ['Delivery address is missing.', 'Number of users is missing.'] })],
})

export const ASKED_BACK = deal({
  readiness: 'needs-info',
  badge: 'Your turn',
  sentence: 'Contract: your turn. Anna Bos (Operations) asks: Who installs it, you or the customer?',
  gates: [gate({ readiness: 'needs-info', waiting: ['18 % discount is over your 10 %'], fine: FINE })],
  signoffs: [signoff({ state: 'info-requested', asked: ['Anna Bos'], question: 'Who installs it, you or the customer?' })],
  viewer: viewer({ may_reply: true, may_withdraw: true }),
})

export const STOPPED = deal({
  readiness: 'blocked',
  badge: 'Stopped by Operations',
  sentence: 'Contract: stopped by Anna Bos (Operations): We cannot deliver this in March.',
  levers: ['At start date 16 March or later you need nobody.'],
  gates: [gate({ readiness: 'blocked', findings: ['Data engineers are full in weeks 10-12. From 16 March it fits: set Start date to 16 March, or ask Anna Bos for an earlier slot.'], fine: FINE })],
  signoffs: [signoff({ state: 'rejected', by: 'Anna Bos', note: 'We cannot deliver this in March.' })],
})

export const EXCEPTION = deal({
  readiness: 'exception', viewer: viewer({ may_ask: false }),
  badge: 'Ready, with exception',
  sentence: 'Ready for Contract. Exception by Ruth Klein until 31 January: 35 % discount is over your 10 %. On condition: the customer sends the data by 15 February.',
  gates: [gate({ readiness: 'exception', clear: true, fine: FINE })],
  signoffs: [signoff({ role: 'Founder', state: 'approved', by: 'Ruth Klein' })],
})

export const NOT_CHECKED = deal({
  readiness: 'not-assessed', viewer: viewer({ may_ask: false }), gate: null, badge: 'Not checked yet', history: [], sentence: 'Not checked: its stage is not known.', alone: '',
})

export const DECIDING = {
  ...WAITING,
  viewer: viewer({
    name: 'Anna Bos', may_ask: false,
    may_decide: [{ gate: 'contract', role: 'Operations', state: 'requested', limit_on: 'discount', due: '2026-11-26T13:00:00+00:00' }],
  }),
  operations: [{ gate: 'contract', findings: ['18 % under list price, worth EUR 8,640.'], waiting: ['18 % discount is over your 10 %'] }],
}

export const CHEAPER = deal({
  sentence: 'Ready for Contract.', supposed: true, gates: [gate({ readiness: 'ready', clear: true, fine: FINE })],
})

export const EVERY_STATE = {
  ready: READY,
  'your-turn': YOUR_TURN,
  'waiting-for-sign-off': WAITING,
  stopped: STOPPED,
  'ready-with-exception': EXCEPTION,
  'not-checked-yet': NOT_CHECKED,
}
