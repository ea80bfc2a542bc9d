// Bundles GraphiQL's page with everything that it needs into dist/graphiql, from where the program serves it.
import { copyFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'graphiql');
const BUNDLE = join(ROOT, 'dist', 'graphiql');

rmSync(BUNDLE, { recursive: true, force: true });
await build({
  absWorkingDir: SOURCES,
  entryPoints: ['page.tsx', 'workers/editor.ts', 'workers/json.ts', 'workers/graphql.ts'],
  outdir: BUNDLE,
  bundle: true,
  format: 'esm',
  // What is needed only at times, and what the page shares with its workers, is loaded apart.
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  minify: true,
  target: 'es2022',
  loader: { '.graphql': 'text', '.ttf': 'file' },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
copyFileSync(join(SOURCES, 'icon.svg'), join(BUNDLE, 'icon.svg'));
// Last: a page that is there says that the rest is.
copyFileSync(join(SOURCES, 'page.html'), join(BUNDLE, 'page.html'));
