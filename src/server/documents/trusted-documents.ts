import { readFile } from 'node:fs/promises';

/** The text of documents by their ids: those that a front end was built with, and may ask for without sending them. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Says in a sentence why the manifest cannot be used. */
export class UnusableManifest extends Error {
  override readonly name = 'UnusableManifest';
}

/** @throws UnusableManifest for a file that is not there, or is no manifest */
export async function readTrustedDocuments(file: string): Promise<TrustedDocuments> {
  try {
    return parseManifest(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableManifest(`TRUSTED_DOCUMENTS: ${file} cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * Takes a manifest as Apollo's tools write it, `{ format, version, operations: [{ id, body }] }`, and a plain map of ids
 * to texts, as those of Relay and of GraphQL Code Generator do.
 */
function parseManifest(manifest: unknown): TrustedDocuments {
  if (!isObject(manifest)) throw new TypeError('expected an object.');
  if (!('format' in manifest)) return new Map(Object.entries(manifest).map(textOf));
  const { format, version, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new TypeError('expected a manifest of the format apollo-persisted-query-manifest, version 1.');
  }
  return new Map(operations.map((operation: unknown) => operationOf(operation)));
}

function operationOf(operation: unknown): [string, string] {
  const { id, body } = isObject(operation) ? operation : {};
  if (typeof id !== 'string') throw new TypeError('expected an id of each operation.');
  return textOf([id, body]);
}

function textOf([id, text]: [string, unknown]): [string, string] {
  if (typeof text === 'string' && text !== '') return [id, text];
  throw new TypeError(`expected the text of the operation ${id}.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
