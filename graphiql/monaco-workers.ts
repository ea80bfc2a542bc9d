import type {} from 'monaco-editor';

/** Where Monaco, the editor of GraphiQL, finds its workers: beside this page, bundled each by itself. */
const WORKERS: Readonly<Record<string, string>> = { json: 'json', graphql: 'graphql' };

window.MonacoEnvironment = {
  getWorker: (_id, language) =>
    new Worker(new URL(`./workers/${WORKERS[language] ?? 'editor'}.js`, import.meta.url), { type: 'module' }),
};
