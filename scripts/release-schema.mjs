// `npm run schema:release`: with a release, its schema becomes the one that later changes are compared with.
import { copyFileSync, writeFileSync } from 'node:fs';

copyFileSync('schema/schema.graphql', 'schema/released.graphql');
writeFileSync('schema/breaking-changes.json', '{}\n');
