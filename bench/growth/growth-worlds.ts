import type { World } from '../world';
import { addLargeTenants, type LargeTenants } from './large-tenants';

/** The databases between which growth is measured. Those beside the first are made when they are first asked for. */
export class GrowthWorlds {
  private grownWorld: Promise<World> | null = null;
  private tenants: Promise<LargeTenants> | null = null;

  constructor(
    readonly small: World,
    readonly keys: { readonly small: number; readonly grown: number },
  ) {}

  /** As many organizations, with more keys. */
  async grown(): Promise<World> {
    return (this.grownWorld ??= this.small.seededBeside('grown', this.keys.grown));
  }

  async largeTenants(): Promise<LargeTenants> {
    return (this.tenants ??= addLargeTenants(this.small));
  }
}
