import type { SecretKeys } from '../api-keys/secrets/secret-key';
import type { Path } from '../scopes';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { FactSource } from './fact-source';
import { Facts, type KeyFacts, type Knowledge } from './facts';
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

const MALFORMED: Found = { wellFormed: false, key: null, path: null };

/** Printable ASCII, as it can be sent in a header, and no longer than the longest key that anybody gives out. */
const SENDABLE = /^[\x21-\x7e]{1,512}$/;

/** Finds the keys and the resources that questions are about, many at once. */
export class KeyFinder {
  constructor(
    private readonly secretKeys: SecretKeys,
    private readonly foreignSecrets: ForeignSecrets,
    private readonly facts: FactSource,
  ) {}

  /**
   * At once where all of it is remembered.
   *
   * @param fresh whether to ask the database, whatever is remembered
   */
  find(questions: readonly Question[], fresh: boolean): MaybePromise<readonly Found[]> {
    const candidates = questions.map((question) => ({
      question,
      selectors: this.likeliestSelectors(question.secretKey),
    }));
    return whenReady(this.findBy(candidates, fresh), (found) =>
      this.foreignSecrets.mayExist ? this.findImported(questions, found, fresh) : found,
    );
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

  private findBy(candidates: readonly Candidate[], fresh: boolean): MaybePromise<readonly Found[]> {
    const remembered = fresh ? null : this.facts.remembered;
    return (remembered && this.foundIn(remembered, candidates)) ?? this.read(candidates, fresh);
  }

  private async read(candidates: readonly Candidate[], fresh: boolean): Promise<readonly Found[]> {
    const wellFormed = candidates.filter(({ selectors }) => selectors.length > 0);
    const wanted = {
      selectors: wellFormed.flatMap(({ selectors }) => selectors),
      resourceIds: wellFormed.flatMap(({ question }) => question.resource?.id ?? []),
    };
    const facts = wellFormed.length === 0 ? new Facts() : await this.facts.read(wanted, fresh);
    const found = this.foundIn(facts, candidates);
    if (found === null) throw new Error('Something that is wanted was not read.');
    return found;
  }

  /** Null when something is not known. */
  private foundIn(knowledge: Knowledge, candidates: readonly Candidate[]): readonly Found[] | null {
    const all: Found[] = [];
    for (const { question, selectors } of candidates) {
      const found = selectors.length === 0 ? MALFORMED : this.foundOf(question, selectors, knowledge);
      if (found === null) return null;
      all.push(found);
    }
    return all;
  }

  private foundOf(
    { secretKey, resource }: Question,
    selectors: readonly string[],
    knowledge: Knowledge,
  ): Found | null {
    const path = resource === null ? null : knowledge.path(resource.id);
    if (path === undefined) return null;
    const key = this.opened(secretKey, selectors, knowledge);
    return key === undefined ? null : { wellFormed: true, key, path };
  }

  private opened(
    secretKey: string,
    selectors: readonly string[],
    knowledge: Knowledge,
  ): KeyFacts | null | undefined {
    for (const selector of selectors) {
      const key = knowledge.key(selector);
      if (key === undefined) return undefined;
      if (key !== null && this.secretKeys.matches(secretKey, key)) return key;
    }
    return null;
  }
}
