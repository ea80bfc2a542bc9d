import { LRUCache } from 'lru-cache';
import { LEVELS, type Level, type ResourceRef } from '../../scopes';
import { toId } from '../../shared/ids';
import { MAX_COST } from '../verifier';
import { Misconfigured } from './refusals';
import { UriTemplate } from './uri-template';

/** What a proxy wants to know of every request, as its configuration says. */
export interface Instructions {
  readonly source: ResourceSource;
  /** How much of the limits of a key a request uses up. */
  readonly cost: number;
}

/** Where the resource of a request is found. */
export type ResourceSource =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'RESOURCE'; readonly resource: ResourceRef }
  | { readonly kind: 'HEADER'; readonly header: string; readonly level: Level }
  | { readonly kind: 'TEMPLATES'; readonly templates: readonly UriTemplate[] };

const NOTHING: Instructions = { source: { kind: 'NONE' }, cost: 1 };

const PARAMETERS = ['template', 'resource', 'resourceHeader', 'level', 'cost'];

/** More than all proxies of a platform have between them; what is written in full for each resource is read anew. */
const MAX_REMEMBERED = 1000;

/** Reads what proxies want to know, each once. */
export class InstructionReader {
  private readonly byQuery = new LRUCache<string, Instructions>({ max: MAX_REMEMBERED });
  private readonly byHeader = new LRUCache<string, Instructions>({ max: MAX_REMEMBERED });

  /**
   * Instructions as the query of a URL.
   *
   * @throws Misconfigured for anything that is not understood: what a proxy meant to ask must not go unasked
   */
  fromQuery(query: string): Instructions {
    return remembered(this.byQuery, query, parseQuery);
  }

  /**
   * Instructions as templates with a space between, from a header; none without it.
   *
   * @throws Misconfigured
   */
  fromHeader(templates: string | undefined): Instructions {
    return templates === undefined ? NOTHING : remembered(this.byHeader, templates, parseHeader);
  }
}

function remembered(
  cache: LRUCache<string, Instructions>,
  text: string,
  parse: (text: string) => Instructions,
): Instructions {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const instructions = parse(text);
  cache.set(text, instructions);
  return instructions;
}

function parseHeader(text: string): Instructions {
  const templates = text.split(' ').map((template) => UriTemplate.parse(template));
  return { source: { kind: 'TEMPLATES', templates }, cost: 1 };
}

function parseQuery(query: string): Instructions {
  const parameters = new URLSearchParams(query);
  const known = [...parameters.keys()].every((name) => PARAMETERS.includes(name));
  if (!known) throw new Misconfigured(`the query: expected nothing but ${PARAMETERS.join(', ')}`);
  return { source: parseSource(parameters), cost: parseCost(onlyOne(parameters, 'cost')) };
}

function parseSource(parameters: URLSearchParams): ResourceSource {
  const templates = parameters.getAll('template');
  const resource = onlyOne(parameters, 'resource');
  const header = onlyOne(parameters, 'resourceHeader');
  const level = onlyOne(parameters, 'level');
  if (Number(templates.length > 0) + Number(resource !== null) + Number(header !== null) > 1)
    throw new Misconfigured('expected only one of template, resource and resourceHeader');
  if ((header === null) !== (level === null))
    throw new Misconfigured('expected resourceHeader and level together');
  if (resource !== null) return { kind: 'RESOURCE', resource: parseResource(resource) };
  if (header !== null) return { kind: 'HEADER', header: parseHeaderName(header), level: parseLevel(level) };
  if (templates.length === 0) return { kind: 'NONE' };
  return { kind: 'TEMPLATES', templates: templates.map((template) => UriTemplate.parse(template)) };
}

function onlyOne(parameters: URLSearchParams, name: string): string | null {
  const [value = null, ...others] = parameters.getAll(name);
  if (others.length > 0) throw new Misconfigured(`expected ${name} once`);
  return value;
}

function parseResource(text: string): ResourceRef {
  const [level = '', ...rest] = text.split(':');
  const id = toId(rest.join(':'));
  if (id === null) throw new Misconfigured('resource: expected ENVIRONMENT:<id> or the like');
  return { level: parseLevel(level), id };
}

function parseLevel(text: string | null): Level {
  const level = LEVELS.find((candidate) => candidate === text);
  if (level === undefined) throw new Misconfigured(`the level: expected one of ${LEVELS.join(', ')}`);
  return level;
}

function parseHeaderName(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new Misconfigured('resourceHeader: expected the name of a header');
  return text.toLowerCase();
}

function parseCost(text: string | null): number {
  const cost = Number(text ?? 1);
  if (text !== null && !(/^\d+$/.test(text) && cost <= MAX_COST))
    throw new Misconfigured(`cost: expected 0 to ${MAX_COST}`);
  return cost;
}
