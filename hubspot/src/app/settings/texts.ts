// What people read on the settings page, ready for translation. English.

export const TEXTS = {
  title: 'Dealgate',
  intro: 'Dealgate runs at your own address. Rules, people and limits live in its policy, not here.',
  address: 'Address',
  account: 'HubSpot account',
  asking: 'Asking Dealgate',
  well: 'Connected',
  // what the connection is like, by the API's word for it
  status: {
    ok: 'Dealgate answers and keeps the deals up to date.',
    new: 'Dealgate answers, but has not read this account yet. Start it: dealgate serve.',
    paused: 'Dealgate is paused: nothing is blocked and nothing is written. Go on with: dealgate resume.',
    braked: 'Dealgate has made too many tasks in an hour and holds back: it blocks nothing for now.',
    behind: 'Dealgate is more than five minutes behind. Is a worker running?',
  } as Record<string, string>,
  you: (name: string) => `Dealgate knows you as ${name}.`,
  nobody: 'Dealgate does not know you: you may look at deals, but not decide. An admin adds you to the policy.',
  parked: (count: number) => `${count} records were set aside.`,
  trouble: 'Not connected',
  again: 'Check again',
  doctor: 'Your admin finds out more with: dealgate doctor',
  steps: 'Where people see it',
  card: 'Settings > Objects > Deals > Record customization: add the card Deal readiness to the deal record.',
  lists: 'Deal boards and lists: add Deal readiness to the card and to the columns.',
  wrong: {
    unreachable: 'Nothing answers at this address. Is Dealgate running, and does HubSpot reach it?',
    'signature-invalid':
      'Dealgate answers but does not recognise HubSpot: look at HUBSPOT_CLIENT_SECRET and DEALGATE_PUBLIC_URL.',
    'portal-unknown': 'Dealgate is not set up for this account: look at HUBSPOT_PORTAL_ID.',
    'app-unknown': 'Dealgate expects another app: look at HUBSPOT_APP_ID.',
    unreadable: 'Something else than Dealgate answers at this address.',
  } as Record<string, string>,
};
