import fc from 'fast-check';
import type { FeedEntry } from '../../src/change-feed/feed-entry';
import type { Memory } from '../../src/verification/memory';
import type { VerifiedWorld } from './verified-world';

const CHANGES = [
  'createResource',
  'moveResource',
  'deleteResource',
  'sync',
  'createKey',
  'importKey',
  'changeKey',
  'rotateKey',
] as const;

/** Things that are told and alter no answer. */
const IRRELEVANT = ['MEMBERSHIP_ADDED', 'POLICY_UPDATED', 'RESOURCE_RENAMED'] as const;

const numbers = { first: fc.nat(255), second: fc.nat(255) };
/** What may happen in a world of keys and resources. */
export const steps = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom(...CHANGES), ...numbers }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom(...IRRELEVANT), ...numbers }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('reset' as const), ...numbers }) },
);

export interface Step {
  readonly what: (typeof CHANGES)[number] | (typeof IRRELEVANT)[number] | 'reset';
  readonly first: number;
  readonly second: number;
}

/** Makes a change in the world, and tells the memory of it: once when it is made, and perhaps again when it is read. */
export function run({ what, first, second }: Step, world: VerifiedWorld, memory: Memory): void {
  if (what === 'reset') return memory.reset();
  const entries: FeedEntry[] = isChange(what)
    ? world[what](first, second)
    : [{ action: what, organizationId: '01', subjectId: '01' }];
  memory.changed(entries);
  if (second % 4 === 0) memory.changed(entries);
}

function isChange(what: Step['what']): what is (typeof CHANGES)[number] {
  return CHANGES.some((change) => change === what);
}
