import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSchema } from 'graphql';
import { createSchema, createSubgraph } from '../src/server/schema';

/** `npm run schema`: writes down what clients see, and what routers compose. CI does so too, and fails when it differs. */
write('schema.graphql', `${printSchema(createSchema())}\n`);
write('subgraph.graphql', createSubgraph({ ownsResources: true, authDirectives: false }).sdl);

function write(name: string, text: string): void {
  const file = join(process.cwd(), 'schema', name);
  writeFileSync(file, text);
  process.stdout.write(`Wrote ${file}\n`);
}
