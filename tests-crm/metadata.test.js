// Every metadata file against Salesforce's types, names and limits; then broken copies, each of which must be caught.
import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import { contradictions, fieldsOf } from './lib/contradictions.js'
import { limitProblems } from './lib/limits.js'
import { inventoryOf, unknownNames } from './lib/names.js'
import { PROJECTS } from './lib/projects.js'
import { loadTypes, problemsOf, rootOf } from './lib/schema.js'
import { metadataOf, parseXml } from './lib/source.js'

const types = loadTypes()

function problems(path, text, has, fields) {
  if (!rootOf(path)) return [`${path}: no type has this suffix`]
  if (!/^<\?xml[^>]*\?>\n<[A-Z]/.test(text)) return [`${path}: something stands before the root element`]
  try {
    const schema = problemsOf(parseXml(text), rootOf(path), types)
    return schema.length ? schema : [...unknownNames(path, text, has), ...limitProblems(path, text), ...contradictions(path, text, fields)]
  } catch (error) {
    return [`${path}: not well-formed, ${error.message}`]
  }
}

for (const { name, files, customer } of PROJECTS) {
  const has = inventoryOf(files, customer)
  const fields = fieldsOf(files)
  test(`${name}: every file holds what its type allows, and only names that exist`, () => {
    const metadata = metadataOf(files)
    assert.ok(metadata.length >= 60)
    assert.deepEqual(metadata.flatMap(([path, text]) => problems(path, text, has, fields)), [])
  })

  test(`${name}: what an admin has to choose is switched off, and nothing else`, () => {
    const off = metadataOf(files).filter(([, text]) => /<active>false|<status>(?!Active)/.test(text))
    assert.deepEqual(off.map(([path]) => posix.basename(path).split('.')[0]).sort(), ['Dealgate_Refuse_With_Reason', 'Ops_Gate_Strict'])
  })

  test(`${name}: no manifest names anything twice`, () => {
    const manifests = [...files].filter(([path]) => path.startsWith('manifest/') && path.endsWith('.xml'))
    assert.ok(manifests.length >= 5)
    assert.deepEqual(manifests.flatMap(([path, text]) => contradictions(path, text, fields)), [])
  })

  test(`${name}: no Apex, no layout, no page`, () => {
    const kinds = new Set(metadataOf(files).map(([path]) => rootOf(path)))
    assert.ok(!kinds.has(undefined))
    assert.ok(![...files.keys()].some((path) => /\.(cls|trigger|page)$|layouts\/|flexipages\//.test(path)))
  })
}

const BASE = 'force-app/main/default'
const GATE = 'objects/Opportunity/validationRules/Ops_Gate.validationRule-meta.xml'
const STAMPS = 'objects/Task/validationRules/Dealgate_Stamps.validationRule-meta.xml'
const READINESS = 'objects/Opportunity/fields/Ops_Readiness__c.field-meta.xml'
const REASON = 'objects/Opportunity/fields/Ops_Readiness_Reason__c.field-meta.xml'
const BADGE = 'objects/Opportunity/fields/Ops_Badge__c.field-meta.xml'
const MINIMUM = 'objects/Opportunity/fields/Ops_Clear_Amount_Min__c.field-meta.xml'
const CASE_FOR = 'objects/Activity/fields/Dealgate_Decision_Note__c.field-meta.xml'
const SETTING = 'objects/Dealgate__c/Dealgate__c.object-meta.xml'
const CHANGED = 'flows/Dealgate_Deal_Changed.flow-meta.xml'
const STAMP = 'flows/Dealgate_Task_Stamp.flow-meta.xml'
const REP = 'permissionsets/Dealgate_Rep.permissionset-meta.xml'
const INTEGRATION = 'permissionsets/Dealgate_Integration.permissionset-meta.xml'
const BYPASS = 'customPermissions/Dealgate_Bypass.customPermission-meta.xml'
const MESSAGE = 'workflows/Opportunity.workflow-meta.xml'
const STRICT = 'objects/Opportunity/validationRules/Ops_Gate_Strict.validationRule-meta.xml'
const REFUSE = 'flows/Dealgate_Refuse_With_Reason.flow-meta.xml'
const VIEW = 'objects/Opportunity/listViews/Dealgate_Stopped.listView-meta.xml'
const COMPACT = 'objects/Opportunity/compactLayouts/Dealgate.compactLayout-meta.xml'
const LABELS = 'labels/CustomLabels.labels-meta.xml'
const PANEL = 'lwc/dealReadiness/dealReadiness.js-meta.xml'
const ICONS = 'staticresources/Dealgate_Icons.resource-meta.xml'
const APP = '../../../client-app/main/default/externalClientApps/Dealgate.eca-meta.xml'
const SCOPES = '../../../client-app/main/default/extlClntAppOauthSettings/Dealgate_oauth.ecaOauth-meta.xml'
const POLICIES = '../../../client-app/main/default/extlClntAppOauthPolicies/Dealgate_policies.ecaOauthPlcy-meta.xml'
const long = (count) => 'x'.repeat(count)

// file, what is replaced, by what, what must be said
const BROKEN = [
  ['unknown element in a field', READINESS, '<label>', '<lable>x</lable><label>', 'unknown element'],
  ['unknown element in a rule', GATE, '<active>', '<severity>high</severity><active>', 'unknown element'],
  ['unknown element in a flow', CHANGED, '<locationX>50', '<location>1</location><locationX>50', 'unknown element'],
  ['unknown element in a permission set', REP, '<label>', '<licence>x</licence><label>', 'unknown element'],
  ['unknown element in a message', MESSAGE, '<protected>', '<secret>x</secret><protected>', 'unknown element'],
  ['wrong field type', READINESS, '<type>Picklist', '<type>PickList', 'none of its values'],
  ['wrong trigger', CHANGED, 'RecordAfterSave', 'AfterSave', 'none of its values'],
  ['wrong action', CHANGED, '>outboundMessage<', '>outboundMessages<', 'none of its values'],
  ['wrong kind of setting', SETTING, 'Hierarchy', 'Tree', 'none of its values'],
  ['wrong treatment of blanks', BADGE, 'BlankAsBlank', 'BlankAsEmpty', 'none of its values'],
  ['wrong boolean in a rule', GATE, '<active>true', '<active>yes', 'no boolean'],
  ['wrong boolean in a permission', BYPASS, '<isLicensed>false', '<isLicensed>0', 'no boolean'],
  ['wrong number', MINIMUM, '<precision>18', '<precision>eighteen', 'no number'],
  ['repeated element', GATE, '<active>true</active>', '<active>true</active><active>true</active>', 'repeated'],
  ['repeated element inside', MESSAGE, '<protected>', '<protected>false</protected><protected>', 'repeated'],
  ['missing element of a rule', GATE, /<errorMessage>.*<\/errorMessage>/, '', 'missing'],
  ['missing element of a message', MESSAGE, /<integrationUser>.*<\/integrationUser>/, '', 'missing'],
  ['elements where text belongs', READINESS, '<label>Deal readiness', '<label><b>x</b>', 'holds elements'],
  ['another root', GATE, /ValidationRule/g, 'CustomField', 'promises'],
  ['a comment before the root', GATE, '\n<Val', '\n<!-- ours -->\n<Val', 'before the root'],
  ['not well-formed', GATE, '</active>', '</activ>', 'not well-formed'],
  ['unknown field in a rule', GATE, 'PRIORVALUE(Ops_Clear__c)', 'PRIORVALUE(Ops_Cleared__c)', 'Ops_Cleared__c is nowhere'],
  ['a task field in a deal rule', GATE, 'ISCHANGED(StageName)', 'ISCHANGED(Dealgate_Key__c)', 'Dealgate_Key__c is nowhere'],
  ['unknown permission in a rule', GATE, 'Dealgate_Bypass', 'Ops_Bypass', 'Ops_Bypass is nowhere'],
  ['unknown setting in a rule', GATE, 'Dealgate__c.Off__c', 'Dealgate__c.Enabled__c', 'Enabled__c is nowhere'],
  ['unknown global in a rule', STAMPS, '$User.Id', '$User.Identity', '$User.Identity is nowhere'],
  ['unknown function', GATE, 'CONTAINS(', 'HOLDS(', 'HOLDS is nowhere'],
  ['unknown field to show the error at', GATE, '<errorDisplayField>StageName', '<errorDisplayField>Stage', 'Stage is nowhere'],
  ['unknown field in a formula field', BADGE, 'TEXT(Ops_Readiness__c)', 'TEXT(Ops_Status__c)', 'Ops_Status__c is nowhere'],
  ['unknown field in a flow', CHANGED, '$Record.Amount', '$Record.Amout', 'Opportunity.Amout is nowhere'],
  ['unknown permission in a flow', CHANGED, '$Permission.Dealgate_Bypass', '$Permission.Nobody', 'Nobody is nowhere'],
  ['unknown field stamped', STAMP, '$Record.Dealgate_Decided_By__c', '$Record.Decided_By__c', 'Task.Decided_By__c is nowhere'],
  ['unknown value stamped', STAMP, '$Flow.CurrentDateTime</el', '$Flow.Now</el', '$Flow.Now is nowhere'],
  ['unknown message in a flow', CHANGED, '<actionName>Opportunity.Dealgate_Deal', '<actionName>Opportunity.Other', 'Opportunity.Other is nowhere'],
  ['unknown step in a flow', CHANGED, '<targetReference>Ring', '<targetReference>Call', 'Call is nowhere'],
  ['unknown field in a permission set', REP, 'Opportunity.Ops_Badge__c', 'Opportunity.Ops_Bagde__c', 'Ops_Bagde__c is nowhere'],
  ['a task field named on activity', REP, 'Task.Dealgate_Key__c', 'Activity.Dealgate_Key__c', 'Activity.Dealgate_Key__c is nowhere'],
  ['unknown permission in a permission set', INTEGRATION, '<name>Dealgate_Bypass', '<name>Bypass', 'Bypass is nowhere'],
  ['unknown setting in a permission set', INTEGRATION, '<name>Dealgate__c', '<name>Other__c', 'Other__c is nowhere'],
  ['unknown object in a permission set', INTEGRATION, '<object>Product2', '<object>Product', 'Product is nowhere'],
  ['unknown field in a message', MESSAGE, '<fields>LastModifiedDate', '<fields>Modified', 'Opportunity.Modified is nowhere'],
  ['too long a message', GATE, 'Operations has', `${long(60)} Operations has`, 'longer than 255'],
  ['too long a formula', GATE, 'ISCHANGED(StageName)', `ISCHANGED(StageName), ${'NOT(FALSE), '.repeat(250)} TRUE`, 'longer than 3900'],
  ['unbalanced formula', GATE, 'ISCHANGED(StageName),', 'ISCHANGED(StageName,', 'formula'],
  ['unbalanced flow formula', CHANGED, 'AND(NOT(', 'AND(NOT((', 'formula'],
  ['too long a text field', REASON, '<length>255', '<length>256', 'up to 255'],
  ['a length where there is none', CASE_FOR, '<required>', '<length>255</length><required>', 'takes none'],
  ['too many digits', MINIMUM, '<precision>18', '<precision>19', 'more than 18'],
  ['unknown field in the strict rule', STRICT, 'Ops_Silent__c', 'Ops_Quiet__c', 'Ops_Quiet__c is nowhere'],
  ['unknown field in a refusal', REFUSE, '{!$Record.Ops_Readiness_Reason__c}', '{!$Record.Ops_Why__c}', 'Ops_Why__c is nowhere'],
  ['unknown field to refuse at', REFUSE, '<fieldSelection>StageName', '<fieldSelection>Stage', 'Stage is nowhere'],
  ['no field told for a refusal', REFUSE, /<isFieldError>.*<\/isFieldError>/, '', 'missing'],
  ['unknown column in a list view', VIEW, 'OPPORTUNITY.NAME', 'OPPORTUNITY.TITLE', 'OPPORTUNITY.TITLE is nowhere'],
  ['unknown field in a list view', VIEW, '<field>Ops_Readiness__c', '<field>Ops_State__c', 'Ops_State__c is nowhere'],
  ['wrong filter in a list view', VIEW, '<operation>equals', '<operation>is', 'none of its values'],
  ['wrong scope of a list view', VIEW, 'Everything', 'Everybody', 'none of its values'],
  ['unknown field in the compact layout', COMPACT, 'Ops_Badge__c', 'Ops_Bagde__c', 'Ops_Bagde__c is nowhere'],
  ['unknown element in a label', LABELS, '<protected>', '<secret>x</secret><protected>', 'unknown element'],
  ['too long a label text', LABELS, '<value>Ready<', `<value>${long(1001)}<`, 'longer than 1000'],
  ['unknown element in a component', PANEL, '<isExposed>', '<exposed>true</exposed><isExposed>', 'unknown element'],
  ['wrong caching of the icons', ICONS, 'Public', 'Forever', 'none of its values'],
  ['wrong distribution of the client app', APP, '<distributionState>Local', '<distributionState>Here', 'none of its values'],
  ['scopes of an unknown client app', SCOPES, '<externalClientApplication>Dealgate', '<externalClientApplication>Other', 'Other is nowhere'],
  ['a client app for an unknown permission set', POLICIES, 'Dealgate_Integration', 'Dealgate_Robot', 'Dealgate_Robot is nowhere'],
  ['wrong policy of a client app', POLICIES, 'AdminApprovedPreAuthorized', 'Everybody', 'none of its values'],
  ['a field that is granted twice', REP, '<field>Opportunity.Ops_Asked_At__c', '<field>Opportunity.Ops_Badge__c', 'Ops_Badge__c stands there twice'],
  ['a formula that may be edited', REP, /<editable>false(<\/editable>\s*<field>Opportunity.Ops_Badge__c)/, '<editable>true$1', 'is a formula'],
  ['a field that may be edited and not read', REP, /(<editable>true<\/editable>\s*<field>[^<]*<\/field>\s*<readable>)true/, '$1false', 'edited and not read'],
  ['an object that may be edited and not read', INTEGRATION, /(<allowEdit>true<\/allowEdit>\s*<allowRead>)true/, '$1false', 'changed and not read'],
  ['a label twice', LABELS, '<fullName>Dealgate_Ask</fullName>', '<fullName>Dealgate_Yes</fullName>', 'Dealgate_Yes stands there twice'],
  ['a value twice in a picklist', READINESS, '<fullName>blocked', '<fullName>ready', 'ready stands there twice'],
  ['a list view that looks for a value that is none', VIEW, '<value>blocked', '<value>stopped', 'stopped is no value'],
  ['a column twice in a list view', VIEW, '<columns>OPPORTUNITY.NAME</columns>', '<columns>OPPORTUNITY.NAME</columns><columns>OPPORTUNITY.NAME</columns>', 'stands there twice'],
  ['a field in a file of another name', READINESS, '<fullName>Ops_Readiness__c', '<fullName>Ops_Readines__c', 'not what its file is called'],
  ['messages to an address that is not https', MESSAGE, '<endpointUrl>https:', '<endpointUrl>http:', 'is not https'],
  ['too long a label', READINESS, '<label>Deal readiness', `<label>${long(41)}`, 'longer than 40'],
]

const [committed] = PROJECTS
for (const [title, file, from, to, said] of BROKEN) {
  test(`caught: ${title}`, () => {
    const path = posix.normalize(`${BASE}/${file}`)
    const good = committed.files.get(path)
    const broken = good.replace(from, to)
    assert.notEqual(broken, good, 'the copy is not broken')
    const found = problems(path, broken, inventoryOf(committed.files), fieldsOf(committed.files))
    assert.ok(found.some((problem) => problem.includes(said)), `${said} not in ${JSON.stringify(found)}`)
  })
}

for (const [title, name] of [['too long a name', `${long(41)}__c`], ['two underscores', 'Ops__Badge__c']]) {
  test(`caught: ${title}`, () => {
    const text = committed.files.get(`${BASE}/${REASON}`)
    assert.equal(limitProblems(`${BASE}/objects/Opportunity/fields/${name}.field-meta.xml`, text).length, 1)
  })
}
