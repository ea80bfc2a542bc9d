import type { BrowserContext, Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

/** GraphiQL in a browser, as its users have it, with all that it asked for and complained about. */
export class GraphiqlPage {
  /** What the page asked for, by whichever of its workers. */
  readonly requests: URL[] = [];
  /** Warnings and errors of the console, in which browsers tell of violations of the policy, and errors of scripts. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('request', (request) => this.requests.push(new URL(request.url())));
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Opens it in a tab of its own, and waits until it knows the schema. */
  static async open(window: BrowserContext, address: string): Promise<GraphiqlPage> {
    const graphiql = new GraphiqlPage(await window.newPage());
    await graphiql.page.goto(address);
    await graphiql.ready();
    return graphiql;
  }

  /** Waits until the editors are there, and the schema is known. */
  async ready(): Promise<void> {
    await this.page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await this.page.getByLabel('Show Documentation Explorer').click();
    await this.page.getByText('Root Types').waitFor();
    await this.page.getByLabel('Hide Documentation Explorer').click();
  }

  /** Shows the tab that is named for the operation in it. */
  async openTab(operation: string): Promise<void> {
    await this.page.getByRole('tab', { name: operation }).click();
    await this.takesUp(operation);
  }

  /** Runs the query that is shown. */
  async run(): Promise<void> {
    await this.page.getByLabel('Execute query (Ctrl-Enter)').click();
  }

  /** The answer to the query that was run, once it is there. */
  async answer<Answer>(): Promise<Answer> {
    return eventually(async () => JSON.parse(await this.textOf('response.json')) as Answer);
  }

  /** Types in the place of the query that is shown. */
  async typeQuery(text: string): Promise<void> {
    await this.typeInto(this.page.locator('.graphiql-query-editor'), text);
  }

  /** Types in the place of the variables of the tab that is shown. */
  async typeVariables(variables: object): Promise<void> {
    await this.page.getByRole('button', { name: 'Variables' }).click();
    await this.typeInto(this.page.locator('.graphiql-editor-tool'), JSON.stringify(variables));
  }

  private async typeInto(editor: Locator, text: string): Promise<void> {
    await editor.locator('.view-lines').locator('visible=true').click();
    await this.page.keyboard.press('ControlOrMeta+A');
    // The editor puts a bracket that is typed around what is selected.
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.type(text);
  }

  /** Of an editor, which shows only as many lines as there is room for, the whole text. */
  async textOf(editor: string): Promise<string> {
    const model = `__MONACO.editor.getModels().find(({ uri }) => uri.path.endsWith('${editor}'))`;
    return this.page.evaluate<string>(`${model}.getValue()`);
  }

  /** Puts the mouse on a word of the query, until the editor says this of it. */
  async saysOf(word: string, message: string): Promise<void> {
    await eventually(async () => {
      // Suggestions that came late lie over the words.
      await this.page.keyboard.press('Escape');
      await this.page.mouse.move(0, 0);
      await this.page.locator('.graphiql-query-editor').getByText(word).first().hover({ timeout: 1000 });
      await this.page.locator('.monaco-hover', { hasText: message }).first().waitFor({ timeout: 2000 });
    });
  }

  /** Waits until GraphiQL has taken up a change of what its tabs hold, which it does some time after it was made. */
  async takesUp(text: string): Promise<void> {
    await eventually(async () => {
      const query = await this.page.evaluate<string>("sessionStorage['graphiql:query'] ?? ''");
      const tabs = await this.page.evaluate<string>("sessionStorage['graphiql:tabState'] ?? ''");
      if (!query.includes(text) || !tabs.includes(text))
        throw new Error(`GraphiQL has not taken up: ${text}`);
    });
  }

  /** A line that is shown of the answer. */
  answerLine(text: string): Locator {
    return this.page.locator('.graphiql-response .view-line', { hasText: text }).first();
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
