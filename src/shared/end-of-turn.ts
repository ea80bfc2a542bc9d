let waiting: (() => void)[] = [];

/**
 * Gives a value back at the end of this turn of the event loop, together with all others that wait for it.
 *
 * For answers that are about to be sent: to write to a client that sleeps takes the system several times as long as to one
 * that is awake, and of answers that are written one right after the other only the first has to wake it. What arrived
 * before the turn is answered in it, so that hardly anybody waits longer.
 */
export function atEndOfTurn<Value>(value: Value): Promise<Value> {
  return new Promise((resolve) => {
    if (waiting.push(() => resolve(value)) === 1) setImmediate(endTurn);
  });
}

function endTurn(): void {
  const ready = waiting;
  waiting = [];
  for (const goOn of ready) goOn();
}
