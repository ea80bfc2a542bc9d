import { randomBytes } from 'node:crypto';
import type { ServicePermission } from '../../src/auth/principal';
import { mintToken } from '../../src/demo/development-token';
import { StartedProgram, type Settings } from './started-program';

type Headers = Readonly<Record<string, string>>;

/** What of an answer to `POST /v1/verify` its readers here need to know. */
export interface VerifyAnswer {
  readonly status: number;
  /** The outcome, or the code of the error. */
  readonly code: string;
}

/** Several processes of the program, as in production, on one database of a server. */
export class Replicas {
  private readonly tokenSecret = randomBytes(32).toString('hex');
  private readonly settings: Settings;
  readonly programs: StartedProgram[] = [];

  /** @param databaseUrl where the database is that they share */
  constructor(databaseUrl: string, settings: Settings = {}) {
    this.settings = {
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      AUTH_JWT_SECRET: this.tokenSecret,
      KEY_PEPPERS: `1:${randomBytes(32).toString('base64')}`,
      ...settings,
    };
  }

  /** Starts one more, with settings of its own. */
  async add(settings: Settings = {}): Promise<StartedProgram> {
    const program = await StartedProgram.start({ ...this.settings, ...settings });
    this.programs.push(program);
    return program;
  }

  async user(email: string): Promise<Headers> {
    return this.token(email, []);
  }

  async service(name: string, ...permissions: ServicePermission[]): Promise<Headers> {
    return this.token(name, permissions);
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
  }

  private async token(subject: string, permissions: readonly ServicePermission[]): Promise<Headers> {
    const request = { subject, permissions, issuer: null, audience: null };
    return { authorization: `Bearer ${await mintToken(this.tokenSecret, request)}` };
  }
}

/** Asks a replica whether a secret key may touch a resource. */
export async function verifyAt(
  program: StartedProgram,
  credential: Headers,
  question: object,
): Promise<VerifyAnswer> {
  const response = await fetch(`${program.url}/v1/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify(question),
  });
  const { code } = (await response.json()) as { code: string };
  return { status: response.status, code };
}

/** Runs a mutation at a replica and returns its payload, without the errors that the caller could mend. */
export async function mutateAt<Payload>(
  program: StartedProgram,
  credential: Headers,
  mutation: { readonly name: string; readonly inputType: string; readonly select: string },
  input: object,
): Promise<Payload> {
  const { name, inputType, select } = mutation;
  const query = `mutation($input: ${inputType}!) { ${name}(input: $input) { ${select} userErrors { message } } }`;
  const data = await askAt<Record<string, Payload & { userErrors: readonly unknown[] }>>(
    program,
    credential,
    query,
    { input },
  );
  const payload = data[name];
  if (payload === undefined || payload.userErrors.length > 0)
    throw new Error(`${name} failed: ${JSON.stringify(payload)}`);
  return payload;
}

/** What a replica answers to an operation, which must have no errors. */
export async function askAt<Data>(
  program: StartedProgram,
  credential: Headers,
  query: string,
  variables: object = {},
): Promise<Data> {
  const response = await fetch(`${program.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (data === undefined || errors !== undefined)
    throw new Error(`${query} failed: ${JSON.stringify(errors)}`);
  return data;
}
