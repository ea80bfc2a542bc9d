import { jwtVerify } from 'jose';

const secret = new TextEncoder().encode(process.env.TOKEN_SECRET);

/** Who bears the token of a request. */
export async function subjectOf(authorization) {
  const { payload } = await jwtVerify(authorization.replace('Bearer ', ''), secret, {
    algorithms: ['HS256'],
  });
  return payload.sub;
}
