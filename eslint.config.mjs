import graphql from '@graphql-eslint/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPED = ['{src,migrations,scripts,test,bench,graphiql,clients}/**/*.{ts,tsx}', 'ormconfig.ts'];

/** How the reason of a deprecation ends. */
const DATED = /\. Deprecated since \d{4}-\d\d-\d\d, removed after \d{4}-\d\d-\d\d\.$/;

export default defineConfig(
  { ignores: ['**/dist/', '**/generated/', 'data/', 'coverage/'] },
  {
    // What a rule forbids is mended, or argued here for the whole code base; never waved through in a comment on the spot.
    linterOptions: { noInlineConfig: true },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: {
      // These files run as they are, before anything is compiled: some of them are CommonJS.
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    files: TYPED,
    ignores: ['bench/peers/**'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `== null` stands for null and undefined together, which GraphQL arguments mean by the same; nothing else is loose.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],

      // `() => server.close()` says that the call is passed on; braces around it would say no more.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],

      // A number has one plain text form. What the rule is against, `undefined` and `[object Object]`, stays forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],

      // type-graphql hangs a type whose fields are all resolved elsewhere on a class that is empty but for its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],

      // Entities and GraphQL types are shapes, described by decorators, which plain rows fill without a constructor. Classes
      // that are more than a shape have private members, and those the compiler already tells apart by name.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',

      // Plugins of Apollo Server and TypeORM's interfaces ask for promises. `async` keeps what that promises: an error is a
      // rejection, never thrown at the caller, whether or not there is something to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['{src,clients/*/src}/**/*.ts'],
    rules: {
      // Logs go to the logger, which redacts; the console would go past it.
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
      // A screen.
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
    },
  },
  {
    files: ['clients/*/src/**/*.ts'],
    rules: {
      // Express lets others add to its request by a namespace, and in no other way.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
    },
  },
  {
    files: ['schema/schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema/schema.graphql' } },
    },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,

      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
        },
      ],

      // The rule that there is for this wants a date in an argument of its own, which clients could not read.
      'no-restricted-syntax': [
        'error',
        {
          selector: `Directive[name.value="deprecated"]:not(:has(Argument[name.value="reason"] > StringValue[value=${DATED}]))`,
          message:
            'Say what to use instead and, at the end: "Deprecated since 2027-01-31, removed after 2027-07-31."',
        },
      ],

      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            types: [
              // Values: they are told apart by what they are part of, and clients cache them with it.
              'ApiKeyUsage',
              'Grant',
              'GrantedBy',
              'LimitState',
              'PageInfo',
              'Quota',
              'RateLimit',
              'ResourceRef',
              'Scope',
              'ScopeReach',
              'VerifiedScope',
              // Answers and events, worked out for whoever asks: they are true now, and must not be cached by an id.
              'AccessExplanation',
              'ApiKeyEvent',
              'ScopeAdvice',
              'ScopePreview',
              'Verification',
            ],
            // A page, a place in it, the answer to a write, and what is wrong with its input.
            suffixes: ['Connection', 'Edge', 'Payload', 'Error'],
          },
        },
      ],

      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // A grant is a value without an id of its own, and still too many of them to list at once.
          shouldImplementNode: false,
          // `nodes` beside `edges` spares clients a level, and short lists of values need no pages.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
  {
    // Without types: their packages are their own, and need not be installed.
    files: ['bench/peers/**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: {
      // Both type-graphql and NestJS hang types and modules on classes that are empty but for their decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    // Without types: what it is typed by is generated from the schema first, and the compiler checks it strictly.
    files: ['examples/frontend/**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
  },
  {
    files: ['examples/frontend/operations/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: {
          schema: 'schema/schema.graphql',
          documents: 'examples/frontend/operations/*.graphql',
        },
      },
    },
    rules: { ...graphql.configs['flat/operations-recommended'].rules },
  },
  {
    // The examples that people see first fit the schema that they are tried on.
    files: ['graphiql/examples/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: { schema: 'schema/schema.graphql', documents: 'graphiql/examples/*.graphql' },
      },
    },
    rules: {
      ...graphql.configs['flat/operations-recommended'].rules,
      // Nobody caches these answers; people read them.
      '@graphql-eslint/require-selections': 'off',
      // The rule knows all documents of a run, though those of the settings page are another client's.
      '@graphql-eslint/unique-operation-name': 'off',
    },
  },
);
