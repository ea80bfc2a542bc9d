import { ask, type Page } from './every-page';
import type { Credential, TestProgram } from './test-program';

/** How often a key was verified on a day, for one resource, with one outcome. */
export interface UsageView {
  readonly day: string;
  readonly resourceId: string | null;
  readonly code: string;
  readonly uses: number;
}

/** A day in UTC, so many days before a time. */
export const daysAgo = (days: number, now = Date.now()) =>
  new Date(now - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** What the program tells somebody of the use of a key in the last year. */
export async function usageOf(
  program: TestProgram,
  credential: Credential,
  keyId: string,
  more: object = {},
): Promise<Page<UsageView> | null> {
  const { apiKey } = await ask<{ apiKey: { usage: Page<UsageView> | null } | null }>(
    program,
    credential,
    `query($id: ID!, $from: Date!, $to: Date!, $first: Int, $codes: [VerificationCode!], $resourceId: ID) {
      apiKey(id: $id) { usage(from: $from, to: $to, first: $first, codes: $codes, resourceId: $resourceId) {
        nodes { day resourceId code uses } totalCount } } }`,
    { id: keyId, from: daysAgo(364), to: daysAgo(-1), first: 100, ...more },
  );
  return apiKey?.usage ?? null;
}

/** How often each outcome was counted for each resource, whatever the day: `VALID <id>`, or `VALID -` for none. */
export async function totalUses(
  program: TestProgram,
  credential: Credential,
  keyId: string,
): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { code, resourceId, uses } of (await usageOf(program, credential, keyId))?.nodes ?? []) {
    const name = `${code} ${resourceId ?? '-'}`;
    totals[name] = (totals[name] ?? 0) + uses;
  }
  return totals;
}
