import { LightningElement, api } from 'lwc';
import { updateRecord } from 'lightning/uiRecordApi';
import { LABELS, filled } from 'c/dealReadinessLabels';
import { ask, reasons, reply, takeBack } from 'c/dealReadinessState';

const now = () => new Date().toISOString();

/** The rep's half: ask Operations, answer a question, take the question back. Fires `done` with what to say. */
export default class DealReadinessAsk extends LightningElement {
    @api recordId;
    @api questions = [];
    @api isAsked = false;
    @api isAskable = false;

    labels = LABELS;
    shown = '';
    text = '';
    neededBy = '';
    wrong = '';
    isSending = false;
    focusOn = ''; // what goes and comes takes the focus along, else a keyboard begins anew at the page's top

    renderedCallback() {
        if (this.focusOn) {
            this.template.querySelector(this.focusOn)?.focus();
            this.focusOn = '';
        }
    }

    get isOpen() {
        return this.shown !== '';
    }

    get isAsk() {
        return this.shown === 'ask';
    }

    get isReply() {
        return this.shown === 'reply';
    }

    get hasQuestions() {
        return this.questions.length > 0;
    }

    get mayAsk() {
        return this.isAskable && !this.isAsked;
    }

    get hasButtons() {
        return this.mayAsk || this.isAsked || this.hasQuestions;
    }

    get heading() {
        return this.isAsk ? LABELS.Ask : LABELS.Reply;
    }

    get textLabel() {
        return this.isAsk ? LABELS.AskCase : LABELS.ReplyText;
    }

    get hint() {
        return this.isAsk ? LABELS.AskCaseHint : '';
    }

    get sendLabel() {
        return this.isAsk ? LABELS.AskSend : LABELS.ReplySend;
    }

    handleAsk() {
        this.show('ask', 'lightning-textarea');
    }

    handleReply() {
        this.show('reply', 'lightning-textarea');
    }

    handleClose() {
        this.show('', 'lightning-button');
    }

    handleText(event) {
        this.text = event.detail.value ?? '';
    }

    handleNeededBy(event) {
        this.neededBy = event.detail.value ?? '';
    }

    handleTakeBack() {
        return this.send(takeBack(this.recordId, now()), LABELS.TakenBack);
    }

    handleSubmit(event) {
        event.preventDefault();
        const text = this.text.trim();
        if (!text) {
            this.wrong = LABELS.Empty;
            return undefined;
        }
        if (this.isAsk) {
            return this.send(ask(this.recordId, { text, neededBy: this.neededBy }, now()), LABELS.AskSent);
        }
        return this.send(reply(this.recordId, text, now()), LABELS.ReplySent);
    }

    show(what, focusOn = '') {
        this.shown = what;
        this.focusOn = focusOn;
        this.text = '';
        this.neededBy = '';
        this.wrong = '';
    }

    async send(input, said) {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        try {
            await updateRecord(input);
            this.show('');
            this.dispatchEvent(new CustomEvent('done', { detail: said }));
        } catch (error) {
            this.wrong = filled(LABELS.Wrong, reasons(error));
        } finally {
            this.isSending = false;
        }
    }
}
