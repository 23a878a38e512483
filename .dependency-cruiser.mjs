/** Who may import whom; each rule is shown catching a violation by `e2e/boundaries.spec.ts`. */
const app = '^apps/([^/]+)/';
/** The simulator, the mailbox, the launcher and the gateway have no features of ticketing, but parts of one mechanism. */
const feature = '^apps/(ticket-api|payment-service|notification-service)/src/([^/]+)/';

export default {
  forbidden: [
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      comment: 'Services meet on the wire only.',
      from: { path: app },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'libs-by-their-index-only',
      severity: 'error',
      comment: 'What a lib does not export is its own affair.',
      from: { path: '^(apps|e2e|libs/([^/]+))/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
    },
    {
      name: 'contracts-import-zod-only',
      severity: 'error',
      comment: 'Wire truth depends on nothing that can change under it.',
      from: { path: '^libs/contracts/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/contracts/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'features-by-their-module-only',
      severity: 'error',
      comment: "A feature's door is its module file.",
      from: { path: feature, pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^apps/$1/src/[^/]+/', pathNot: ['^apps/$1/src/$2/', '^apps/$1/src/[^/]+/[^/]+\\.module\\.ts$'] },
    },
    {
      name: 'domain-imports-no-package',
      severity: 'error',
      comment: 'Pure decisions know neither Nest nor TypeORM nor any package.',
      from: {
        path: '^apps/ticket-api/src/orders/(allocation|order|refund)\\.ts$|^apps/payment-service/src/(payments/payment|refunds/(refund|bearing-payment))\\.ts$',
      },
      to: { dependencyTypes: ['npm', 'core'] },
    },
    {
      name: 'typeorm-in-stores-only',
      severity: 'error',
      comment: 'Tables are touched in stores, queries, migrations, persistence, messaging and by who audits them.',
      from: {
        path: '^(apps|libs)/',
        pathNot: [
          '\\.store\\.ts$',
          '/migrations/',
          '/testing/',
          '^libs/(persistence|messaging|testing|invariants)/',
          '^apps/standalone/src/(databases|embedded-postgres)/',
          '\\.spec\\.ts$',
        ],
      },
      to: { path: '(^|/)node_modules/(typeorm|pg|pg-boss)/' },
    },
    {
      name: 'stripe-in-the-gateway-file-only',
      severity: 'error',
      comment: 'The simulator takes its types, and signs its webhooks with it.',
      from: {
        path: '^(apps|libs)/',
        pathNot: ['^apps/payment-service/src/stripe/', '^apps/stripe-simulator/', '\\.spec\\.ts$'],
      },
      to: { path: '(^|/)node_modules/stripe/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is dead.',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '\\.d\\.ts$', '/(main|migrate)\\.ts$'] },
      to: {},
    },
    {
      name: 'testing-is-for-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^libs/testing/' },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
