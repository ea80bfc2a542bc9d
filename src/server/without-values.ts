/** No name of the schema, no id and no part of a path is as long as what this finds. */
const OPAQUE = /[0-9A-Za-z_+/=-]{40,}/g;

/**
 * A message about an input, without the values that libraries repeat in theirs: a caller may have put a credential in the
 * wrong place, or in the wrong form, and answers are logged by those who get them.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/got invalid value .*?(?= at "|; |$)/s, 'got an invalid value')
    .replace(/(cannot represent [^:]*): .*$/s, '$1.')
    .replace(OPAQUE, '…');
}
