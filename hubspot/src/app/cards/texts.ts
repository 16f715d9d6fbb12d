// The one catalogue of what people read on the card, ready for translation. English.
// Words of the design: "agreed range"; never verdict, finding, envelope, assessed, owed.

import type { Readiness } from './shapes';

const STRANGERS = 'HubSpot and Dealgate do not recognise each other. Tell your admin.';

export const TEXTS = {
  loading: 'Asking Dealgate',
  checking: 'Checking your change',
  checkedAt: (when: string) => `Last checked ${when}`,
  again: 'Try again',
  blocks: (stage: string) => `What blocks ${stage}`,
  help: 'What would help',
  asked: 'Who is asked',
  operations: 'For Operations',
  history: 'What has happened',
  happened: (when: string, text: string) => `${when}: ${text}`,
  fine: (count: number) => `What is fine (${count})`,
  requested: (role: string, people: string, due: string) => `${role}: ${people}, answer by ${due}`,
  mayStop: (role: string, people: string, due: string) => `${role}: ${people} may stop it until ${due}`,
  afterOthers: (role: string, people: string) => `${role}: ${people}, after the others`,
  asks: (role: string, people: string, question: string) => `${role}: ${people} asks: ${question}`,
  agreed: (role: string, who: string) => `${role}: ${who} agreed`,
  saidNo: (role: string, who: string) => `${role}: ${who} said no`,
  noted: (line: string, note: string) => (note ? `${line}: ${note}` : line),

  ask: 'Ask for sign-off',
  askCase: 'Your case',
  askCaseHint: 'What should Operations know?',
  askBy: 'Needed by',
  askSend: 'Ask Operations',
  withdraw: 'Take the question back',

  reply: 'Give information',
  replyText: 'Your answer',
  replySend: 'Send the answer',
  empty: 'Write something first.',

  decide: (roles: string) => `You decide for ${roles}`,
  answer: 'Your decision',
  yes: 'Yes',
  yesUpTo: 'Yes, up to a limit',
  no: 'No',
  question: 'Ask the rep first',
  limit: (what: string) => `Up to (${what})`,
  limitHint: 'Only the figure: 15 for 15 %.',
  limitMissing: 'Name the limit.',
  until: 'The yes holds until',
  why: 'Why',
  whyNo: 'Say why: the rep reads it.',
  whatQuestion: 'Your question to the rep',
  whyMissing: 'Say why.',
  questionMissing: 'Write your question.',
  decideSend: 'Decide',

  whatIf: 'What if?',
  whatIfHint: 'Try other values. Nothing is written.',
  whatIfTry: 'Try',
  whatIfClear: 'Clear',
  whatIfNothing: 'Change a value first.',
  whatIfThen: 'It would be',
  choose: 'As it is',
  now: (value: string) => `Now: ${value}`,

  wrongTitle: 'Dealgate did not answer',
  wrong: {
    'signature-invalid': STRANGERS,
    'portal-unknown': STRANGERS,
    'app-unknown': STRANGERS,
    'user-unknown': STRANGERS,
    'caller-unclear': STRANGERS,
    unreachable: 'Dealgate cannot be reached right now. What the deal shows stays as it is.',
    'too-slow': 'Dealgate takes long today. Try again in a minute.',
    unreadable: 'Dealgate answered something that this card cannot read. Tell your admin.',
  } as Record<string, string>,
};

/** The colour of each badge; the words in it say the same. */
export const COLOURS: Record<Readiness, 'success' | 'warning' | 'info' | 'danger' | 'default'> = {
  ready: 'success',
  'needs-info': 'warning',
  'needs-sign-off': 'info',
  blocked: 'danger',
  exception: 'success',
  'not-assessed': 'default',
};
