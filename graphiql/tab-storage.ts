import type { GraphiQLProps } from 'graphiql';

type Storage = NonNullable<GraphiQLProps['storage']>;

interface TabsState {
  readonly activeTabIndex: number;
  readonly tabs: readonly Readonly<Record<string, string | null>>[];
}

const TABS = 'graphiql:tabState';

/** What GraphiQL also keeps of the tab that is shown. */
const EDITORS = new Map([
  ['graphiql:query', 'query'],
  ['graphiql:variables', 'variables'],
  ['graphiql:headers', 'headers'],
]);

/**
 * What was written stays as long as the browser's tab. Then the tokens in it are gone, and so are the secret keys that
 * were verified.
 *
 * GraphiQL keeps the editors of the tab that is shown a second time, sooner or later than the tabs themselves, and opens
 * one more tab for what differs. So this tells them from the tabs.
 */
export const tabStorage: Storage = {
  getItem: (key) => {
    const editor = EDITORS.get(key);
    return editor === undefined ? sessionStorage.getItem(key) : (shownTab()?.[editor] ?? null);
  },
  setItem: (key, value) => sessionStorage.setItem(key, value),
  removeItem: (key) => sessionStorage.removeItem(key),
  clear: () => sessionStorage.clear(),
  get length() {
    return sessionStorage.length;
  },
};

function shownTab(): TabsState['tabs'][number] | undefined {
  const stored = sessionStorage.getItem(TABS);
  if (stored === null) return undefined;
  const { activeTabIndex, tabs } = JSON.parse(stored) as TabsState;
  return tabs[activeTabIndex];
}
