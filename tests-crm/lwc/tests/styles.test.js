// The panel's styles name only hooks that SLDS 2 defines: of another the browser says nothing, and draws nothing.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const SLDS = join(__dirname, '../node_modules/@salesforce-ux/design-system-2/dist/css/bundled/slds2.cosmos.css')
const LWC = join(__dirname, '../../../salesforce/force-app/main/default/lwc')
const defined = new Set([...readFileSync(SLDS, 'utf8').matchAll(/(--slds-g-[a-z0-9-]+):/g)].map(([, name]) => name))

const unknown = (css) => [...css.matchAll(/var\((--slds-g-[a-z0-9-]+)/g)].map(([, name]) => name).filter((name) => !defined.has(name))

const styles = readdirSync(LWC, { recursive: true }).filter((name) => name.endsWith('.css'))

test.each(styles)('%s', (name) => {
  const css = readFileSync(join(LWC, name), 'utf8')
  expect(unknown(css)).toEqual([])
})

test('there are styles, and a misspelt hook is caught', () => {
  expect(styles.length).toBeGreaterThan(2)
  expect(unknown('a { color: var(--slds-g-color-border-info-1) }')).toEqual(['--slds-g-color-border-info-1'])
})
