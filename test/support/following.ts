import type { Credential, GraphqlAnswer } from './test-program';

/** What stands in a `next` event. */
export interface Told<Data = { readonly apiKeyEvents: KeyEvent }> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export interface KeyEvent {
  readonly kind: string;
  readonly occurredAt: string;
  readonly apiKey: { readonly id: string; readonly name: string; readonly status: string } | null;
}

export const FOLLOW = `subscription($organizationId: ID!) { apiKeyEvents(organizationId: $organizationId) {
  kind occurredAt apiKey { id name status } } }`;

/** Asks for a subscription, by plain fetch. */
export async function requestStream(
  program: { readonly url: string },
  credential: Credential,
  body: object,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${program.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...credential },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** A subscription, read as it comes over the wire. */
export class EventReader {
  private text = '';
  private readonly reader: ReadableStreamDefaultReader<string>;

  constructor(
    readonly response: Response,
    private readonly aborting: AbortController,
  ) {
    if (response.body === null) throw new Error('The answer has no body.');
    this.reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async open(
    program: { readonly url: string },
    credential: Credential,
    body: object,
  ): Promise<EventReader> {
    const aborting = new AbortController();
    return new EventReader(await requestStream(program, credential, body, aborting.signal), aborting);
  }

  /** Follows an organization, and has read that it does. */
  static async follow(
    program: { readonly url: string },
    credential: Credential,
    organizationId: string,
  ): Promise<EventReader> {
    const reader = await EventReader.open(program, credential, {
      query: FOLLOW,
      variables: { organizationId },
    });
    const first = await reader.event();
    if (first.kind !== 'REFRESH') throw new Error(`It began with ${first.kind}.`);
    return reader;
  }

  /** The next block of the stream, which is an event or a comment; null at its end. */
  async block(): Promise<string | null> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.text += value;
    }
  }

  /** What the next event tells; null when the stream ends, and `COMPLETE` when it says that it is complete. */
  async next(): Promise<Told | 'COMPLETE' | null> {
    for (;;) {
      const block = await this.block();
      if (block === null) return null;
      if (block.startsWith('event: complete')) return 'COMPLETE';
      if (block.startsWith('event: next\ndata: ')) return JSON.parse(block.slice(18)) as Told;
    }
  }

  /** The next event of a key, and fails when something else comes. */
  async event(): Promise<KeyEvent> {
    const told = await this.next();
    if (told === null || told === 'COMPLETE' || !told.data) throw new Error(`Told: ${JSON.stringify(told)}`);
    return told.data.apiKeyEvents;
  }

  /** The code of the error that the stream is ended with. */
  async refusal(): Promise<string | undefined> {
    const told = await this.next();
    if (told === null || told === 'COMPLETE' || told.data) throw new Error(`Told: ${JSON.stringify(told)}`);
    const end = await this.next();
    if (end !== 'COMPLETE') throw new Error('It goes on after an error.');
    return told.errors?.[0]?.extensions.code;
  }

  /** What has come after the last block. */
  get rest(): string {
    return this.text;
  }

  leave(): void {
    this.aborting.abort();
  }
}

/** The first that is told in answer to a subscription, which is left then. */
export async function firstAnswer<Data>(
  program: { readonly url: string },
  credential: Credential,
  body: object,
): Promise<Pick<GraphqlAnswer<Data>, 'data' | 'errors'>> {
  const reader = await EventReader.open(program, credential, body);
  const isStream = reader.response.headers.get('content-type')?.startsWith('text/event-stream');
  const text = (await reader.block()) ?? reader.rest;
  reader.leave();
  return JSON.parse(isStream ? text.slice(text.indexOf('{')) : text) as GraphqlAnswer<Data>;
}
