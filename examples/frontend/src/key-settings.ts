import type { Send } from './client';
import {
  ChangeScopeDocument,
  CreateKeyDocument,
  DisableKeyDocument,
  EnableKeyDocument,
  ExplainAccessDocument,
  ListKeysDocument,
  RenameKeyDocument,
  RevokeKeyDocument,
  RotateKeyDocument,
  type CreateApiKeyInput,
  type KeyRowFragment,
  type MendableFragment,
  type ResourceInput,
  type ScopeInput,
} from './generated/graphql';

/** What a person can mend in what they entered: show it beside the `field`. */
export class MendableInput extends Error {
  constructor(readonly problems: readonly MendableFragment[]) {
    super(problems.map(({ message }) => message).join(' '));
  }
}

/** All that a page for the keys of an organization does. */
export function keySettings(send: Send) {
  return {
    list: async (organizationId: string, after: string | null = null) =>
      (await send(ListKeysDocument, { organizationId, after })).apiKeys,

    /** The secret key is shown this once: it cannot be asked for again. */
    create: async (input: CreateApiKeyInput) => {
      const { secretKey, warnings, ...rest } = (await send(CreateKeyDocument, { input })).createApiKey;
      return { secretKey, warnings, key: keyOf(rest) };
    },

    rename: async ({ id, version }: KeyRowFragment, name: string) =>
      keyOf((await send(RenameKeyDocument, { id, version, name })).updateApiKey),

    changeScope: async ({ id, version }: KeyRowFragment, scope: ScopeInput) =>
      keyOf((await send(ChangeScopeDocument, { id, version, scope })).updateApiKey),

    /** The old secret goes on for the grace period, so that services can be given the new one first. */
    rotate: async ({ id }: KeyRowFragment, gracePeriodSeconds: number) => {
      const { secretKey, ...rest } = (await send(RotateKeyDocument, { id, gracePeriodSeconds })).rotateApiKey;
      return { secretKey, key: keyOf(rest) };
    },

    disable: async ({ id }: KeyRowFragment) => keyOf((await send(DisableKeyDocument, { id })).disableApiKey),

    enable: async ({ id }: KeyRowFragment) => keyOf((await send(EnableKeyDocument, { id })).enableApiKey),

    /** For good. */
    revoke: async ({ id }: KeyRowFragment, reason: string) =>
      keyOf((await send(RevokeKeyDocument, { id, reason })).revokeApiKey),

    /** Why the key may touch a resource, or what would have to be granted; null when the page may not know. */
    explain: async ({ id }: KeyRowFragment, resource: ResourceInput) =>
      (await send(ExplainAccessDocument, { apiKeyId: id, resource })).explainAccess,
  };
}

interface Payload {
  readonly apiKey: KeyRowFragment | null;
  readonly userErrors: readonly MendableFragment[];
}

function keyOf({ apiKey, userErrors }: Payload): KeyRowFragment {
  if (apiKey === null || userErrors.length > 0) throw new MendableInput(userErrors);
  return apiKey;
}
