/**
 * The position of the change feed at which rows were so, of rows that were read together with `change_feed_head` under
 * the name `head`.
 *
 * @throws Error when there is none: even a reading that finds nothing has a row with the head
 */
export function headOf(rows: readonly { readonly head?: unknown }[]): number {
  const head = rows[0]?.head;
  if (typeof head !== 'number')
    throw new Error('The change feed has no head: its migration has not been run.');
  return head;
}
