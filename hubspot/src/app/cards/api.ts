// The calls to Dealgate. HubSpot signs each and says in it who asks; nothing of that is sent by the card.

import { hubspot } from '@hubspot/ui-extensions';
import { ADDRESS } from './address';
import type { Decision, Seen } from './shapes';
import { TEXTS } from './texts';

const TIMEOUT = 10_000;
const SLOW = /time|abort/i;

/** Something went wrong that the card can say in plain words. */
export class Wrong extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(TEXTS.wrong[reason] ?? message);
  }
}

export interface Api {
  read: () => Promise<Seen>;
  whatIf: (values: Record<string, string>) => Promise<Seen>;
  // what is sent is noted: the answer says what happens next, a later read what has become of it
  ask: (why: string, neededBy?: string) => Promise<string>;
  reply: (text: string) => Promise<string>;
  withdraw: () => Promise<string>;
  decide: (decision: Decision) => Promise<string>;
}

/** The calls about one deal. */
export function apiOf(deal: number): Api {
  const at = `${ADDRESS}/cards/v1/deals/${deal}`;
  return {
    read: async () => seen(await call('GET', at)),
    whatIf: async (values) => seen(await call('POST', `${at}/what-if`, { values })),
    ask: async (why, neededBy) => next(await call('POST', `${at}/ask`, { case: why, needed_by: neededBy })),
    reply: async (text) => next(await call('POST', `${at}/reply`, { text })),
    withdraw: async () => next(await call('POST', `${at}/withdraw`, {})),
    decide: async (decision) => next(await call('POST', `${at}/decide`, { ...decision })),
  };
}

async function call(method: 'GET' | 'POST', url: string, body?: Record<string, unknown>): Promise<unknown> {
  const response = await sent(method, url, body);
  const told = await json(response);
  if (response.ok) return told;
  if (!isRecord(told) || typeof told.reason !== 'string') throw new Wrong('unreachable', '');
  throw new Wrong(told.reason, typeof told.message === 'string' ? told.message : told.reason);
}

async function sent(method: 'GET' | 'POST', url: string, body?: Record<string, unknown>): Promise<Response> {
  try {
    return await hubspot.fetch(url, { method, timeout: TIMEOUT, ...(body && { body: written(body) }) });
  } catch (error) {
    const slow = error instanceof Error && SLOW.test(`${error.name} ${error.message}`);
    throw new Wrong(slow ? 'too-slow' : 'unreachable', '');
  }
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** What is not given is not sent. */
function written(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== ''));
}

function seen(told: unknown): Seen {
  if (!isRecord(told) || typeof told.badge !== 'string' || !isRecord(told.viewer)) throw new Wrong('unreadable', '');
  return told as unknown as Seen;
}

function next(told: unknown): string {
  if (!isRecord(told) || typeof told.next !== 'string') throw new Wrong('unreadable', '');
  return told.next;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
