import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  execute,
  getOperationAST,
  isCompositeType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  parse,
  validate,
  type GraphQLInputType,
} from 'graphql';
import { CompiledOperations, type CompiledOperation } from '../../src/server/compiled-operations';
import type { RequestContext } from '../../src/server/request-context';
import { createSchema } from '../../src/server/schema';
import { createLogger } from '../../src/shared/logger';

type Values = Record<string, unknown>;

const RUNS = 100;

const schema = createSchema();
const operations = new CompiledOperations(schema, createLogger('silent'));
const context = {} as RequestContext;

/** With what a resolver was called last; null: it was not called. */
let called: unknown = null;

interface Root {
  readonly query: string;
  readonly variables: fc.Arbitrary<Values>;
}

/** Each field that takes arguments, asked for with a variable for each of them. */
function roots(): [name: string, root: Root][] {
  return (['query', 'mutation'] as const).flatMap((kind) =>
    Object.values(schema.getRootType(kind as never)?.getFields() ?? {}).flatMap((field): [string, Root][] => {
      field.resolve = (_source, args: unknown) => {
        called = args;
        return null;
      };
      if (field.args.length === 0) return [];
      const definitions = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
      const values = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
      const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : '';
      const query = `${kind}(${definitions}) { ${field.name}(${values}) ${selection} }`;
      return [[field.name, { query, variables: recordOf(field.args) }]];
    }),
  );
}

interface Input {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly defaultValue?: unknown;
}

/** Mostly what fits, and now and then something that lacks what is required, or holds what is unknown. */
function recordOf(inputs: readonly Input[]): fc.Arbitrary<Values> {
  const values = Object.fromEntries(inputs.map(({ name, type }) => [name, valueOf(type)]));
  const required = inputs.filter((input) => isRequiredInputField(input as never)).map(({ name }) => name);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record(values, { requiredKeys: required }) },
    { weight: 1, arbitrary: fc.record(values, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.record({ ...values, unknown: fc.constant(1) }) },
  );
}

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ID: fc.oneof(fc.uuid(), fc.string(), fc.integer()),
  String: fc.string(),
  Int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  Boolean: fc.boolean(),
  DateTimeISO: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5+02:00'),
  JSONObject: fc.dictionary(fc.string(), fc.jsonValue()),
};

const JUNK = fc.constantFrom<unknown>('?', '5', 5, 1.5, 2 ** 40, true, [], [[]], {}, { x: 1 });

function valueOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type))
    return fc.oneof(
      { weight: 25, arbitrary: good(type.ofType) },
      { weight: 1, arbitrary: fc.constant(null) },
    );
  return fc.oneof(
    { weight: 8, arbitrary: good(type) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: JUNK },
  );
}

function good(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isListType(type)) {
    const item = valueOf(type.ofType);
    return fc.oneof(
      { weight: 4, arbitrary: fc.array(item, { maxLength: 3 }) },
      { weight: 1, arbitrary: item },
    );
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) return recordOf(Object.values(type.getFields()));
  return SCALARS[String(type)] ?? fc.jsonValue();
}

describe('variables of a compiled operation are what graphql-js makes of them', () => {
  function compile(query: string): CompiledOperation {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error('There is no operation.');
    const asked = { source: query, operationName: null, document, operation };
    for (let use = 1; use < 3; use++) expect(operations.atUse(asked)).toBeNull();
    const compiled = operations.atUse(asked);
    if (compiled === null) throw new Error('The operation is not compiled.');
    return compiled;
  }

  async function byGraphqlJs(query: string, variableValues: Values): Promise<unknown> {
    called = null;
    await execute({ schema, document: parse(query), variableValues, contextValue: context });
    return called;
  }

  async function byCompiled(operation: CompiledOperation, variables: Values): Promise<unknown> {
    called = null;
    await operations.execute(operation, context, variables);
    return called;
  }

  test.each(roots())('%s', async (_name, { query, variables }) => {
    const operation = compile(query);
    await fc.assert(
      fc.asyncProperty(variables, async (values) => {
        const sent = JSON.parse(JSON.stringify(values)) as Values;
        const expected = await byGraphqlJs(query, sent);
        expect(await byCompiled(operation, sent)).toStrictEqual(expected);
        // What was filled in says nothing else to those who read it later.
        expect(await byGraphqlJs(query, sent)).toStrictEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    'query($first: Int = 3) { apiKeys(first: $first) { totalCount } }',
    'query($first: Int! = 3) { apiKeys(first: $first) { totalCount } }',
    'query($first: Int) { apiKeys(first: $first) { totalCount } }',
  ])('with the defaults of an operation: %s', async (query) => {
    const operation = compile(query);
    for (const variables of [{}, { first: null }, { first: 5 }, { first: '5' }, { first: [5] }])
      expect(await byCompiled(operation, structuredClone(variables))).toStrictEqual(
        await byGraphqlJs(query, variables),
      );
  });

  test.each([
    ['text', `{ nameContains: ${JSON.stringify('" + `${1}` \u2028 \\')} }`],
    ['a time', '{ expiresBefore: "2026-02-28T12:00:00.5+02:00", status: ACTIVE }'],
  ])('with a default that holds %s', async (_what, text) => {
    const query = `query($filter: ApiKeyFilter = ${text}) { apiKeys(filter: $filter) { totalCount } }`;
    const operation = compile(query);
    for (const variables of [{}, { filter: null }, { filter: {} }, { filter: { nameContains: 'x' } }]) {
      const expected = await byGraphqlJs(query, variables);
      // By two requests, as if each were the first.
      for (let request = 1; request <= 2; request++) {
        const sent = structuredClone(variables);
        expect(await byCompiled(operation, sent)).toEqual(expected);
        expect(await byGraphqlJs(query, sent)).toEqual(expected);
      }
    }
  });
});
