// Whether Dealgate answers, and recognises who asks.

import { hubspot } from '@hubspot/ui-extensions';
import { ADDRESS } from './address';
import { TEXTS } from './texts';

const TIMEOUT = 10_000;

export type Health = { well: true; status: string; viewer: string; parked: number } | { well: false; why: string };

/** Ask as the card does: signed by HubSpot. */
export async function health(): Promise<Health> {
  let response: Response;
  try {
    response = await hubspot.fetch(`${ADDRESS}/cards/v1/health`, { method: 'GET', timeout: TIMEOUT });
  } catch {
    return { well: false, why: said('unreachable', '') };
  }
  const told = await json(response);
  if (response.ok && typeof told?.status === 'string') {
    return { well: true, status: told.status, viewer: String(told.viewer ?? ''), parked: Number(told.parked ?? 0) };
  }
  if (typeof told?.reason !== 'string') return { well: false, why: said('unreadable', '') };
  return { well: false, why: said(told.reason, String(told.message ?? told.reason)) };
}

function said(reason: string, message: string): string {
  return TEXTS.wrong[reason] ?? message;
}

async function json(response: Response): Promise<Record<string, unknown> | null> {
  try {
    const told: unknown = await response.json();
    return typeof told === 'object' && told !== null ? (told as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
