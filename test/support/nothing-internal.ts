import { expect } from '@jest/globals';

/** What no caller may ever see: statements, tables, stacks, files, and the words of drivers and of the runtime. */
const INTERNAL = [
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|UNION ALL|JOIN|WHERE)\b/,
  /\bat .+:\d+:\d+/,
  /stack/i,
  /\/(src|dist|node_modules|home|root|tmp|usr|work)\//,
  /\.(ts|js|sqlite)\b/,
  /SQLITE|mysql|mariadb|libsql|typeorm/i,
  /\b(ER_[A-Z_]+|ECONN[A-Z]+)\b/,
  /\b(TypeError|RangeError|ReferenceError|QueryFailedError)\b|is not a function|of undefined/,
  /\b(api_keys|api_key_grants|api_key_secrets|membership_grants|organization_id|name_folded)\b/,
];

/** Fails when an answer tells something about how this program is made. */
export function expectNothingInternal(text: string): void {
  for (const pattern of INTERNAL) expect(text).not.toMatch(pattern);
}
