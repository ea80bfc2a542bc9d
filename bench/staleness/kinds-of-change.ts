import type { Platform } from './platform';

/** A key that may touch an environment, and a change after which it may not. */
export interface Prepared {
  readonly secretKey: string;
  readonly environmentId: string;
  readonly change: () => Promise<void>;
}

type Prepare = (platform: Platform) => Promise<Prepared>;

/** Every kind of change after which a key that was valid is not. */
export const KINDS_OF_CHANGE: Readonly<Record<string, Prepare>> = {
  revoke: async (platform) => {
    const { environmentId, ...key } = await keyOfEnvironment(platform);
    const change = () => platform.change('revokeApiKey', 'RevokeApiKeyInput', { id: key.id });
    return { ...key, environmentId, change };
  },
  disable: async (platform) => {
    const { environmentId, ...key } = await keyOfEnvironment(platform);
    const change = () => platform.change('disableApiKey', 'SwitchApiKeyInput', { id: key.id });
    return { ...key, environmentId, change };
  },
  rotate: async (platform) => {
    const { environmentId, ...key } = await keyOfEnvironment(platform);
    const change = () => platform.change('rotateApiKey', 'RotateApiKeyInput', { id: key.id });
    return { ...key, environmentId, change };
  },
  narrow: async (platform) => {
    const { environmentId, id, version, secretKey } = await keyOfEnvironment(platform);
    const elsewhere = { environmentIds: [await platform.environment()] };
    const change = () =>
      platform.change('updateApiKey', 'UpdateApiKeyInput', { id, version, scope: elsewhere });
    return { secretKey, environmentId, change };
  },
  move: async (platform) => {
    const environmentId = await platform.environment();
    const { secretKey } = await platform.key({ widgetIds: [platform.widgetId] });
    const change = () =>
      platform.change('moveResource', 'MoveResourceInput', {
        id: environmentId,
        parentId: platform.otherWidgetId,
      });
    return { secretKey, environmentId, change };
  },
};

async function keyOfEnvironment(platform: Platform) {
  const environmentId = await platform.environment();
  return { environmentId, ...(await platform.key({ environmentIds: [environmentId] })) };
}
