// Which part may know which. The order, from the top: main, program > server > features > auth > scopes; database and
// shared lie below the features. A folder of src that is not named here is a feature.
const NOT_FEATURES = '(?!(?:scopes|auth|database|shared|server|demo)/)';
const FEATURES = `^src/${NOT_FEATURES}[^/]+/`;
const ROOT_FILES = '^src/[^/]+\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Parts that need each other are one part, and cannot be read, tested or started apart. Entities name each other in ' +
        'text for this reason.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'scopes-know-nothing',
      comment:
        'The scope rule is pure: no I/O, no library, not even the shared code. So it can be tested by tables.',
      severity: 'error',
      from: { path: '^src/scopes/' },
      to: { pathNot: '^src/scopes/' },
    },
    {
      name: 'shared-knows-nothing-above',
      comment: 'What everything uses uses nothing of this program but itself.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/', pathNot: '^src/shared/' },
    },
    {
      name: 'database-knows-nothing-above',
      comment: 'The door to the database holds for any table: it knows neither tenants nor keys.',
      severity: 'error',
      from: { path: '^src/database/' },
      to: { path: '^src/', pathNot: '^src/(?:database|shared)/' },
    },
    {
      name: 'auth-knows-no-feature',
      comment:
        'The one door to permissions decides by principals and paths, so that every feature can pass through it.',
      severity: 'error',
      from: { path: '^src/auth/' },
      to: { path: '^src/', pathNot: '^src/(?:auth|scopes|database|shared)/' },
    },
    {
      name: 'nothing-below-knows-the-server',
      comment:
        'A feature says what it needs of a request; the server brings it. HTTP and GraphQL are a shell around it.',
      severity: 'error',
      from: { path: '^src/(?!server/)[^/]+/' },
      to: { path: '^src/server/' },
    },
    {
      name: 'features-do-not-know-the-root',
      comment:
        'Features are handed what they need. Only the root reads the settings and puts the parts together.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/demo/' },
      to: { path: ROOT_FILES },
    },
    {
      name: 'resources-do-not-know-api-keys',
      comment: 'The tree is there without keys; keys are there for the tree.',
      severity: 'error',
      from: { path: '^src/resources/' },
      to: { path: '^src/api-keys/' },
    },
    {
      name: 'resolvers-only-translate',
      comment: 'Only repositories write queries. Resolvers, routes and types work with what these found.',
      severity: 'error',
      from: { path: `${FEATURES}.*(?:-resolvers?|-routes|-types|-listing|-record)\\.ts$` },
      to: { path: ['^src/database/', '^node_modules/typeorm/'] },
    },
    {
      name: 'nothing-imports-main',
      comment: 'It is the one file that does something when it is imported.',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'demo-stays-apart',
      comment:
        'The demo writes rows past every permission and mints tokens, so the program itself cannot reach it: only its start, ' +
        'the scripts and the tests can.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: '^src/(?:main\\.ts$|demo/)' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'tests-stay-apart',
      comment: 'What runs in production is not made of tests or scripts.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/|^ormconfig\\.ts$' },
      to: { path: '^(?:test|bench|scripts)/' },
    },
    {
      name: 'clients-stand-alone',
      comment:
        'A client is installed elsewhere, without this program and with no packages but its own: of those that it has guards for ' +
        'it knows the types.',
      severity: 'error',
      from: { path: '^clients/([^/]+)/src/' },
      to: { pathNot: '^clients/$1/src/', dependencyTypesNot: ['core', 'type-only'] },
    },
    {
      name: 'clients-stay-apart',
      comment: 'The program does not ask itself over the network.',
      severity: 'error',
      from: { path: '^(?:src|migrations|scripts)/|^ormconfig\\.ts$' },
      to: { path: '^clients/' },
    },
    {
      name: 'migrations-stand-alone',
      comment:
        'A migration says what a release did. Were it to read the entities, it would change with them.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'only-installed-packages',
      comment:
        'A production install has no development packages, and none that merely came along with another.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/|^ormconfig\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'everything-resolves',
      comment:
        'What is imported exists. `npm start`, and the processes that tests start, import what is built, which need not be there yet.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(^|/)dist/src/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Its packages are its own: it judges from outside.
    exclude: { path: '^(?:test/federation-compatibility/suite|bench/peers)/' },
    // Types count: a part that knows the shape of another knows the other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'import', 'types', 'default'],
    },
  },
};
