import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const modules = fileURLToPath(new URL('node_modules/', import.meta.url))

export default defineConfig({
  resolve: {
    // the app has no node_modules of its own here: HubSpot installs what its package.json names
    alias: [
      { find: /^@hubspot\/ui-extensions$/, replacement: `${modules}@hubspot/ui-extensions/dist/index.js` },
      { find: /^react$/, replacement: `${modules}react/index.js` },
      { find: /^react\/jsx-runtime$/, replacement: `${modules}react/jsx-runtime.js` },
    ],
  },
  esbuild: { jsx: 'automatic', jsxDev: false },
  test: { server: { deps: { inline: [/project-parsing-lib/] } }, include: ['*.spec.{js,jsx}'], setupFiles: ['./lib/worker.js'], testTimeout: 60_000, env: { TZ: 'UTC' } },
})
