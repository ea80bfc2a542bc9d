/** An entity as another part of a federated graph names it: by a key, in which anything can stand. */
export type Reference = Readonly<Record<string, unknown>>;
