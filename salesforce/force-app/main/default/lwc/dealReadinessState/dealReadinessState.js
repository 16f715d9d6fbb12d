// What the panel shows of a record and lets somebody do, and what an act writes. Pure: the time is an argument.
import { ANSWER, DEAL, REQUEST, TASK, WRITES } from 'c/dealReadinessFields';
import { LABELS } from 'c/dealReadinessLabels';

const CHECKING_FOR = 60_000; // a save that changes nothing for Operations is never answered
const QUEUE = '00G'; // ids of queues begin so

const BADGES = {
    ready: { label: LABELS.IsReady, icon: 'utility:success', tone: 'good' },
    'needs-info': { label: LABELS.IsNeedsInfo, icon: 'utility:edit', tone: 'turn' },
    'needs-sign-off': { label: LABELS.IsNeedsSignOff, icon: 'utility:clock', tone: 'wait' },
    blocked: { label: LABELS.IsBlocked, icon: 'utility:ban', tone: 'stop' },
    exception: { label: LABELS.IsException, icon: 'utility:shield', tone: 'good' },
    'not-assessed': { label: LABELS.IsNotAssessed, icon: 'utility:help', tone: 'none' }
};
const ASKABLE = new Set(['needs-info', 'needs-sign-off', 'blocked']);

/** The badge of a readiness: label, icon, tone. */
export function badge(readiness) {
    return BADGES[readiness] ?? BADGES['not-assessed'];
}

/** What a record of the UI API says, by our own names; `seen` is false where the user may not see our fields. */
export function told(record) {
    const value = (name) => record.fields[name]?.value ?? null;
    return {
        ...Object.fromEntries(Object.entries(DEAL).map(([name, field]) => [name, value(field)])),
        seen: DEAL.readiness in record.fields,
        savedAt: value('LastModifiedDate'),
        savedBy: value('LastModifiedById')
    };
}

/** Say whether the user's own save is newer than the last check, and young enough to be worth waiting for. */
export function isChecking(deal, userId, now) {
    const savedAt = Date.parse(deal.savedAt);
    const newer = !deal.checkedAt || savedAt > Date.parse(deal.checkedAt);
    return !deal.silent && deal.savedBy === userId && newer && now - savedAt < CHECKING_FOR;
}

/** Say whether what the user did here a moment ago, on the deal or on a task, has not been looked at yet. */
export function isAwaited(act, deal, now) {
    return Boolean(act) && !deal.silent && deal.checkedAt === act.checkedAt && now - act.at < CHECKING_FOR;
}

/** Say whether asking makes sense: something is held up, or an earlier request waits to be heard. */
export function isAskable(deal) {
    return ASKABLE.has(deal.readiness);
}

/** Say whether the user may write a field of this object, as its describe tells. */
export function mayWrite(info, field) {
    return info?.fields?.[field]?.updateable === true;
}

/** The open tasks by which the user, or a queue, is asked to decide this deal: key is account:deal:person:card. */
export function decisions(data, dealId, userId) {
    const nodes = data?.uiapi?.query?.Task?.edges?.map((edge) => edge.node) ?? [];
    return nodes
        .filter((one) => (one[TASK.key]?.value ?? '').split(':')[1] === dealId && !one[TASK.decision]?.value)
        .filter((one) => one.OwnerId?.value === userId || one.OwnerId?.value?.startsWith(QUEUE))
        .map((one) => ({
            id: one.Id,
            subject: one.Subject?.value ?? '',
            figures: lines(one[TASK.figures]?.value ?? '')
        }));
}

function lines(text) {
    const said = text.split('\n').filter((line) => line.trim());
    return said.map((line, place) => ({ key: `${place} ${line}`, text: line.replace(/^- /, '') }));
}

/** Say whether an answer is a yes, which may hold until a day. */
export function isGrant(answer) {
    return answer === ANSWER.yes || answer === ANSWER.upTo;
}

/** The day that it is in a time zone, as 2026-11-25. */
export function today(now, timeZone) {
    return new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(now));
}

/** Ask Operations, with a case and the day by which the answer is needed. Salesforce itself stamps who and when. */
export function ask(dealId, { text, neededBy }, now) {
    return written(dealId, WRITES.ask, {
        [DEAL.request]: REQUEST.ask,
        [DEAL.case]: text || null,
        [DEAL.neededBy]: neededBy || null,
        [DEAL.askedAt]: now
    });
}

/** Answer the question that an approver asked. */
export function reply(dealId, text, now) {
    const values = { [DEAL.request]: REQUEST.ask, [DEAL.case]: text, [DEAL.askedAt]: now };
    return written(dealId, WRITES.reply, values);
}

/** Take the questions back. */
export function takeBack(dealId, now) {
    const values = { [DEAL.request]: REQUEST.takeBack, [DEAL.askedAt]: now };
    return written(dealId, WRITES.takeBack, values);
}

/** Decide on a task: yes, yes up to a limit, no, or a question back. */
export function decide(taskId, { answer, limit, note, until }) {
    return written(taskId, WRITES.decide, {
        [TASK.decision]: answer,
        [TASK.limit]: answer === ANSWER.upTo ? limit : null,
        [TASK.note]: note || null,
        [TASK.until]: (isGrant(answer) && until) || null
    });
}

/** What is missing or wrong of a decision, as a sentence; empty where nothing is. `now` is today. */
export function incomplete({ answer, limit, note, until }, now) {
    if (!answer) {
        return LABELS.AnswerMissing;
    }
    if (answer === ANSWER.upTo && !Number.isFinite(limit)) {
        return LABELS.LimitMissing;
    }
    if (isGrant(answer) && until && until < now) {
        return LABELS.DayOver;
    }
    if (note) {
        return '';
    }
    return { [ANSWER.no]: LABELS.WhyMissing, [ANSWER.question]: LABELS.QuestionMissing }[answer] ?? '';
}

/** The sentences of an error of the UI API: of its fields, of the record, or its own. */
export function reasons(error) {
    const output = error?.body?.output ?? {};
    const ofFields = Object.values(output.fieldErrors ?? {}).flat();
    const all = [...(output.errors ?? []), ...ofFields].map((one) => one.message);
    return [...new Set(all)].join(' ') || error?.body?.message || error?.message || LABELS.NoReason;
}

function written(id, names, values) {
    return { fields: { Id: id, ...Object.fromEntries(names.map((name) => [name, values[name]])) } };
}
