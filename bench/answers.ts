/** What two answers have in common that are about different things. */

export function keysOnPage(body: string): number {
  const { data } = JSON.parse(body) as { readonly data: { readonly apiKeys: { readonly nodes: unknown[] } } };
  return data.apiKeys.nodes.length;
}

export function isValid(body: string): boolean {
  return (JSON.parse(body) as { readonly valid: boolean }).valid;
}

export function environmentsOfKey(body: string): number {
  const { data } = JSON.parse(body) as {
    readonly data: { readonly apiKey: { readonly scope: { readonly environmentIds: unknown[] } } };
  };
  return data.apiKey.scope.environmentIds.length;
}
