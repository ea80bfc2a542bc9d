import type { IncomingHttpHeaders } from 'node:http';
import type { Level } from '../../scopes';
import { toId } from '../../shared/ids';
import type { ResourceSource } from './instructions';
import { parseOriginalUri } from './original-uri';
import { Denied, Misconfigured } from './refusals';
import type { Asked, UriTemplate } from './uri-template';

/**
 * What a request asks about.
 *
 * @param originalUri the URI that the client asked the proxy for; undefined when the proxy did not say
 * @throws Denied when it asks about nothing that can be told, Misconfigured when the proxy does not say what is needed
 */
export function resourceOfRequest(
  source: ResourceSource,
  headers: IncomingHttpHeaders,
  originalUri: string | undefined,
): Asked {
  switch (source.kind) {
    case 'NONE':
      return { resource: null, within: [] };
    case 'RESOURCE':
      return { resource: source.resource, within: [] };
    case 'HEADER':
      return namedByHeader(headers[source.header], source.level);
    case 'TEMPLATES':
      return namedByUri(originalUri, source.templates);
  }
}

function namedByHeader(value: string | string[] | undefined, level: Level): Asked {
  const id = toId(value);
  if (id === null) throw new Denied('the header that names the resource holds no id');
  return { resource: { level, id }, within: [] };
}

function namedByUri(originalUri: string | undefined, templates: readonly UriTemplate[]): Asked {
  if (originalUri === undefined) throw new Misconfigured('the proxy does not send the URI of the request');
  const uri = parseOriginalUri(originalUri);
  for (const template of templates) {
    const asked = template.match(uri);
    if (asked !== null) return asked;
  }
  throw new Denied('no template matches');
}
