export { LEVELS, depthOf, levelAt, type Level } from './level';
export { narrowestScope } from './narrowest-scope';
export type { Path, ResourceRef } from './path';
export { Scope, type Breadth, type Grant } from './scope';
