import { Denied } from './refusals';

/**
 * The value of a parameter of a query; null when it is not there.
 *
 * @throws Denied when servers could differ about what it is
 */
export function queryValue(query: string, name: string): string | null {
  // Some servers take it for the end of a parameter.
  if (query.includes(';')) throw new Denied('the query has a semicolon');
  const alike = Array.from(new URLSearchParams(query)).filter(([other]) => plain(other) === plain(name));
  const [parameter] = alike;
  if (parameter === undefined) return null;
  if (alike.length > 1 || parameter[0] !== name)
    throw new Denied(
      'a parameter that is asked about is there twice, or under a name that is almost its own',
    );
  return parameter[1];
}

/** Names that are the same to some servers: `env`, `ENV`, `env[]`, and what others put into the place of dots. */
function plain(name: string): string {
  const [bare = ''] = name.trim().toLowerCase().split('[');
  return bare.replace(/[. ]/g, '_');
}
