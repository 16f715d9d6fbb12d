import { LightningElement, api } from 'lwc';
import { updateRecord } from 'lightning/uiRecordApi';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import { ANSWER } from 'c/dealReadinessFields';
import { LABELS, filled } from 'c/dealReadinessLabels';
import { decide, incomplete, isGrant, reasons, today } from 'c/dealReadinessState';

const OPTIONS = [
    { label: LABELS.Yes, value: ANSWER.yes },
    { label: LABELS.YesUpTo, value: ANSWER.upTo },
    { label: LABELS.No, value: ANSWER.no },
    { label: LABELS.Question, value: ANSWER.question }
];

/** One decision on one task: yes, yes up to a limit, no, or a question back. Fires `done` with what to say. */
export default class DealReadinessDecide extends LightningElement {
    @api taskId;
    @api subject = '';
    /** What a yes can be limited by; '' where nothing is, null where it is not known. */
    @api limitOn = null;
    /** What only Operations is told, line by line. */
    @api figures = [];

    labels = LABELS;
    answer = '';
    limit = '';
    note = '';
    until = '';
    wrong = '';
    isSending = false;

    get options() {
        return OPTIONS.filter((one) => one.value !== ANSWER.upTo || this.limitOn !== '');
    }

    get limitLabel() {
        return this.limitOn ? filled(LABELS.LimitOn, this.limitOn) : LABELS.Limit;
    }

    get isUpTo() {
        return this.answer === ANSWER.upTo;
    }

    get isGrant() {
        return isGrant(this.answer);
    }

    get hasFigures() {
        return this.figures.length > 0;
    }

    get today() {
        return today(Date.now(), TIME_ZONE);
    }

    get noteLabel() {
        return this.answer === ANSWER.question ? LABELS.TheQuestion : LABELS.Why;
    }

    handleAnswer(event) {
        this.answer = event.detail.value;
        this.wrong = '';
    }

    handleLimit(event) {
        this.limit = event.detail.value ?? '';
    }

    handleNote(event) {
        this.note = event.detail.value ?? '';
    }

    handleUntil(event) {
        this.until = event.detail.value ?? '';
    }

    async handleSubmit(event) {
        event.preventDefault();
        const limit = String(this.limit).trim() === '' ? NaN : Number(this.limit);
        const given = { answer: this.answer, limit, note: this.note.trim(), until: this.until };
        this.wrong = incomplete(given, this.today);
        if (!this.wrong && !this.isSending) {
            await this.send(given);
        }
    }

    async send(given) {
        this.isSending = true;
        try {
            await updateRecord(decide(this.taskId, given));
            this.dispatchEvent(new CustomEvent('done', { detail: LABELS.Decided }));
        } catch (error) {
            this.wrong = filled(LABELS.Wrong, reasons(error));
        } finally {
            this.isSending = false;
        }
    }
}
