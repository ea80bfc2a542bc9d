/**
 * A request of a client that is refused before its key is looked at: by its URI, or for want of an id. The message is for
 * the log; clients are told no more than that they may not.
 */
export class Denied extends Error {
  override readonly name = 'Denied';
}

/**
 * A proxy that is not set up as it must be, so that nothing it asks can be answered. The message is for the log of whoever
 * runs it, and repeats nothing of what was sent, anywhere in which a credential can stand.
 */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}
