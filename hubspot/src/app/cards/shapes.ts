// What Dealgate's card API answers: docs/panel.md says what each member means.

export interface Gate {
  gate: string;
  stage: string;
  readiness: string;
  clear: boolean;
  findings: string[];
  fine: string[];
  waiting: string[];
}

export type SignoffState = 'requested' | 'waiting' | 'info-requested' | 'approved' | 'rejected';

/** `stops`: nobody waits for it, but a no within its time stops the deal; `limit_on`: what a yes can be limited by. */
export interface Signoff {
  role: string;
  state: SignoffState;
  asked: string[];
  due: string;
  by: string | null;
  note: string;
  question: string;
  limit_on: string | null;
  stops: boolean;
}

export interface Panel {
  gate: string | null;
  badge: string;
  sentence: string;
  alone: string;
  levers: string[];
  gates: Gate[];
  signoffs: Signoff[];
}

/** A question that the viewer may decide; `limit_on` is what a limit would be set on. */
export interface Question {
  gate: string;
  role: string;
  state: string;
  limit_on: string | null;
  due: string;
}

/** What whoever looks may do now. */
export interface Viewer {
  name: string;
  may_ask: boolean;
  may_reply: boolean;
  may_withdraw: boolean;
  may_decide: Question[];
}

/** A field that a rep may change, with its value now as text. */
export interface Changeable {
  name: string;
  label: string;
  type: 'money' | 'percent' | 'number' | 'date' | 'enum' | 'text' | 'boolean' | 'person';
  options: string[];
  value: string | boolean | null;
}

/** One thing that happened. */
export interface Event {
  at: string;
  text: string;
}

/** One gate as Operations reads it. */
export interface OperationsGate {
  gate: string;
  findings: string[];
  waiting: string[];
}

export type Readiness = 'ready' | 'needs-info' | 'needs-sign-off' | 'blocked' | 'exception' | 'not-assessed';

/** `pending`: a newer look is due. `operations` only for whoever is asked about the deal. */
export interface Seen extends Panel {
  readiness: Readiness;
  checked_at: string;
  pending: boolean;
  fields: Changeable[];
  history: Event[];
  viewer: Viewer;
  operations: OperationsGate[] | null;
}

export type Answer = 'yes' | 'yes-up-to' | 'no' | 'question';

export interface Decision {
  answer: Answer;
  limit?: string;
  note?: string;
  until?: string;
}
