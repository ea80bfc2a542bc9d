import type { Load } from './load';
import type { Question } from './world';

/** @param authorization of the caller who asks by GraphQL */
export function graphqlLoad(authorization: string, query: string, variables: object): Load {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { authorization },
    variants: [{ body: JSON.stringify({ query, variables }) }],
  };
}

/** @param authorization of a service that may verify */
export function restLoad(
  authorization: string,
  questions: readonly Pick<Question, 'secretKey' | 'environmentId'>[],
): Load {
  return {
    method: 'POST',
    path: '/v1/verify',
    headers: { authorization },
    variants: questions.map((question) => ({ body: JSON.stringify(verificationInput(question)) })),
  };
}

export function verificationInput({
  secretKey,
  environmentId,
}: Pick<Question, 'secretKey' | 'environmentId'>) {
  return { secretKey, resource: { level: 'ENVIRONMENT', id: environmentId } };
}
