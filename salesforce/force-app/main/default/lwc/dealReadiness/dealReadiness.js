import { LightningElement, api, wire } from 'lwc';
import { gql, graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import USER_ID from '@salesforce/user/Id';
import { fine, isAsked, limitOn, moment, open, questions, read } from 'c/dealReadinessDetail';
import { DEAL, TASK } from 'c/dealReadinessFields';
import { LABELS, filled } from 'c/dealReadinessLabels';
import { badge, decisions, isAskable, isAwaited, isChecking, mayWrite, reasons, told } from 'c/dealReadinessState';

const NEEDED = ['Opportunity.LastModifiedDate', 'Opportunity.LastModifiedById'];
const OURS = Object.values(DEAL).map((name) => `Opportunity.${name}`);
const LOOK_EVERY = 5_000;

/** What blocks a deal, who is asked until when, and what can be done about it, beside the record. */
export default class DealReadiness extends LightningElement {
    @api recordId;

    labels = LABELS;
    needed = NEEDED;
    ours = OURS;
    deal;
    panel = read('');
    trouble = '';
    done = '';
    act;
    now = Date.now();
    dealInfo;
    taskInfo;
    tasks;
    refreshTasks;
    timer;
    isTold = false;

    @wire(getRecord, { recordId: '$recordId', fields: '$needed', optionalFields: '$ours' })
    receiveDeal({ data, error }) {
        if (data) {
            const deal = told(data);
            this.deal = deal.seen ? deal : undefined;
            this.panel = read(deal.detail);
            this.trouble = deal.seen ? '' : LABELS.NotYours;
            this.now = Date.now();
        } else if (error) {
            this.trouble = filled(LABELS.Wrong, reasons(error));
        }
    }

    @wire(getObjectInfo, { objectApiName: 'Opportunity' })
    receiveDealInfo({ data }) {
        this.dealInfo = data;
    }

    @wire(getObjectInfo, { objectApiName: 'Task' })
    receiveTaskInfo({ data }) {
        this.taskInfo = data;
    }

    @wire(graphql, {
        query: gql`
            query decisionsOfDeal($deal: ID) {
                uiapi {
                    query {
                        Task(
                            where: {
                                WhatId: { eq: $deal }
                                IsClosed: { eq: false }
                                Dealgate_Key__c: { ne: null }
                            }
                            first: 50
                        ) {
                            edges {
                                node {
                                    Id
                                    Subject {
                                        value
                                    }
                                    OwnerId {
                                        value
                                    }
                                    Dealgate_Key__c {
                                        value
                                    }
                                    Dealgate_Decision__c {
                                        value
                                    }
                                    Dealgate_For_Operations__c @optional {
                                        value
                                    }
                                }
                            }
                        }
                    }
                }
            }
        `,
        variables: '$taskVariables'
    })
    receiveTasks({ data, refresh }) {
        this.tasks = data;
        this.refreshTasks = refresh;
    }

    connectedCallback() {
        // eslint-disable-next-line @lwc/lwc/no-async-operation -- our answer comes from outside: nothing tells the page
        this.timer = setInterval(() => this.look(), LOOK_EVERY);
    }

    disconnectedCallback() {
        clearInterval(this.timer);
    }

    renderedCallback() {
        if (this.isTold) {
            this.template.querySelector('.note_good')?.focus(); // the form that had the focus is gone
            this.isTold = false;
        }
    }

    get taskVariables() {
        return { deal: this.recordId };
    }

    get isLoading() {
        return !this.deal && !this.trouble;
    }

    get badge() {
        return badge(this.deal.readiness);
    }

    get badgeClass() {
        return `badge badge_${this.badge.tone}`;
    }

    get checkedAt() {
        return this.deal.checkedAt ? filled(LABELS.CheckedAt, this.said(this.deal.checkedAt)) : '';
    }

    get isChecking() {
        return isChecking(this.deal, USER_ID, this.now) || isAwaited(this.act, this.deal, this.now);
    }

    get silence() {
        return this.deal.silent ? filled(LABELS.Silent, this.said(this.deal.heardAt)) : '';
    }

    get parts() {
        return open(this.panel, (iso) => this.said(iso));
    }

    get fine() {
        return fine(this.panel);
    }

    get hasFine() {
        return this.fine.lines.length > 0;
    }

    get questions() {
        return questions(this.panel);
    }

    get isAsked() {
        return isAsked(this.panel);
    }

    get limitOn() {
        return limitOn(this.panel);
    }

    get isAskable() {
        return isAskable(this.deal);
    }

    get mayAsk() {
        return mayWrite(this.dealInfo, DEAL.request);
    }

    get decisions() {
        const mine = decisions(this.tasks, this.recordId, USER_ID);
        return mayWrite(this.taskInfo, TASK.decision) ? mine : [];
    }

    said(iso) {
        return moment(iso, LOCALE, TIME_ZONE);
    }

    look() {
        if (this.deal && this.isChecking && !document.hidden) {
            this.now = Date.now();
            this.refresh();
        }
    }

    refresh() {
        return notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
    }

    async handleRefresh() {
        this.done = '';
        await Promise.all([this.refresh(), this.refreshTasks?.()]);
    }

    handleDone(event) {
        this.acted(event.detail);
        this.refresh();
    }

    async handleDecided(event) {
        this.acted(event.detail);
        await Promise.all([this.refreshTasks?.(), this.refresh()]);
    }

    acted(said) {
        this.done = said;
        this.isTold = true;
        this.now = Date.now();
        this.act = { at: this.now, checkedAt: this.deal.checkedAt };
    }
}
