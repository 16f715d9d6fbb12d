// The packages under test: what is committed, and what `install --render` makes for a policy.
import { fileURLToPath } from 'node:url'
import { readProject } from './source.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const BUILT = process.env.DEALGATE_CRM_BUILD ?? `${ROOT}build/crm`

const CUSTOMER = ['Number_Of_Users__c', 'Start_Date__c', 'Delivery_Address__c', 'Region__c']

/** Every package: its name, folder, files, and the fields that the customer's org brings. */
export const PROJECTS = [
  { name: 'committed', folder: `${ROOT}salesforce`, customer: [] },
  ...['policy', 'everything'].map((name) => ({ name, folder: `${BUILT}/${name}`, customer: CUSTOMER })),
].map((one) => ({
  ...one,
  files: readProject(one.folder),
  customer: one.customer.map((name) => `Opportunity.${name}`),
}))
