/**
 * Goes on with a value at once where it is there already, else when it comes. For what is nearly always there: to wait all
 * the same, some times for each request, would cost as much as the work in between.
 */
export function whenReady<Value, Result>(
  value: Value | Promise<Value>,
  goOn: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** Many values, at once where all of them are there already. */
export function allReady<Value>(
  values: readonly (Value | Promise<Value>)[],
): readonly Value[] | Promise<readonly Value[]> {
  const isThere = (value: Value | Promise<Value>): value is Value => !(value instanceof Promise);
  return values.every(isThere) ? values : Promise.all(values);
}
