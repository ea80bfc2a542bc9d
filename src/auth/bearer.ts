/** The token of an `Authorization: Bearer …`, or of a header of the same form (RFC 6750); null for anything else. */
export function bearerOf(authorization: string): string | null {
  return /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? null;
}
