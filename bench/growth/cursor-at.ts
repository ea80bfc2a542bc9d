import { freePort } from '../../test/support/free-port';
import { MeasuredProcess } from '../measured-process';
import { ourProgram } from '../our-program';
import type { LargeTenants } from './large-tenants';

/** The most that a page can have. */
const STEP = 100;

const QUERY = `query Cursor($first: Int!, $after: String) {
  apiKeys(first: $first, after: $after) { pageInfo { endCursor } }
}`;

/** Pages through the keys of the large organization as a client would. @returns the cursor of that key */
export async function cursorAt(position: number, { world, owner }: LargeTenants): Promise<string> {
  const { file, environment } = ourProgram(world);
  const program = await MeasuredProcess.start({ node: file, environment, port: await freePort() });
  try {
    let after: string | null = null;
    for (let passed = 0; passed < position; passed += STEP) after = await next(program.url, owner, after);
    if (after === null) throw new Error('The list has no such place.');
    return after;
  } finally {
    await program.stop();
  }
}

async function next(url: string, authorization: string, after: string | null): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: QUERY, variables: { first: STEP, after } }),
  });
  const { data } = (await response.json()) as {
    readonly data: { readonly apiKeys: { readonly pageInfo: { readonly endCursor: string } } };
  };
  return data.apiKeys.pageInfo.endCursor;
}
