import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSchema } from 'graphql';
import { createSchema } from '../src/server/schema';

/** `npm run schema`: writes down what clients see. CI does so too, and fails when it differs from what is committed. */
const file = join(process.cwd(), 'schema', 'schema.graphql');
writeFileSync(file, `${printSchema(createSchema())}\n`);
process.stdout.write(`Wrote ${file}\n`);
