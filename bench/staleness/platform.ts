import { mutateAt, type Replicas } from '../../test/support/replicas';
import type { StartedProgram } from '../../test/support/started-program';

type Headers = Readonly<Record<string, string>>;

/** A customer with two widgets, between which environments can move, made at one replica as a customer's owner would. */
export class Platform {
  private constructor(
    private readonly program: StartedProgram,
    private readonly owner: Headers,
    readonly widgetId: string,
    readonly otherWidgetId: string,
  ) {}

  static async create(replicas: Replicas, program: StartedProgram): Promise<Platform> {
    const owner = await replicas.user('owner@customer.example');
    const { organization } = await mutateAt<{ organization: { id: string } }>(
      program,
      owner,
      { name: 'createOrganization', inputType: 'CreateOrganizationInput', select: 'organization { id }' },
      { name: 'Customer', slug: 'customer' },
    );
    const account = await childOf(program, owner, organization.id);
    const widgets = [await childOf(program, owner, account), await childOf(program, owner, account)] as const;
    return new Platform(program, owner, ...widgets);
  }

  async environment(): Promise<string> {
    return childOf(this.program, this.owner, this.widgetId);
  }

  async key(scope: object): Promise<{ id: string; secretKey: string; version: number }> {
    const { apiKey, secretKey } = await mutateAt<{
      apiKey: { id: string; version: number };
      secretKey: string;
    }>(
      this.program,
      this.owner,
      { name: 'createApiKey', inputType: 'CreateApiKeyInput', select: 'secretKey apiKey { id version }' },
      { name: 'On trial', scope },
    );
    return { ...apiKey, secretKey };
  }

  async change(name: string, inputType: string, input: object): Promise<void> {
    await mutateAt(this.program, this.owner, { name, inputType, select: '' }, input);
  }
}

async function childOf(program: StartedProgram, owner: Headers, parentId: string): Promise<string> {
  const { resource } = await mutateAt<{ resource: { id: string } }>(
    program,
    owner,
    { name: 'createResource', inputType: 'CreateResourceInput', select: 'resource { id }' },
    { parentId, name: 'Resource' },
  );
  return resource.id;
}
