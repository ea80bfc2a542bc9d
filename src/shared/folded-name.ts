/**
 * A name as it is searched and sorted: in lower case by Unicode's rules, not a language's, and composed to NFC. Done
 * here, and stored, so that both databases agree on it; the collations of servers differ.
 *
 * It is composed last, since some letters can be composed only in lower case. The two small sigmas count as one: which
 * of them a capital becomes depends on what follows, and a part of a name must fold as it does within the name.
 */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
