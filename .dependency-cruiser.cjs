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
