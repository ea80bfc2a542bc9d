/**
 * A name as it is searched and sorted: composed to NFC and in lower case by Unicode's rules, not a language's. Done
 * here, and stored, so that both databases agree on it; the collations of servers differ.
 */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
