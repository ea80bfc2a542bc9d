import type { Credential, TestProgram } from './test-program';

export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

type Direction = 'FORWARD' | 'BACKWARD';
type ReadPage<Node> = (pageArguments: string) => Promise<Pick<Page<Node>, 'nodes' | 'pageInfo'>>;

/** Walks a list from one end to the other. The nodes are in the order of the list, whichever end it starts at. */
export async function everyPage<Node>(
  direction: Direction,
  size: number,
  read: ReadPage<Node>,
): Promise<Node[][]> {
  const pages: Node[][] = [];
  let cursor: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = await read(pageArguments(direction, size, cursor));
    pages.push([...nodes]);
    const more = direction === 'FORWARD' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (!more) return direction === 'FORWARD' ? pages : pages.reverse();
    cursor = direction === 'FORWARD' ? pageInfo.endCursor : pageInfo.startCursor;
    if (pages.length > 10_000) throw new Error('The list does not end.');
  }
}

function pageArguments(direction: Direction, size: number, cursor: string | null): string {
  const [count, beyond] = direction === 'FORWARD' ? ['first', 'after'] : ['last', 'before'];
  return cursor === null ? `${count}: ${size}` : `${count}: ${size}, ${beyond}: ${JSON.stringify(cursor)}`;
}

/** Answers the data of a query, and fails when there are errors. */
export async function ask<Data>(
  program: TestProgram,
  credential: Credential,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Data> {
  const answer = await program.graphql<Data>(credential, query, variables);
  if (answer.errors !== undefined) throw new Error(`The query failed: ${answer.text}`);
  return answer.data;
}
