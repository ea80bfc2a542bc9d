import { Foundation1763900000000 } from './1763900000000-foundation';
import { KeyLife1763910000000 } from './1763910000000-key-life';
import { Verification1763920000000 } from './1763920000000-verification';

/** Every migration, oldest first. */
export const MIGRATIONS = [Foundation1763900000000, KeyLife1763910000000, Verification1763920000000];
