/** What is there at once, or has to be waited for. */
export type MaybePromise<Value> = Value | Promise<Value>;

/**
 * Goes on with a value at once where it is there already, else when it comes. For what is nearly always there: to wait all
 * the same, some times for each request, would cost as much as the work in between.
 */
export function whenReady<Value, Result>(
  value: MaybePromise<Value>,
  goOn: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** What work brings, or what is made of its failure, at once or later. */
export function unlessFails<Value>(
  work: () => MaybePromise<Value>,
  recover: (error: unknown) => Value,
): MaybePromise<Value> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

/** Many values, at once where all of them are there already. */
export function allReady<Value>(
  values: readonly MaybePromise<Value>[],
): readonly Value[] | Promise<readonly Value[]> {
  const isThere = (value: MaybePromise<Value>): value is Value => !(value instanceof Promise);
  return values.every(isThere) ? values : Promise.all(values);
}
