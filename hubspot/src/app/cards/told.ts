// What the card tells about a deal: pure, and the same texts in the same order as the panel in Salesforce.

import { moment, type Reader } from './moments';
import type { Panel, Seen, Signoff } from './shapes';
import { TEXTS } from './texts';

export interface Part {
  heading: string;
  lines: string[];
}

/** The parts under badge, sentence and "You alone": what blocks each stage, what would help, who is asked. */
export function open(panel: Panel, reader: Reader): Part[] {
  const held = panel.gates.filter((gate) => !gate.clear).map((gate) => ({ ...gate, heading: TEXTS.blocks(gate.stage) }));
  const parts = [
    ...together(held),
    { heading: TEXTS.help, lines: panel.levers },
    { heading: TEXTS.asked, lines: panel.signoffs.map((one) => signoff(one, reader)) },
  ];
  return parts.filter((part) => part.lines.length > 0);
}

/** What is fine, each text once. */
export function fine(panel: Panel): Part {
  const lines = once(panel.gates.flatMap((gate) => gate.fine));
  return { heading: TEXTS.fine(lines.length), lines };
}

/** What Operations reads of each gate; nothing for a rep. */
export function operations(seen: Seen): Part[] {
  const stages = new Map(seen.gates.map((gate) => [gate.gate, gate.stage]));
  const gates = (seen.operations ?? []).map((one) => ({ ...one, heading: stages.get(one.gate) ?? one.gate }));
  return together(gates).filter((part) => part.lines.length > 0);
}

/** Several gates of one stage are one part, each text once. */
function together(gates: { heading: string; findings: string[]; waiting: string[] }[]): Part[] {
  return once(gates.map((gate) => gate.heading)).map((heading) => ({
    heading,
    lines: once(
      gates.filter((gate) => gate.heading === heading).flatMap((gate) => [...gate.findings, ...gate.waiting]),
    ),
  }));
}

function once(texts: string[]): string[] {
  return [...new Set(texts)];
}

/** What has happened, the newest first. */
export function happened(seen: Seen, reader: Reader): Part {
  const lines = seen.history.map((one) => TEXTS.happened(moment(one.at, reader), one.text));
  return { heading: TEXTS.history, lines: lines.reverse() };
}

function signoff(one: Signoff, reader: Reader): string {
  const people = one.asked.join(', ');
  switch (one.state) {
    case 'requested':
      return (one.stops ? TEXTS.mayStop : TEXTS.requested)(one.role, people, moment(one.due, reader));
    case 'waiting':
      return TEXTS.afterOthers(one.role, people);
    case 'info-requested':
      return TEXTS.asks(one.role, people, one.question);
    case 'approved':
      return TEXTS.noted(TEXTS.agreed(one.role, one.by ?? people), one.note);
    case 'rejected':
      return TEXTS.noted(TEXTS.saidNo(one.role, one.by ?? people), one.note);
    default:
      return unknown(one.state);
  }
}

function unknown(state: never): string {
  return String(state);
}
