/** Documents are bundled as they are written. */
declare module '*.graphql' {
  const text: string;
  export default text;
}

declare module '*.css';

declare module 'monaco-editor/esm/vs/editor/editor.worker.js';
declare module 'monaco-editor/esm/vs/language/json/json.worker.js';
