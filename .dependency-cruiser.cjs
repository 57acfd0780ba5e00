/** The arrows of docs/architecture.md; a wrong one fails the build. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
    {
      name: 'contract-imports-zod-only',
      severity: 'error',
      from: { path: '^src-main/contract' },
      to: { pathNot: ['^src-main/contract', '^node_modules/zod'] },
    },
    {
      name: 'core-knows-no-machinery',
      comment:
        'The core takes ports by constructor: no Electron, no ssh2, no node-pty, no files, no sockets.',
      severity: 'error',
      from: { path: '^src-main/core' },
      to: {
        pathNot: [
          '^src-main/(core|contract)',
          '^node_modules/(zod|yaml|diff|ipaddr\\.js)/',
          '^(node:)?(crypto|buffer)$',
        ],
      },
    },
    {
      name: 'ports-import-contract-only',
      severity: 'error',
      from: { path: '^src-main/core/ports\\.ts$' },
      to: { pathNot: ['^src-main/contract', '^src-main/core/shell'] },
    },
    {
      name: 'playbooks-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src-main/core/playbooks/([^/]+)/' },
      to: { path: '^src-main/core/playbooks/([^/]+)/', pathNot: '^src-main/core/playbooks/$1/' },
    },
    {
      name: 'engine-knows-no-playbook',
      severity: 'error',
      from: { path: '^src-main/core/(engine|change|probe)' },
      to: { path: '^src-main/core/playbooks' },
    },
    {
      name: 'adapters-import-ports-only',
      severity: 'error',
      from: { path: '^src-main/(adapters|practice)' },
      to: { path: '^src-main/(core|hosts)', pathNot: '^src-main/core/(ports\\.ts$|shell/|failure\\.ts$)' },
    },
    {
      name: 'adapters-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src-main/adapters/([^/]+)/' },
      to: { path: '^src-main/adapters/([^/]+)/', pathNot: '^src-main/adapters/$1/' },
    },
    {
      name: 'words-know-codes-only',
      severity: 'error',
      from: { path: '^src-main/words' },
      to: {
        pathNot: ['^src-main/(words|contract)', '^resources/locales', '^node_modules/intl-messageformat'],
      },
    },
    {
      name: 'app-knows-no-machinery',
      comment: 'What stands behind the window is the same in every host: it takes ports by constructor.',
      severity: 'error',
      from: { path: '^src-main/app' },
      to: {
        pathNot: ['^src-main/(app|core|contract|words)', '^node_modules/zod/', '^(node:)?(crypto|buffer)$'],
      },
    },
    {
      name: 'core-knows-no-app',
      severity: 'error',
      from: { path: '^src-main/(core|adapters|practice)' },
      to: { path: '^src-main/(app|words)' },
    },
    {
      name: 'renderer-sees-contract-and-words-only',
      severity: 'error',
      from: { path: '^src-renderer' },
      to: { path: '^src-main', pathNot: '^src-main/(contract/|words/|core/shell/quote\\.ts$)' },
    },
    {
      name: 'renderer-reaches-contract-by-its-api',
      severity: 'error',
      from: { path: '^src-renderer', pathNot: '^src-renderer/api' },
      to: { path: '^src-main' },
    },
    {
      name: 'features-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/features/([^/]+)/', pathNot: '^src-renderer/features/$1/' },
    },
    {
      name: 'parts-and-state-know-no-feature',
      comment: 'A feature is opened by the window alone (app.svelte, views.ts).',
      severity: 'error',
      from: { path: '^src-renderer/(api|state|ui)/' },
      to: { path: '^src-renderer/(features/|app\\.svelte|views\\.ts)' },
    },
    {
      name: 'state-knows-no-parts',
      severity: 'error',
      from: { path: '^src-renderer/(api|state)/' },
      to: { path: '^src-renderer/ui/' },
    },
    {
      name: 'main-knows-no-renderer',
      severity: 'error',
      from: { path: '^src-main' },
      to: { path: '^src-renderer' },
    },
    {
      name: 'nobody-imports-hosts',
      severity: 'error',
      from: { path: '^src-main', pathNot: '^src-main/hosts' },
      to: { path: '^src-main/hosts' },
    },
    {
      name: 'only-hosts-know-electron',
      severity: 'error',
      from: { pathNot: '^src-main/hosts/(electron|preload)' },
      to: { path: '^(node_modules/)?electron' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
};
