// Salesforce's recommended rules, for what is deployed and for the tests beside it. Paths from the root.
import recommended from '@salesforce/eslint-config-lwc/recommended.js'

export default [
  { ignores: ['**/*.cjs', '**/node_modules/**'] },
  ...recommended,
  { settings: { jest: { version: 29 } } },
  {
    files: ['tests-crm/lwc/**'],
    languageOptions: { globals: { __dirname: 'readonly', process: 'readonly', URL: 'readonly' } },
    rules: {
      '@lwc/lwc/no-async-operation': 'off',
      '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off',
      '@lwc/lwc/prefer-custom-event': 'off',
      'no-await-in-loop': 'off',
    },
  },
]
