// What the tests and the pictures show: one deal in every state, as docs/panel.md describes it.

export const DEAL_ID = '006AA00000Gk3LpYAJ'
export const USER_ID = '005AA000001Bc2dYAC'

export const PANEL = {
  gate: 'contract',
  badge: 'Your turn',
  sentence: 'x',
  alone: 'You alone: up to 10 % discount and amount up to EUR 50,000',
  levers: ['At 10 % or less you need nobody.'],
  gates: [
    {
      gate: 'contract',
      stage: 'Contract',
      readiness: 'needs-info',
      clear: false,
      findings: ['Delivery address is missing.'],
      fine: ['Number of users is there.', 'Capacity fits.', 'Capacity fits.'],
      waiting: ['18 % discount is over your 10 %'],
    },
  ],
  signoffs: [
    {
      role: 'Operations',
      state: 'requested',
      asked: ['Anna Bos', 'Jan Smit'],
      due: '2026-11-26T13:00:00+00:00',
      by: null,
      note: '',
      question: '',
      limit_on: 'discount',
      stops: false,
    },
  ],
}

/** A record as the UI API answers it. */
export function record(values) {
  return {
    id: DEAL_ID,
    apiName: 'Opportunity',
    fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, displayValue: null }])),
  }
}

/** Parts as bare texts: the heading, then its lines. */
export function texts(parts) {
  return parts.map((part) => [part.heading, ...part.lines.map((line) => line.text)])
}
