import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBackground, type Background } from '../../src/background';
import { readConfig } from '../../src/config';
import { withDevelopmentSecrets } from '../../src/demo/development-secrets';
import { createLogger } from '../../src/shared/logger';
import { eventually } from '../support/eventually';
import { createdKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { WebhookReceiver } from '../support/webhook-receiver';
import { addedEndpoint, deliveriesOf, verified } from '../support/webhooks';

/** The settings of a program that needs none of the secrets that development keeps in a file. */
const SECRETS = {
  AUTH_JWT_SECRET: 'for tests only, and long enough to be taken',
  KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
};

describe('what the program does by itself', () => {
  let program: TestProgram;
  let receiver: WebhookReceiver;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    receiver = await WebhookReceiver.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(async () => {
    await receiver.stop();
    await program.stop();
  });

  const start = async (settings: Readonly<Record<string, string>>): Promise<Background> => {
    const config = await withDevelopmentSecrets(readConfig({ ...SECRETS, ...settings }));
    return startBackground({
      config,
      database: program.database,
      clock: Date.now,
      logger: createLogger('silent'),
    });
  };

  test('keys that expire are found and their webhooks sent, until it is stopped', async () => {
    const organizationId = customers.acme.organization.id;
    const { signingSecret } = await addedEndpoint(program, asOwner, organizationId, receiver.url('/told'));
    const background = await start({ WEBHOOK_POLL_MS: '10', EXPIRY_POLL_MS: '10' });
    await eventually(async () => {
      const types = receiver.at('/told').map((webhook) => verified(webhook, signingSecret, Date.now()).type);
      expect(types.sort()).toEqual(['api_key.expired', 'api_key.expiring']);
    });
    await background.stop();
    await createdKey(program, asOwner, { name: 'Later', scope: {}, organizationId });
    const off = await start({ WEBHOOK_POLL_MS: '0', EXPIRY_POLL_MS: '0' });
    await off.stop();
    const pending = await deliveriesOf(program, asOwner, organizationId, { status: ['PENDING'] });
    expect(pending?.map(({ payload }) => payload.data['name'])).toEqual(['Later']);
    expect(receiver.at('/told')).toHaveLength(2);
  });
});
