import { config as hubspot } from '@hubspot/eslint-config-ui-extensions'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default [
  ...tseslint.configs.recommended,
  ...tseslint.configs.stylistic,
  ...hubspot,
  hooks.configs.flat['recommended-latest'],
  { languageOptions: { parser: tseslint.parser }, rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }] } },
]
