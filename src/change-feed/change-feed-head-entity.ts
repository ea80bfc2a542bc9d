import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: the position of the last change. Whoever adds to the feed holds it locked until the change is committed. */
@Entity('change_feed_head')
export class ChangeFeedHeadEntity {
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'PK_change_feed_head' })
  id: number;

  @Column({ type: 'bigint' })
  position: number;
}
