import { Denied } from './refusals';

/** The URI that a client asked a proxy for, as every server behind it is sure to read it. */
export interface OriginalUri {
  /** The segments of the path, decoded. A slash at the end adds none. */
  readonly segments: readonly string[];
  /** What stands after the question mark, as it was sent. */
  readonly query: string;
}

/** What can stand in a path (RFC 3986), but for the semicolon: some servers cut off what follows it, others do not. */
const PATH = /^\/[\w\-.~!$&'()*+,=:@%/]*$/;
const QUERY = /^[!-~]*$/;
const BROKEN_ENCODING = /%(?![0-9A-Fa-f]{2})|%00/;

/**
 * Encoded dots, slashes, backslashes, semicolons, and what ends a path, also when they were encoded over and over, for servers
 * that decode twice.
 */
const HIDDEN_STRUCTURE = /%(?:25)*(?:2e|2f|5c|3b|3f|23|00)/i;

/** In what is decoded: the ends of lines and the like. */
const DECODED_STRUCTURE = /\p{Cc}/u;

/**
 * Reads the URI of a request. Whatever a server behind the proxy could read in another way is refused: the resource that
 * was asked about must be the one that is touched then.
 *
 * @throws Denied
 */
export function parseOriginalUri(uri: string): OriginalUri {
  const end = uri.indexOf('?');
  const path = end === -1 ? uri : uri.slice(0, end);
  const query = end === -1 ? '' : uri.slice(end + 1);
  if (!PATH.test(path)) throw new Denied('the path has a character that cannot stand in one');
  if (!QUERY.test(query) || query.includes('#'))
    throw new Denied('the query has a character that cannot stand in one');
  if (BROKEN_ENCODING.test(uri)) throw new Denied('the URI is not encoded as one');
  if (HIDDEN_STRUCTURE.test(path)) throw new Denied('the path has an encoded dot, slash or the like');
  return { segments: segmentsOf(path), query };
}

function segmentsOf(path: string): readonly string[] {
  const segments = path.slice(1).split('/');
  if (segments.at(-1) === '') segments.pop();
  return segments.map(decoded);
}

function decoded(segment: string): string {
  if (segment === '') throw new Denied('the path has two slashes in a row');
  if (segment === '.' || segment === '..') throw new Denied('the path has a dot segment');
  const text = decode(segment);
  if (DECODED_STRUCTURE.test(text))
    throw new Denied('the path has an encoded character that cannot stand in one');
  return text;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Denied('the path is not encoded as UTF-8');
  }
}
