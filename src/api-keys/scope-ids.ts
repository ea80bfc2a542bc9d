import type { Scope } from '../scopes';

/** What a scope grants, by ids, as clients know it. The organization is there if it is granted as a whole. */
export function scopeIds(scope: Scope) {
  return {
    organizationId: scope.idsAt('ORGANIZATION')[0] ?? null,
    accountIds: scope.idsAt('ACCOUNT'),
    widgetIds: scope.idsAt('WIDGET'),
    environmentIds: scope.idsAt('ENVIRONMENT'),
  };
}
