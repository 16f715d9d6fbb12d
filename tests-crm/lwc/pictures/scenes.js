// What the panel is told in each state: the same deals as the card in HubSpot shows.
import { DEAL, TASK } from 'c/dealReadinessFields'
import * as deals from '../../hubspot/lib/deals'

const DEAL_ID = '006AA00000Gk3LpYAJ'
const USER = '005AA000001Bc2dYAC'
const MINUTE = 60_000
const CHECKED = '2026-11-25T09:02:00.000Z'
const NOW = Date.parse('2026-11-25T09:02:20.000Z')
const ago = (minutes) => new Date(NOW - minutes * MINUTE).toISOString()
Date.now = () => NOW // the same pictures on any day

const PEOPLE = { rep: [...Object.values(DEAL)], approver: [...Object.values(DEAL), ...Object.values(TASK)] }
const DECIDE = {
  Id: '00TAA00000ABcdeYAC',
  Subject: { value: 'Decide by Thu 14:00: Acme, EUR 48,000, 18 % discount (rep\u2019s limit 10 %)' },
  OwnerId: { value: USER },
  [TASK.key]: { value: `acme:${DEAL_ID}:anna:1` },
  [TASK.decision]: { value: null },
  [TASK.figures]: { value: 'margin is 13.7 %' },
}
const RULE = 'A closed period: ask Finance before you change this deal.'

const SCENES = {
  ...Object.fromEntries(Object.entries(deals.EVERY_STATE).map(([name, deal]) => [name, { deal }])),
  deciding: { deal: deals.WAITING, who: 'approver', tasks: [DECIDE] },
  asking: { deal: deals.YOUR_TURN },
  'asked-back': { deal: deals.ASKED_BACK },
  checking: { deal: deals.WAITING, values: { LastModifiedDate: ago(0), LastModifiedById: USER } },
  silent: { deal: deals.WAITING, values: { [DEAL.silent]: true } },
  refused: { deal: deals.WAITING, refused: { body: { output: { errors: [{ message: RULE }] } } } },
  'no-access': {},
}

/** What the stand-ins answer in a scene. */
export function scene(name) {
  const { deal, who = 'rep', tasks = [], values = {}, refused = null } = SCENES[name]
  const ours = deal ? { ...told(deal), ...values } : {}
  const all = { LastModifiedDate: CHECKED, LastModifiedById: 'somebody else', ...ours }
  const fields = Object.fromEntries(Object.entries(all).map(([field, value]) => [field, { value }]))
  const writes = Object.fromEntries(PEOPLE[who].map((field) => [field, { updateable: true }]))
  return {
    deal: DEAL_ID,
    record: { data: { id: DEAL_ID, fields } },
    info: { fields: writes },
    tasks: { uiapi: { query: { Task: { edges: tasks.map((node) => ({ node })) } } } },
    refused,
  }
}

/** The fields of a deal, from the JSON of which the card in HubSpot is made. */
function told(deal) {
  const { gate, badge, sentence, alone, levers, gates, signoffs } = deal
  return {
    [DEAL.readiness]: deal.readiness,
    [DEAL.reason]: sentence,
    [DEAL.detail]: JSON.stringify({ gate, badge, sentence, alone, levers, gates, signoffs }),
    [DEAL.checkedAt]: deal.readiness === 'not-assessed' ? null : CHECKED,
    [DEAL.heardAt]: ago(300),
    [DEAL.silent]: false,
  }
}
