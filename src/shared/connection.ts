import { ArgsType, Field, Int, ObjectType, Root, registerEnumType, type ClassType } from 'type-graphql';
import {
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  encodeCursor,
  type Entry,
  type ListedPage,
  type Ordering,
  type PageArguments,
  type Position,
} from './pagination';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field({ description: 'Whether the list goes on after this page.' })
  readonly hasNextPage: boolean;

  @Field({ description: 'Whether the list has something before this page.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item, for `before`.' })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item, for `after`.' })
  readonly endCursor: string | null;
}

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which end of a list comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest, or first in the alphabet first.' },
    DESC: { description: 'Largest, latest, or last in the alphabet first.' },
  },
});

/** The four arguments of every connection. */
@ArgsType()
export class ConnectionArgs implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many items from the start, or after \`after\`: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} if neither \`first\` nor \`last\` is given.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor to go on after, from `pageInfo.endCursor` or an edge.',
  })
  readonly after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many items from the end, or before \`before\`: 1 to ${MAX_PAGE_SIZE}.`,
  })
  readonly last?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor to go back before, from `pageInfo.startCursor` or an edge.',
  })
  readonly before?: string | null;
}

/** What a connection field returns; the types that `connectionTypes` makes are its face in the schema. */
export interface Connection<Item> {
  readonly edges: readonly { readonly node: Item; readonly cursor: string }[];
  readonly nodes: readonly Item[];
  readonly pageInfo: PageInfo;
  /** How many items the whole list has. */
  readonly count: () => Promise<number>;
}

/** Makes a connection of a page. It is counted only when `totalCount` is asked for. */
export function toConnection<Item>({ page, count }: ListedPage<Item>, ordering: Ordering): Connection<Item> {
  const edges = page.items.map((entry) => new PlacedItem(entry, ordering));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: new PlacedPage(page, edges),
    count,
  };
}

/** Where a page lies. Its cursors are made when they are asked for, as those of its items are. */
class PlacedPage implements PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(
    { hasNextPage, hasPreviousPage }: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>,
    private readonly edges: readonly { readonly cursor: string }[],
  ) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
  }

  get startCursor(): string | null {
    return this.edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.edges.at(-1)?.cursor ?? null;
  }
}

/** An item of a page. Its cursor is made when it is asked for: of most lists, nobody wants more than that of the end. */
class PlacedItem<Item> {
  readonly node: Item;
  private readonly position: Position;

  constructor(
    { item, position }: Entry<Item>,
    private readonly ordering: Ordering,
  ) {
    this.node = item;
    this.position = position;
  }

  get cursor(): string {
    return encodeCursor(this.position, this.ordering);
  }
}

/** The edge and connection types of a list of `node`. */
export function connectionTypes<Item extends object>(name: string, node: () => ClassType<Item> | object) {
  @ObjectType(`${name}Edge`, { description: 'An item of the list, with its place there.' })
  class Edge {
    @Field(node as () => ClassType<Item>, { description: 'The item.' })
    readonly node: Item;

    @Field({ description: 'The place of the item in the list, for `after` and `before`.' })
    readonly cursor: string;
  }

  @ObjectType(`${name}Connection`, { description: 'A page of a list.' })
  class ConnectionType {
    @Field(() => [Edge], { description: 'The items of the page, with their places.' })
    readonly edges: Edge[];

    @Field(() => [node()], { description: 'The items of the page, without their places.' })
    readonly nodes: Item[];

    @Field(() => PageInfo, { description: 'Where the page lies in the list.' })
    readonly pageInfo: PageInfo;

    @Field(() => Int, {
      description: 'How many items the whole list has. Counted only when it is asked for.',
    })
    async totalCount(@Root() { count }: Connection<Item>): Promise<number> {
      return count();
    }
  }

  return { Edge, Connection: ConnectionType };
}

/** What a connection field costs: its page, times what each item costs. A size out of range is refused elsewhere. */
export function connectionCost({
  args,
  childComplexity,
}: {
  args: PageArguments;
  childComplexity: number;
}): number {
  const size = args.first ?? args.last ?? DEFAULT_PAGE_SIZE;
  return 1 + Math.min(Math.max(size, 1), MAX_PAGE_SIZE) * childComplexity;
}
