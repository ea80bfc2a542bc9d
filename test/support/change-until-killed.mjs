// Makes one change to an API key with the built program, and kills itself when its n-th statement is sent. Exits with 0
// when the change is over before that.
import { change } from '../../dist/src/audit/change.js';
import { readConfig } from '../../dist/src/config.js';
import { createApiKey } from '../../dist/src/api-keys/changing/create-api-key.js';
import { openDatabase } from '../../dist/src/database/open-database.js';
import { revokeApiKey } from '../../dist/src/api-keys/changing/revoke-api-keys.js';
import { rotateApiKey } from '../../dist/src/api-keys/changing/rotate-api-key.js';
import { SecretKeys } from '../../dist/src/api-keys/secrets/secret-key.js';
import { createLogger } from '../../dist/src/shared/logger.js';
import { TABLES } from '../../dist/src/tables.js';
import { updateApiKey } from '../../dist/src/api-keys/changing/update-api-key.js';

const { environment, user, operation, input, killAt } = JSON.parse(process.argv[2]);
const secrets = new SecretKeys({ prefix: 'sg', peppers: new Map([[1, Buffer.alloc(32)]]) });

const OPERATIONS = {
  create: (open) => createApiKey(open, secrets, input),
  update: (open) => updateApiKey(open, input),
  rotate: (open) => rotateApiKey(open, secrets, input),
  revoke: (open) => revokeApiKey(open, input, 'A leak'),
};

// Of the statements that open the database none counts.
let sent = -Infinity;
const database = await openDatabase({
  settings: readConfig(environment).database,
  tables: TABLES,
  logger: createLogger('silent'),
  onStatement: () => {
    if (++sent === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
sent = 0;
const principal = { kind: 'USER', id: user.id, email: user.email, memberships: [] };
const origin = { address: null, userAgent: null, requestId: null };
const nobody = { tell: () => undefined };
await change(database, { principal, origin, now: Date.now() }, OPERATIONS[operation], nobody);
sent = -Infinity;
await database.close();
