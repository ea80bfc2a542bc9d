export { LEVELS, depthOf, levelAt, type Level } from './level';
export type { Path, ResourceRef } from './path';
export { Scope, type Breadth, type Grant } from './scope';
