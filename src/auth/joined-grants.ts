import { Scope, levelAt } from '../scopes';

/** A row of a holder of grants LEFT JOINed to them: `g.level AS grantLevel, g.resource_id AS grantResourceId`. */
export interface JoinedGrant {
  readonly grantLevel: number | null;
  readonly grantResourceId: string | null;
}

/** The scope of one holder, of which the rows are. */
export function scopeOfJoined(rows: readonly JoinedGrant[]): Scope {
  return new Scope(
    rows.flatMap(({ grantLevel, grantResourceId }) =>
      grantLevel === null || grantResourceId === null
        ? []
        : [{ level: levelAt(grantLevel), id: grantResourceId }],
    ),
  );
}
