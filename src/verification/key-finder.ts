import type { SecretKeys } from '../api-keys/secrets/secret-key';
import type { Path } from '../scopes';
import type { FactSource } from './fact-source';
import { Facts, type KeyFacts } from './facts';
import type { ForeignSecrets } from './foreign-secrets';
import type { Question } from './verification';

/** What a question is about. The key and the path were so at one moment. */
export interface Found {
  /** Whether what was sent can be a secret key at all. */
  readonly wellFormed: boolean;
  /** The key that the secret key opens; null when it opens none. */
  readonly key: KeyFacts | null;
  /** Where the resource is; null when there is none. */
  readonly path: Path | null;
}

/** A question, and what its secret key may be stored under: nothing, when it cannot be one. */
interface Candidate {
  readonly question: Question;
  readonly selectors: readonly string[];
}

/** Printable ASCII, as it can be sent in a header, and no longer than the longest key that anybody gives out. */
const SENDABLE = /^[\x21-\x7e]{1,512}$/;

/** Finds the keys and the resources that questions are about, many at once. */
export class KeyFinder {
  constructor(
    private readonly secretKeys: SecretKeys,
    private readonly foreignSecrets: ForeignSecrets,
    private readonly facts: FactSource,
  ) {}

  /** @param fresh whether to ask the database, whatever is remembered */
  async find(questions: readonly Question[], fresh: boolean): Promise<readonly Found[]> {
    const found = await this.findBy(
      questions.map((question) => ({ question, selectors: this.likeliestSelectors(question.secretKey) })),
      fresh,
    );
    if (!this.foreignSecrets.mayExist) return found;
    return this.findImported(questions, found, fresh);
  }

  /** Of a key of our form its own selector. Of anything else those that it has if it was imported, as long as keys were. */
  private likeliestSelectors(secretKey: string): readonly string[] {
    if (!SENDABLE.test(secretKey)) return [];
    const own = this.secretKeys.selectorOf(secretKey);
    if (own !== null) return [own];
    return this.foreignSecrets.mayExist ? this.secretKeys.selectorsOf(secretKey) : [];
  }

  /** A key of our form may also have been imported, from another installation. This is looked up for those not found here. */
  private async findImported(
    questions: readonly Question[],
    found: readonly Found[],
    fresh: boolean,
  ): Promise<readonly Found[]> {
    const candidates = questions.flatMap((question, index) => {
      if (found[index]?.key != null || this.secretKeys.selectorOf(question.secretKey) === null) return [];
      return [{ index, question, selectors: this.secretKeys.selectorsOf(question.secretKey).slice(1) }];
    });
    if (candidates.length === 0) return found;
    const others = await this.findBy(candidates, fresh);
    const byIndex = new Map(candidates.map(({ index }, position) => [index, others[position]]));
    return found.map((first, index) => byIndex.get(index) ?? first);
  }

  private async findBy(candidates: readonly Candidate[], fresh: boolean): Promise<readonly Found[]> {
    const facts = await this.factsFor(candidates, fresh);
    return candidates.map(({ question, selectors }) => ({
      wellFormed: selectors.length > 0,
      key: this.opened(question.secretKey, selectors, facts),
      path: question.resource === null ? null : facts.path(question.resource.id),
    }));
  }

  private factsFor(candidates: readonly Candidate[], fresh: boolean): Facts | Promise<Facts> {
    const wellFormed = candidates.filter(({ selectors }) => selectors.length > 0);
    if (wellFormed.length === 0) return new Facts();
    const wanted = {
      selectors: [...new Set(wellFormed.flatMap(({ selectors }) => selectors))],
      resourceIds: [...new Set(wellFormed.flatMap(({ question }) => question.resource?.id ?? []))],
    };
    return (fresh ? null : this.facts.remembered(wanted)) ?? this.facts.read(wanted, fresh);
  }

  private opened(secretKey: string, selectors: readonly string[], facts: Facts): KeyFacts | null {
    for (const selector of selectors) {
      const key = facts.key(selector);
      if (key !== null && this.secretKeys.matches(secretKey, key)) return key;
    }
    return null;
  }
}
