import type { Credential } from './test-program';

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Whether it brought the text of its document. */
  readonly hasText: boolean;
}

/** A `fetch` for clients in tests, which sends the credential along and keeps what was sent. */
export function recordingFetch(credential: Credential) {
  const sent: SentRequest[] = [];
  const record = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init);
    for (const [name, value] of Object.entries(credential)) request.headers.set(name, value);
    const url = new URL(request.url);
    const body = await request.clone().text();
    const hasText = url.searchParams.has('query') || /"query":\s*"/.test(body);
    sent.push({ method: request.method, url, headers: request.headers, hasText });
    return fetch(request);
  };
  return { fetch: record, sent };
}
