/** How deep JSON may be nested: whoever walks it calls itself for each level, and would run out of stack at some thousands. */
export const MAX_NESTING = 1000;

export function isNestedTooDeep(json: unknown, levels = MAX_NESTING): boolean {
  if (typeof json !== 'object' || json === null) return false;
  if (levels === 0) return true;
  for (const part of Object.values(json)) if (isNestedTooDeep(part, levels - 1)) return true;
  return false;
}
