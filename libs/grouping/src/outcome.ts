/** What became of one of several that were done together. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };
