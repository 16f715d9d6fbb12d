// The readiness details of a deal, from the field's JSON to headings with lines. Pure.
import { LABELS, filled } from 'c/dealReadinessLabels';

const NOTHING = { gate: null, alone: '', levers: [], gates: [], signoffs: [], cut: false };

/** Read the field's text; what is not there, or cannot be read, is empty. */
export function read(text) {
    const found = parsed(text);
    return {
        ...NOTHING,
        ...found,
        levers: list(found.levers),
        gates: list(found.gates),
        signoffs: list(found.signoffs)
    };
}

/** What is open: what blocks each stage, what would help, who is asked until when. `said` writes a moment. */
export function open(panel, said) {
    const held = panel.gates.filter((gate) => !gate.clear);
    const blocking = once(held.map((gate) => gate.stage)).map((stage) => {
        const there = held.filter((gate) => gate.stage === stage);
        const texts = there.flatMap((gate) => [...list(gate.findings), ...list(gate.waiting)]);
        return part(filled(LABELS.Blocks, stage), once(texts));
    });
    const asked = panel.signoffs.map((one) => signoff(one, said));
    const parts = [...blocking, part(LABELS.Help, panel.levers), part(LABELS.Asked, asked)];
    return parts.filter((one) => one.lines.length > 0);
}

/** What is fine, each text once. */
export function fine(panel) {
    const texts = once(panel.gates.flatMap((gate) => list(gate.fine)));
    return part(filled(LABELS.Fine, texts.length), texts);
}

/** The questions that wait for the rep. */
export function questions(panel) {
    return once(panel.signoffs.filter((one) => one.state === 'info-requested').map((one) => one.question));
}

/** Say whether somebody is asked now, so that the question can be taken back; a right to stop asks nothing. */
export function isAsked(panel) {
    return panel.signoffs.some((one) => isOpen(one) && !one.stops);
}

/** What a yes can be limited by; '' where nothing is, null where the details are cut and nobody knows. */
export function limitOn(panel) {
    const found = panel.signoffs.find((one) => isOpen(one) && one.limit_on);
    return found?.limit_on ?? (panel.cut ? null : '');
}

function isOpen({ state }) {
    return ['requested', 'waiting', 'info-requested'].includes(state);
}

/** Write a moment as its reader would: "Thu 26 Nov, 14:00". */
export function moment(iso, locale, timeZone) {
    const at = new Date(iso);
    if (Number.isNaN(at.getTime())) {
        return '';
    }
    const shape = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
    return new Intl.DateTimeFormat(locale, { ...shape, hourCycle: 'h23', timeZone }).format(at);
}

function signoff(one, said) {
    const people = list(one.asked).join(', ');
    switch (one.state) {
        case 'requested':
            return filled(one.stops ? LABELS.MayStop : LABELS.Requested, one.role, people, said(one.due));
        case 'waiting':
            return filled(LABELS.AfterOthers, one.role, people);
        case 'info-requested':
            return filled(LABELS.Asks, one.role, people, one.question);
        case 'approved':
            return noted(filled(LABELS.Agreed, one.role, one.by ?? people), one.note);
        case 'rejected':
            return noted(filled(LABELS.SaidNo, one.role, one.by ?? people), one.note);
        default:
            return filled(LABELS.Noted, one.role, people);
    }
}

function noted(line, note) {
    return note ? filled(LABELS.Noted, line, note) : line;
}

function once(texts) {
    return [...new Set(texts)];
}

function part(heading, texts) {
    return { heading, lines: texts.map((text, place) => ({ key: `${place} ${text}`, text })) };
}

function parsed(text) {
    try {
        const found = JSON.parse(text ?? '');
        return found !== null && typeof found === 'object' && !Array.isArray(found) ? found : {};
    } catch {
        return {};
    }
}

function list(value) {
    return Array.isArray(value) ? value : [];
}
