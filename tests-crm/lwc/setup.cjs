// `await expect(element).toBeAccessible()` in every test, and labels with their texts instead of their names.
require('@sa11y/jest').registerSa11yMatcher()
const { labels } = require('./labels.cjs')

for (const [name, text] of labels()) {
  jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: text }), { virtual: true })
}
