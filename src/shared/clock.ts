/** The current time in milliseconds since 1970-01-01T00:00:00Z. Passed in, so that tests can set it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
