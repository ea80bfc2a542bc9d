import { expect } from '@jest/globals';
import { eventually } from './eventually';
import { signWithSecret } from './token-issuer';
import type { Credential, TestProgram } from './test-program';

/** A question, as REST clients send it. */
export interface Asked {
  readonly secretKey: string;
  readonly resource?: { readonly level: string; readonly id: string } | null | undefined;
  readonly cost?: number;
  readonly fresh?: boolean;
}

/** What of an answer is the same over REST and GraphQL, and does not depend on limits. */
export interface VerificationView {
  readonly valid: boolean;
  readonly code: string;
  readonly apiKey: Readonly<Record<string, unknown>> | null;
  readonly grantedBy: {
    readonly level: string;
    readonly resourceId: string;
    readonly path: readonly { readonly level: string; readonly id: string }[];
  } | null;
  readonly missingGrant: { readonly level: string; readonly resourceId: string } | null;
}

/** Asks one question, and fails when there is no answer. */
export type Verify = (
  program: TestProgram,
  credential: Credential,
  asked: Asked,
) => Promise<VerificationView>;

/** What is answered from memory alone, once it is remembered. */
export async function remembered<Answer>(program: TestProgram, ask: () => Promise<Answer>): Promise<Answer> {
  return eventually(async () => {
    const answers: Answer[] = [];
    const statements = await program.statementsDuring(async () => answers.push(await ask()));
    expect(statements).toEqual([]);
    return answers[0] as Answer;
  });
}

/** Posts anything to where services ask over REST. */
export async function postVerify(
  program: TestProgram,
  credential: Credential,
  body: unknown,
): Promise<Response> {
  return fetch(`${program.url}/v1/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify(body),
  });
}

export const verifyByRest: Verify = async (program, credential, asked) => {
  const response = await postVerify(program, credential, asked);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`The verification failed: ${text}`);
  return viewOf(JSON.parse(text) as VerificationView);
};

export const VERIFICATION_FIELDS = `valid code
  apiKey { id name organizationId scope { organizationId accountIds widgetIds environmentIds } metadata expiresAt }
  grantedBy { grant { level resourceId } path { level resourceId } } missingGrant { level resourceId }`;

/** An answer as GraphQL tells it. */
export interface GraphqlVerification extends Omit<VerificationView, 'grantedBy'> {
  readonly grantedBy: { readonly grant: Ref; readonly path: readonly Ref[] } | null;
}

interface Ref {
  readonly level: string;
  readonly resourceId: string;
}

export const verifyByGraphql: Verify = async (program, credential, input) => {
  const { data, text } = await program.graphql<{
    verifyApiKey: { verification: GraphqlVerification | null };
  } | null>(
    credential,
    `mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) {
      verification { ${VERIFICATION_FIELDS} } userErrors { code message } } }`,
    { input },
  );
  const verification = data?.verifyApiKey.verification;
  if (verification == null) throw new Error(`The verification failed: ${text}`);
  return fromGraphql(verification);
};

/** The answer of GraphQL in the form of REST. */
export function fromGraphql({ grantedBy, ...verification }: GraphqlVerification): VerificationView {
  const path = grantedBy?.path.map(({ level, resourceId }) => ({ level, id: resourceId })) ?? [];
  return viewOf({ ...verification, grantedBy: grantedBy && { ...grantedBy.grant, path } });
}

function viewOf({ valid, code, apiKey, grantedBy, missingGrant }: VerificationView): VerificationView {
  return { valid, code, apiKey, grantedBy, missingGrant };
}

/** A token of a service that may verify the keys of some organizations only. */
export async function boundService(
  tokenSecret: string,
  organizationIds: readonly string[],
): Promise<Credential> {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub: 'bound', exp, scope: 'api-keys:verify', organization_ids: organizationIds };
  return { authorization: `Bearer ${await signWithSecret(claims, tokenSecret)}` };
}
