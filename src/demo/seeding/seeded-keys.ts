import { statusOf } from '../../api-keys/api-key-status';
import type { StoredSecret } from '../../api-keys/secrets/secret-key';
import type { ResourceEntity } from '../../resources/resource-entity';
import type { KeyDescription, Tenancy } from '../tenancy';
import type { Random } from './random';
import { KEY_PURPOSES } from './seed-words';
import type { Person, SeededAccount, SeededOrganization } from './seeded-organization';

const DAY_MS = 24 * 60 * 60 * 1000;

/** No key is older. */
export const OLDEST_KEY_MS = 730 * DAY_MS;

/** How much more the first people of an organization do than the last: enough for some with few keys. */
const CREATOR_BIAS = 4;

/** Where there are as many environments, one key has them all: the largest scope that clients have to expect. */
const LARGEST_SCOPE = 5000;

type Choice<Value> = readonly [probability: number, value: Value];
type Times = Pick<KeyDescription, 'createdAt' | 'expiresAt' | 'disabledAt' | 'revokedAt'>;
type ScopeKind = 'NONE' | 'ENVIRONMENTS' | 'WIDGETS' | 'MIXED' | 'ACCOUNT' | 'ORGANIZATION';
type Life = 'ENDLESS' | 'LIMITED' | 'EXPIRED' | 'DISABLED' | 'REVOKED';

const SCOPE_KINDS: readonly Choice<ScopeKind>[] = [
  [0.74, 'ENVIRONMENTS'],
  [0.13, 'WIDGETS'],
  [0.05, 'MIXED'],
  [0.04, 'NONE'],
  [0.03, 'ACCOUNT'],
  [0.01, 'ORGANIZATION'],
];

const LIVES: readonly Choice<Life>[] = [
  [0.55, 'ENDLESS'],
  [0.25, 'LIMITED'],
  [0.08, 'EXPIRED'],
  [0.04, 'DISABLED'],
  [0.08, 'REVOKED'],
];

export interface SeededKey {
  readonly grants: number;
  /** Whether it is valid for anything. */
  readonly works: boolean;
}

/** Makes the keys of one organization. */
export class KeyMaker {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly random: Random,
    private readonly organization: SeededOrganization,
    private readonly now: number,
  ) {}

  /** Adds a key such as one of the people would have made: within their own reach, and mostly narrow. */
  addKey(secret: StoredSecret): SeededKey {
    const { random, organization } = this;
    const creator = random.pickEarly(organization.people, CREATOR_BIAS);
    const account = creator.narrowedTo ?? random.pick(organization.accounts);
    const grants = this.grants(creator, account);
    return this.add({
      organization: organization.resource,
      creator: creator.user,
      name: this.nameFor(grants[0] ?? account.resource),
      description: random.chance(0.3) ? `Made for ${random.pick(KEY_PURPOSES)}.` : '',
      grants,
      secret,
      ...this.times(),
    });
  }

  /** Adds a key with very many grants, if the organization has enough environments. */
  addLargestKey(secret: StoredSecret): SeededKey {
    const environments = this.organization.accounts.flatMap(({ widgets }) =>
      widgets.flatMap((widget) => widget.environments),
    );
    const [owner] = this.organization.people;
    if (environments.length < LARGEST_SCOPE || owner === undefined) return this.addKey(secret);
    const grants = environments.slice(0, LARGEST_SCOPE);
    return this.add({
      organization: this.organization.resource,
      creator: owner.user,
      name: 'Every environment, one by one',
      createdAt: this.now - DAY_MS,
      grants,
      secret,
    });
  }

  private add(description: KeyDescription): SeededKey {
    const key = this.tenancy.apiKey(description);
    const grants = description.grants.length;
    return { grants, works: grants > 0 && statusOf(key, this.now) === 'ACTIVE' };
  }

  private grants(creator: Person, account: SeededAccount): ResourceEntity[] {
    const { random } = this;
    const kind = choose(SCOPE_KINDS, random);
    const widgets = random.sample(account.widgets, random.between(1, 2));
    const environments = random.sample(random.pick(account.widgets).environments, random.between(1, 3));
    switch (kind) {
      case 'NONE':
        return [];
      case 'ENVIRONMENTS':
        return environments;
      case 'WIDGETS':
        return widgets.map(({ resource }) => resource);
      case 'MIXED':
        return [...widgets.map(({ resource }) => resource), ...environments];
      case 'ACCOUNT':
        return [account.resource];
      case 'ORGANIZATION':
        return creator.role === 'MEMBER' ? [account.resource] : [this.organization.resource];
    }
  }

  private nameFor({ name }: ResourceEntity): string {
    const { random } = this;
    return `${name} ${random.pick(KEY_PURPOSES)} ${random.between(1, 999)}`;
  }

  private times(): Times {
    const { random, now } = this;
    const age = Math.ceil(random.next() ** 1.5 * OLDEST_KEY_MS);
    const createdAt = now - age;
    const since = createdAt + Math.floor(random.next() * age);
    switch (choose(LIVES, random)) {
      case 'ENDLESS':
        return { createdAt };
      case 'LIMITED':
        return { createdAt, expiresAt: now + random.between(1, 365) * DAY_MS };
      case 'EXPIRED':
        return { createdAt, expiresAt: since };
      case 'DISABLED':
        return { createdAt, disabledAt: since };
      case 'REVOKED':
        return { createdAt, revokedAt: since };
    }
  }
}

function choose<Value>(choices: readonly Choice<Value>[], random: Random): Value {
  let left = random.next();
  for (const [probability, value] of choices) {
    left -= probability;
    if (left < 0) return value;
  }
  throw new RangeError('The probabilities do not add up to 1.');
}
