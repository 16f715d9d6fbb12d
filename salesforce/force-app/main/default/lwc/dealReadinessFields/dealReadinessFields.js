// Rendered from connector/adapters/salesforce/package/panel.py.
export const DEAL = {"readiness": "Ops_Readiness__c", "reason": "Ops_Readiness_Reason__c", "checkedAt": "Ops_Checked_At__c", "detail": "Ops_Detail__c", "heardAt": "Ops_Heard_At__c", "silent": "Ops_Silent__c", "request": "Ops_Request__c", "case": "Ops_Request_Note__c", "neededBy": "Ops_Needed_By__c", "askedAt": "Ops_Asked_At__c"};
export const TASK = {"key": "Dealgate_Key__c", "decision": "Dealgate_Decision__c", "limit": "Dealgate_Decision_Limit__c", "note": "Dealgate_Decision_Note__c", "until": "Dealgate_Decision_Until__c", "figures": "Dealgate_For_Operations__c"};
export const REQUEST = {"ask": "yes", "takeBack": "withdraw"};
export const ANSWER = {"yes": "yes", "upTo": "yes-up-to", "no": "no", "question": "question"};
export const WRITES = {"ask": ["Ops_Request__c", "Ops_Request_Note__c", "Ops_Needed_By__c", "Ops_Asked_At__c"], "reply": ["Ops_Request__c", "Ops_Request_Note__c", "Ops_Asked_At__c"], "takeBack": ["Ops_Request__c", "Ops_Asked_At__c"], "decide": ["Dealgate_Decision__c", "Dealgate_Decision_Limit__c", "Dealgate_Decision_Note__c", "Dealgate_Decision_Until__c"]};
