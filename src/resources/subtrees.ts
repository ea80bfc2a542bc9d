import { isIn, sql, type Fragment } from '../database/sql';

/** The clause that names `subtrees`: the resources of these ids with all below them, by `id` and `organization_id`. */
export function withSubtrees(ids: readonly string[]): Fragment {
  const roots = isIn('id', ids);
  return sql(
    `WITH RECURSIVE subtrees(id, organization_id) AS (SELECT id, organization_id FROM resources WHERE ${roots.text} ` +
      'UNION SELECT r.id, r.organization_id FROM resources r JOIN subtrees s ON r.parent_id = s.id)',
    ...roots.values,
  );
}
