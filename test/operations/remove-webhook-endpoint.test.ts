import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { createdKey, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';
import {
  addedEndpoint,
  deliveriesOf,
  endpointsOf,
  removeEndpoints,
  tryToRemoveEndpoint,
} from '../support/webhooks';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const URL_OF_ACME = 'https://hooks.acme.example/keys';

describe('removeWebhookEndpoint', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;
  let endpointId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
  });

  beforeEach(async () => {
    await removeEndpoints(program);
    endpointId = (await addedEndpoint(program, as.owner, acmeId, URL_OF_ACME)).id;
  });

  afterAll(() => program.stop());

  const createKey = () => createdKey(program, as.owner, { name: 'Told', scope: {}, organizationId: acmeId });

  test('an admin removes an endpoint with its deliveries, and later changes are told to the others only', async () => {
    const other = await addedEndpoint(program, as.owner, acmeId, `${URL_OF_ACME}/other`);
    await createKey();
    expect(await deliveriesOf(program, as.owner, acmeId)).toHaveLength(2);
    const removed = await tryToRemoveEndpoint(program, as.admin, endpointId);
    expect(removed).toEqual({ removedId: endpointId, userErrors: [] });
    await createKey();
    const left = (await deliveriesOf(program, as.owner, acmeId)) ?? [];
    expect(left.map((delivery) => delivery.endpointId)).toEqual([other.id, other.id]);
    expect((await endpointsOf(program, as.owner, acmeId))?.map(({ id }) => id)).toEqual([other.id]);
  });

  test('it is recorded who removed it, and a second removal finds nothing', async () => {
    await tryToRemoveEndpoint(program, as.admin, endpointId);
    const again = await tryToRemoveEndpoint(program, as.admin, endpointId);
    expect(again).toMatchObject({ removedId: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
    expect(await recordOf(program, endpointId)).toMatchObject([
      { action: 'WEBHOOK_ENDPOINT_ADDED', actorId: PEOPLE.owner.id },
      {
        action: 'WEBHOOK_ENDPOINT_REMOVED',
        actorId: PEOPLE.admin.id,
        before: { url: URL_OF_ACME },
        after: null,
      },
    ]);
  });

  test.each(['member', 'narrowedMember', 'narrowedAdmin', 'both', 'outsider', 'nobody'] as const)(
    'to the %s it reads as one that is nowhere, and stays',
    async (person) => {
      const refused = await tryToRemoveEndpoint(program, as[person], endpointId);
      expect(refused).toEqual(await tryToRemoveEndpoint(program, as[person], NOWHERE));
      expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
      expect(await endpointsOf(program, as.owner, acmeId)).toHaveLength(1);
    },
  );

  test('keys go on being made while endpoints come and go', async () => {
    const removals = async () => {
      for (let round = 0; round < 10; round++) {
        const { id } = await addedEndpoint(program, as.owner, acmeId, URL_OF_ACME);
        await tryToRemoveEndpoint(program, as.owner, id);
      }
    };
    const creations = Array.from({ length: 3 }, async () => {
      for (let round = 0; round < 10; round++) await createKey();
    });
    await Promise.all([removals(), ...creations]);
    expect(await deliveriesOf(program, as.owner, acmeId, { endpointId })).toHaveLength(30);
  });
});
