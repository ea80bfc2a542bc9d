import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, getOperationAST, isEnumType, parse, validate, type DocumentNode } from 'graphql';
import { fieldsToCompile } from '../../src/server/fields-to-compile';
import { compiledExecution } from '../../src/server/compiled-execution';
import { CompiledOperations } from '../../src/server/compiled-operations';
import { createSchema } from '../../src/server/schema';
import { createLogger } from '../../src/shared/logger';

const schema = createSchema();

function compilable(query: string): boolean {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, document.definitions.length > 1 ? 'Asked' : undefined);
  return operation != null && fieldsToCompile(schema, document, operation) !== null;
}

describe('an operation is compiled', () => {
  test.each([
    'query($id: ID!) { environment(id: $id) { name widget { name account { name } } } }',
    'query($filter: ApiKeyFilter) { apiKeys(first: 50, filter: $filter) { totalCount nodes { id name } } }',
    'mutation($input: VerifyApiKeysInput!) { verifyApiKeys(input: $input) { verifications { code } } }',
    'query Asked($id: ID!) { node(id: $id) { __typename ...Named } } fragment Named on Resource { name }',
  ])('whose arguments are variables and numbers: %s', (query) => {
    expect(compilable(query)).toBe(true);
  });

  test.each([
    ['text', '{ environment(id: "01890000-0000-7000-8000-000000000000") { name } }'],
    [
      'text beside a number',
      '{ apiKey(id: 1) { usage(from: "2026-01-01", to: "2026-01-02") { totalCount } } }',
    ],
    ['a block of text', '{ environment(id: """text""") { name } }'],
    [
      'a variable in an object',
      'query($name: String) { apiKeys(filter: { nameContains: $name }) { totalCount } }',
    ],
    ['a list', '{ apiKeys(filter: { status: [ACTIVE] }) { totalCount } }'],
    ['a condition', 'query($with: Boolean!) { viewer { id email @include(if: $with) } }'],
    ['a condition of a fragment', '{ viewer { id ... @skip(if: true) { email } } }'],
    [
      'a condition in a fragment',
      'query Asked { viewer { ...F } } fragment F on Viewer { id @skip(if: true) }',
    ],
    ['a name with a meaning', '{ viewer { __proto__: id } }'],
    ['a variable with such a name', 'query($__proto__: ID!) { environment(id: $__proto__) { name } }'],
    ['a variable that all objects have', 'query($toString: ID!) { environment(id: $toString) { name } }'],
    ['the schema', '{ __schema { queryType { name } } }'],
    [
      'two changes',
      'mutation($a: SwitchApiKeyInput!) { a: disableApiKey(input: $a) { apiKey { id } } b: enableApiKey(input: $a) { apiKey { id } } }',
    ],
  ])('but not with %s', (_, query) => {
    expect(compilable(query)).toBe(false);
  });

  test('but not with more fields than are worth it, each counted for all the types that it could be of', () => {
    const nested = (levels: number): string =>
      levels === 0
        ? 'name'
        : `apiKeys(first: 1) { nodes { scope { grants(first: 1) { nodes { resource { ${nested(levels - 1)} } } } } } }`;
    const query = (levels: number) => `query($id: ID!) { environment(id: $id) { ${nested(levels)} } }`;
    expect(compilable(query(2))).toBe(true);
    expect(compilable(query(4))).toBe(false);
    expect(compilable(query(100))).toBe(false);
  });

  test('but not with inputs of more fields than are worth it', () => {
    const query = (filters: number) => {
      const names = Array.from({ length: filters }, (_, index) => `f${index}`);
      const definitions = names.map((name) => `$${name}: ApiKeyFilter`).join(', ');
      return `query(${definitions}) { ${names.map((name) => `${name}: apiKeys(filter: $${name}) { totalCount }`).join(' ')} }`;
    };
    expect(compilable(query(4))).toBe(true);
    expect(compilable(query(60))).toBe(false);
  });

  test('but not with fields that lie too deep, for which too much would be made', () => {
    const nested = (levels: number): string =>
      levels === 0 ? 'id' : `apiKeys { nodes { scope { environments { ${nested(levels - 1)} } } } }`;
    const query = (levels: number) => `query($id: ID!) { environment(id: $id) { ${nested(levels)} } }`;
    expect(compilable(query(6))).toBe(true);
    expect(compilable(query(8))).toBe(false);
  });

  test('but not with fragments that double, which is found out at once', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Viewer { ...F${level + 1} a${level}: id ...F${level + 1} }`,
    );
    const query = `query Asked { viewer { ...F0 } } ${fragments.join(' ')} fragment F60 on Viewer { email }`;
    const startedAt = performance.now();
    expect(compilable(query)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

test('each value of an enum is its name, since compiled operations tell values as they are', () => {
  const enums = Object.values(schema.getTypeMap()).filter(isEnumType);
  expect(enums.map(({ name }) => name)).toContain('ApiKeyStatus');
  for (const { value, name } of enums.flatMap((type) => type.getValues())) expect(value).toBe(name);
});

describe('of the operations that are asked for again', () => {
  const asking = async () => {
    const request = { request: {} } as never;
    const operations = new CompiledOperations(schema, createLogger('silent'));
    const listener = await compiledExecution(operations).requestDidStart?.(request);
    return async (document: DocumentNode) => {
      const source = document.loc?.source.body;
      const asked = { source, document, operationName: null, request: {}, contextValue: { principal: null } };
      return (await listener?.responseForOperation?.(asked as never)) != null;
    };
  };

  /** Documents of so many fields each. */
  const documents = (count: number, fields: number) =>
    Array.from({ length: count }, (_, index) =>
      parse(
        `{ ${Array.from({ length: fields }, (__, field) => `a${index}b${field}: viewer { id }`).join(' ')} }`,
      ),
    );

  test('only as many as have 20,000 fields are kept compiled, and others compiled anew in time', async () => {
    const isCompiled = await asking();
    const all = documents(101, 100);
    for (const document of all)
      expect([await isCompiled(document), await isCompiled(document), await isCompiled(document)]).toEqual([
        false,
        false,
        true,
      ]);
    const [first, , third, ...others] = all as [DocumentNode, DocumentNode, DocumentNode, ...DocumentNode[]];
    expect(await isCompiled(third)).toBe(true);
    expect(await isCompiled(others.at(-1) ?? third)).toBe(true);
    expect([await isCompiled(first), await isCompiled(first), await isCompiled(first)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

test('what fails of a compiled change is masked, and logged once with the id of the request', async () => {
  const failing = buildSchema('type Query { a: Int } type Mutation { fail: Int }');
  const field = failing.getMutationType()?.getFields()['fail'];
  if (field !== undefined) field.resolve = () => Promise.reject(new Error('an inner thing'));
  const lines: string[] = [];
  const destination = new Writable({
    write: (line: Buffer, _encoding, done) => {
      lines.push(line.toString());
      done();
    },
  });
  const plugin = compiledExecution(new CompiledOperations(failing, createLogger('info', destination)));
  const listener = await plugin.requestDidStart?.({ request: {} } as never);
  const source = 'mutation { fail }';
  const document = parse(source);
  const asked = {
    source,
    document,
    operationName: null,
    request: {},
    contextValue: { requestId: 'the request' },
  };
  const answers = [];
  for (let use = 0; use < 3; use++) answers.push(await listener?.responseForOperation?.(asked as never));
  expect(answers.slice(0, 2)).toEqual([null, null]);
  expect(answers[2]?.body).toMatchObject({
    singleResult: {
      data: { fail: null },
      errors: [{ path: ['fail'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'the request' } }],
    },
  });
  expect(JSON.stringify(answers[2]?.body)).not.toContain('an inner thing');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('an inner thing');
  expect(lines[0]).toContain('"requestId":"the request"');
});
