import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompleteConfig, Config } from '../config';

/** The secrets of an installation for development, made at its first start. Production brings its own. */
interface DevelopmentSecrets {
  /** Signs and checks the development tokens. */
  readonly tokenSecret: string;
  /** In base64. */
  readonly pepper: string;
}

/**
 * The settings with secrets for development in the place of those that are not configured. Production has them all by
 * then, since it does not start without.
 */
export async function withDevelopmentSecrets(config: Config): Promise<CompleteConfig> {
  const { tokens, secretKeys, dataDir } = config;
  const tokensConfigured = tokens.jwksUrl !== null || tokens.secret !== null;
  if (tokensConfigured && secretKeys.peppers !== null) {
    return { ...config, secretKeys: { ...secretKeys, peppers: secretKeys.peppers } };
  }
  const secrets = await developmentSecrets(dataDir);
  return {
    ...config,
    tokens: tokensConfigured ? tokens : { ...tokens, secret: secrets.tokenSecret },
    secretKeys: {
      ...secretKeys,
      peppers: secretKeys.peppers ?? new Map([[1, Buffer.from(secrets.pepper, 'base64')]]),
    },
  };
}

/** Reads the secrets from the data directory, or makes them there, readable by their owner only. */
async function developmentSecrets(dataDir: string): Promise<DevelopmentSecrets> {
  const file = join(dataDir, 'development-secrets.json');
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, JSON.stringify(newSecrets(), null, 2), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return JSON.parse(await readFile(file, 'utf8')) as DevelopmentSecrets;
}

function newSecrets(): DevelopmentSecrets {
  return { tokenSecret: randomBytes(32).toString('hex'), pepper: randomBytes(32).toString('base64') };
}
