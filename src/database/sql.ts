import { onceFor } from '../shared/once-for';

/** What may be bound to a statement. The embedded database's driver does not survive anything else. */
export type SqlValue = string | number | null;

/** A piece of SQL with the values for its placeholders. */
export interface Fragment {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export function sql(text: string, ...values: SqlValue[]): Fragment {
  return { text, values };
}

/** `column IN (…)`, with each value once: a caller can repeat one at will. An empty list of values matches nothing. */
export function isIn(column: string, values: readonly SqlValue[]): Fragment {
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return sql('1 = 0');
  if (distinct.length === 1) return { text: `${column} = ?`, values: distinct };
  return { text: `${column} IN (${distinct.map(() => '?').join(', ')})`, values: distinct };
}

/** Whether the name contains a part, in whatever case: `column` holds folded names, and so must `foldedPart`. */
export function contains(column: string, foldedPart: string): Fragment {
  return sql(`INSTR(${column}, ?) > 0`, foldedPart);
}

/** All conditions hold. Without any, everything matches. */
export function allOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? sql('1 = 1') : join(conditions, ' AND ');
}

/** At least one condition holds. Without any, nothing matches. */
export function anyOf(conditions: readonly Fragment[]): Fragment {
  if (conditions.length === 0) return sql('1 = 0');
  const { text, values } = join(conditions, ' OR ');
  return sql(`(${text})`, ...values);
}

/** A select list, of columns by the names of the properties in which rows hold them. */
export const selectList = onceFor((columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([property, column]) => `${column} AS \`${property}\``)
    .join(', '),
);

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    text: fragments.map((fragment) => fragment.text).join(separator),
    values: fragments.flatMap((fragment) => fragment.values),
  };
}
