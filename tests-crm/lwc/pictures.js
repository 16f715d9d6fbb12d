// Pictures of the real panel in Chromium: `make pictures`. Salesforce's server is a stand-in, its components are not.
import { bundle } from './pictures/bundle.js'
import { after, take } from '../pictures/take.js'

const COLUMN = 440
const NARROW = 320

// Salesforce's components hide what is in them, so an act looks for a thing in every shadow.
const find = (what) => `const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]); const found = all(document).find((one) => ${what})`
const press = (label) => `${find(`one.localName === 'button' && one.textContent.trim() === ${JSON.stringify(label)}`)}; found.click()`
const choose = (label) => `${find(`one.localName === 'label' && one.textContent.trim() === ${JSON.stringify(label)}`)}; found.click()`
const write = (what, text) => `${find(`one.matches('${what}')`)}; found.value = ${JSON.stringify(text)}; for (const kind of ['input', 'change']) found.dispatchEvent(new Event(kind, { bubbles: true, composed: true }))`

const STATES = ['ready', 'your-turn', 'waiting-for-sign-off', 'stopped', 'ready-with-exception', 'not-checked-yet']
const PICTURES = [
  ...STATES.flatMap((show) => [COLUMN, NARROW].map((width) => ({ show, width, name: `salesforce-${show}-${width}` }))),
  { show: 'deciding', width: COLUMN, name: 'salesforce-deciding', act: after(choose('Yes, up to a limit'), write('input[name=limit]', '15'), write('textarea', 'For the reference.')) },
  { show: 'deciding', width: NARROW, name: 'salesforce-deciding-320', act: after(choose('Yes, up to a limit')) },
  { show: 'asking', width: COLUMN, name: 'salesforce-asking', act: after(press('Ask for sign-off'), write('textarea', 'They sign on Monday, and know our price.')) },
  { show: 'asked-back', width: COLUMN, name: 'salesforce-asked-back', act: after(press('Give information')) },
  { show: 'checking', width: COLUMN, name: 'salesforce-checking' },
  { show: 'silent', width: COLUMN, name: 'salesforce-silent' },
  { show: 'refused', width: COLUMN, name: 'salesforce-refused', act: after(press('Take the question back')) },
  { show: 'no-access', width: COLUMN, name: 'salesforce-no-access' },
]

await take(bundle, PICTURES)
