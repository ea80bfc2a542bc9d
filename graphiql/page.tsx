import './monaco-workers';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { findDemo } from './demo';
import { exampleTabs, headersFor } from './examples';
import { tabStorage } from './tab-storage';
import 'graphiql/style.css';
import './page.css';

const NEW_TAB = '# Ctrl-Space completes, Ctrl-Enter runs.\n';

async function show(root: Element): Promise<void> {
  const demo = await findDemo();
  createRoot(root).render(
    <GraphiQL
      fetcher={createGraphiQLFetcher({ url: 'graphql' })}
      defaultTabs={exampleTabs(demo)}
      defaultHeaders={headersFor(demo?.ownerToken)}
      defaultQuery={NEW_TAB}
      defaultEditorToolsVisibility="headers"
      storage={tabStorage}
      shouldPersistHeaders
    >
      <GraphiQL.Logo>Scopegate</GraphiQL.Logo>
    </GraphiQL>,
  );
}

const root = document.querySelector('#graphiql');
if (root !== null) void show(root);
