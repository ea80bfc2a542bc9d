interface Taker<Item> {
  readonly resolve: (result: IteratorResult<Item>) => void;
  readonly reject: (error: Error) => void;
}

/** How a queue ends: by itself, or by an error that tells its taker why. */
interface End {
  readonly error: Error | null;
}

/**
 * What waits to be taken, in bounded space. It is taken one by one; whoever waits for the next is told when the queue ends,
 * and what still waits then is dropped.
 */
export class EventQueue<Item> implements AsyncIterableIterator<Item> {
  private waiting: Item[] = [];
  private taker: Taker<Item> | null = null;
  private ended: End | null = null;

  /**
   * @param room how many items may wait
   * @param onEnd is called once, when nothing more will be taken
   */
  constructor(
    private readonly room: number,
    private readonly onEnd: () => void,
  ) {}

  /** Adds an item; false: there was no room for it. */
  push(item: Item): boolean {
    if (this.ended !== null) return true;
    if (this.waiting.length >= this.room) return false;
    if (this.taker === null) this.waiting.push(item);
    else this.taker.resolve({ done: false, value: item });
    this.taker = null;
    return true;
  }

  /** Drops what waits, and begins anew with this item. */
  restart(item: Item): void {
    this.waiting = [];
    this.push(item);
  }

  /** @param error what the taker is told; null: nothing */
  end(error: Error | null = null): void {
    if (this.ended !== null) return;
    this.ended = { error: this.taker === null ? error : null };
    this.waiting = [];
    if (error === null) this.taker?.resolve({ done: true, value: undefined });
    else this.taker?.reject(error);
    this.taker = null;
    this.onEnd();
  }

  async next(): Promise<IteratorResult<Item>> {
    const item = this.waiting.shift();
    if (item !== undefined) return { done: false, value: item };
    if (this.ended === null)
      return new Promise((resolve, reject) => {
        this.taker = { resolve, reject };
      });
    const { error } = this.ended;
    this.ended = { error: null };
    if (error !== null) throw error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Item>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
