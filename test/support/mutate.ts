import { ask } from './every-page';
import type { UserErrorView } from './key-mutations';
import type { Credential, TestProgram } from './test-program';

type Answered<Payload> = Payload & { readonly userErrors: readonly UserErrorView[] };

/** Answers the payload of a mutation whose input is named after it, and fails on errors other than those of the user. */
export async function mutate<Payload>(
  program: TestProgram,
  credential: Credential,
  mutation: string,
  selection: string,
  input: object,
): Promise<Answered<Payload>> {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const data = await ask<Record<string, Answered<Payload>>>(
    program,
    credential,
    `mutation($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} userErrors { code message field ids } } }`,
    { input },
  );
  const payload = data[mutation];
  if (payload === undefined) throw new Error(`${mutation} has no payload.`);
  return payload;
}
