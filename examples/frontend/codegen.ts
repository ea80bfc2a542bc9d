import type { CodegenConfig } from '@graphql-codegen/cli';

/** `npm run codegen` types the operations, and lists them for the server's TRUSTED_DOCUMENTS. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'examples/frontend/operations/*.graphql',
  generates: {
    'examples/frontend/src/generated/': {
      preset: 'client',
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' }, fragmentMasking: false },
      config: {
        documentMode: 'string',
        avoidOptionals: { field: true },
        enumsAsTypes: true,
        skipTypename: true,
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          DateTimeISO: 'string',
          Date: 'string',
          SafeInt: 'number',
          JSON: 'unknown',
          JSONObject: 'Record<string, unknown>',
        },
      },
    },
  },
};

export default config;
