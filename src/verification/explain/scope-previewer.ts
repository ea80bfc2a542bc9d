import { grantChecker } from '../../api-keys/changing/check-grants';
import type { Permissions } from '../../auth/authorize';
import type { RowSource } from '../../database/database';
import type { Grant } from '../../scopes';
import { ApiError } from '../../shared/errors';
import { Rejection } from '../../shared/user-errors';
import { countBelow } from './count-below';
import { previewOf, type ScopePreview } from './scope-preview';

/** Tells what scopes would reach that the caller may give to keys. */
export class ScopePreviewer {
  constructor(
    private readonly source: RowSource,
    private readonly permissions: Permissions,
  ) {}

  /**
   * For users, who alone give scopes to keys.
   *
   * @throws ApiError BAD_USER_INPUT naming the ids that may not be granted: those that the caller may not read are told
   *   like those that are nowhere
   */
  async preview(grants: readonly Grant[]): Promise<ScopePreview> {
    this.permissions.requireUser();
    try {
      const check = await grantChecker(this.source, this.permissions, grants);
      const checked = check(grants);
      return previewOf(checked, await countBelow(this.source, checked.resources));
    } catch (error) {
      throw error instanceof Rejection ? badScope(error) : error;
    }
  }
}

/** The errors of a mutation, for a query: it has no payload that could hold them. */
function badScope({ message, userErrors }: Rejection): ApiError {
  const ids = userErrors.flatMap((error) => error.ids);
  return new ApiError('BAD_USER_INPUT', message, { argument: 'scope', ids });
}
