import { someIds } from '../../shared/some-ids';
import { Rejection, userError, type UserErrorCode } from '../../shared/user-errors';

interface Fault {
  readonly code: UserErrorCode;
  readonly field: string;
  readonly message: string;
  readonly ids: Set<string>;
}

/** What is wrong with the many resources of a call: each kind of fault once, with the ids that have it. */
export class Faults {
  private readonly byMessage = new Map<string, Fault>();

  add(code: UserErrorCode, field: string, message: string, id: string): void {
    const fault = this.byMessage.get(message) ?? { code, field, message, ids: new Set() };
    fault.ids.add(id);
    this.byMessage.set(message, fault);
  }

  /** @throws Rejection if there are any faults */
  reject(): void {
    if (this.byMessage.size === 0) return;
    throw new Rejection(
      Array.from(this.byMessage.values(), ({ code, field, message, ids: found }) => {
        const ids = [...found];
        return userError(code, `${message} At fault: ${someIds(ids)}.`, [field], ids);
      }),
    );
  }
}
