// Salesforce's own jest preset, with the tests outside of what is deployed. It takes the project from the folder
// in which it runs.
const { join, resolve } = require('node:path')

process.env.DEALGATE_CRM_BUILD ??= resolve(__dirname, '../../build/crm')
process.chdir(resolve(__dirname, '../../salesforce'))
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config')

const modules = join(__dirname, 'node_modules')
module.exports = {
  ...jestConfig,
  roots: [__dirname],
  testMatch: [join(__dirname, 'tests/*.test.js')],
  modulePaths: [modules],
  // a bundle of styles alone, which the preset's resolver does not look for
  moduleNameMapper: {
    ...jestConfig.moduleNameMapper,
    '^c/dealReadinessForm$': resolve('force-app/main/default/lwc/dealReadinessForm/dealReadinessForm.css'),
  },
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, require.resolve('@sa11y/jest'), join(__dirname, 'setup.cjs')],
  // a module of styles alone: the preset looks for scripts only
  moduleNameMapper: { '^c/dealReadinessForm$': '<rootDir>/force-app/main/default/lwc/dealReadinessForm/dealReadinessForm.css' },
  maxWorkers: 2,
}
