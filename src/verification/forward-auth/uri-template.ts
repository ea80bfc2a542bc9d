import { depthOf, type Level, type ResourceRef } from '../../scopes';
import { toId } from '../../shared/ids';
import type { OriginalUri } from './original-uri';
import { queryValue } from './query-value';
import { Denied, Misconfigured } from './refusals';

/** A resource that is asked about. */
export interface Asked {
  /** Null: it is only asked whether the key is good for anything. */
  readonly resource: ResourceRef | null;
  /** What the resource must lie in. */
  readonly within: readonly ResourceRef[];
}

/** What a template says of one segment of the path, or of one parameter of the query. */
type Part =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'ID'; readonly level: Level }
  | typeof ANY;

interface QueryPart {
  readonly name: string;
  readonly part: Part;
}

const ANY = { kind: 'ANY' } as const;

/** What can stand in braces, and what it is the id of. */
const VARIABLES: ReadonlyMap<string, Level> = new Map([
  ['{organizationId}', 'ORGANIZATION'],
  ['{accountId}', 'ACCOUNT'],
  ['{widgetId}', 'WIDGET'],
  ['{environmentId}', 'ENVIRONMENT'],
]);

/** What needs no encoding. A comma stands between headers of the same name that were put together, of which one is forged. */
const TEXT = /^[\w\-.~!$'()+=:@]+$/;

/**
 * Says where the URIs of a service name resources, such as `/environments/{environmentId}/**` or `/deploy?env={environmentId}`.
 *
 * `*` stands for any one segment, `**` at the end for any number of them, none included. Upper and lower case and a slash at
 * the end make no difference, as they make none to many servers. Parameters that the template does not name may be there.
 */
export class UriTemplate {
  private constructor(
    private readonly path: readonly Part[],
    /** Whether more segments may follow. */
    private readonly open: boolean,
    private readonly query: readonly QueryPart[],
  ) {}

  /** @throws Misconfigured */
  static parse(template: string): UriTemplate {
    const [path = '', query, ...rest] = template.split('?');
    if (!path.startsWith('/') || rest.length > 0) throw malformed();
    const segments = path.slice(1).split('/');
    const open = segments.at(-1) === '**';
    if (open || segments.at(-1) === '') segments.pop();
    const pathParts = segments.map(parsePart);
    const queryParts = query?.split('&').map(parseQueryPart) ?? [];
    const levels = [...pathParts, ...queryParts.map(({ part }) => part)].flatMap(levelsOf);
    if (new Set(levels).size < levels.length) throw malformed();
    return new UriTemplate(pathParts, open, queryParts);
  }

  /**
   * What a URI asks about; null when it is not of this template.
   *
   * @throws Denied for a URI of this template in which an id is none. It is not left to the next template, which may ask for
   *   less: the service could read as an id what is none here.
   */
  match(uri: OriginalUri): Asked | null {
    const { length } = uri.segments;
    if (length < this.path.length || (length > this.path.length && !this.open)) return null;
    const found: ResourceRef[] = [];
    const fits = (part: Part, value: string | null): boolean => {
      if (value === null) return false;
      if (part.kind === 'ID') found.push({ level: part.level, id: value });
      return part.kind !== 'TEXT' || part.text === value.toLowerCase();
    };
    if (!this.path.every((part, index) => fits(part, uri.segments[index] ?? null))) return null;
    if (!this.query.every(({ name, part }) => fits(part, queryValue(uri.query, name)))) return null;
    return deepestOf(found.map(withId));
  }
}

function parsePart(text: string): Part {
  if (text === '*') return ANY;
  const level = VARIABLES.get(text);
  if (level !== undefined) return { kind: 'ID', level };
  if (!TEXT.test(text) || text === '.' || text === '..') throw malformed();
  return { kind: 'TEXT', text: text.toLowerCase() };
}

function parseQueryPart(parameter: string): QueryPart {
  const [name = '', value = '', ...rest] = parameter.split('=');
  if (!/^[\w-]+$/.test(name) || rest.length > 0) throw malformed();
  return { name, part: parsePart(value) };
}

function levelsOf(part: Part): readonly Level[] {
  return part.kind === 'ID' ? [part.level] : [];
}

function malformed(): Misconfigured {
  return new Misconfigured(
    'a template: expected a path such as /environments/{environmentId}/**, with {organizationId}, {accountId}, ' +
      '{widgetId} and {environmentId} at most once each',
  );
}

function withId({ level, id: text }: ResourceRef): ResourceRef {
  const id = toId(text);
  if (id === null) throw new Denied('what stands in the place of an id is none');
  return { level, id };
}

function deepestOf(found: readonly ResourceRef[]): Asked {
  const [resource = null, ...within] = found.toSorted(
    (one, other) => depthOf(other.level) - depthOf(one.level),
  );
  return { resource, within };
}
