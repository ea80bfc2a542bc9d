import { lockKey, refuseRevoked } from '../../api-keys/changing/locked-key';
import { updateApiKey, type UpdatedKey } from '../../api-keys/changing/update-api-key';
import type { Change } from '../../audit/change';
import { Rejection, rejected, userError } from '../../shared/user-errors';
import { adviseScope, type AdvisedScope, type ScopeAdvice } from './scope-advice';
import { readUsedResources } from './used-resources';

/** Which key, and the advice that the caller has seen. */
export interface ApplyScopeAdvice {
  readonly id: string;
  readonly version: number;
  /** Null: whatever is advised now. */
  readonly revision: string | null;
}

export interface AppliedAdvice extends UpdatedKey {
  readonly advice: AdvisedScope;
}

/** Gives a key the scope that is advised for it now, by the rules of any other new scope. */
export async function applyScopeAdvice(
  change: Change,
  { id, version, revision }: ApplyScopeAdvice,
): Promise<AppliedAdvice> {
  const locked = await lockKey(change, id, version);
  refuseRevoked(locked);
  const [used] = await readUsedResources(change.transaction, [id], change.now);
  const advice = adviseScope(locked.scope, used ?? { used: false, resourcesNamed: false, paths: [] });
  refuseOther(advice, revision);
  try {
    const updated = await updateApiKey(change, { id, version, grants: advice.scope.grants });
    return { ...updated, advice };
  } catch (error) {
    throw error instanceof Rejection ? ofThisInput(error) : error;
  }
}

function refuseOther(advice: ScopeAdvice, revision: string | null): asserts advice is AdvisedScope {
  if (advice.reason !== null)
    throw rejected('CONFLICT', `No other scope is advised for the key: ${advice.reason}.`, ['id']);
  if (revision !== null && revision !== advice.revision)
    throw rejected(
      'CONFLICT',
      'Another scope is advised by now, since the key was used for something else.',
      ['revision'],
    );
}

/** What is told of a scope in an input would name a field that this input does not have. */
function ofThisInput({ userErrors }: Rejection): Rejection {
  return new Rejection(userErrors.map(({ code, message, ids }) => userError(code, message, ['id'], ids)));
}
