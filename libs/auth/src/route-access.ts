import type { Access, Scope } from '@app/contracts';

/** Who may use a route. A handler without it does not start. */
export type RouteAccess =
  | { kind: 'operation'; access: Access; scopes?: readonly Scope[] }
  /** Anyone, with or without a credential: keys, documents, health. */
  | { kind: 'open' }
  /** Internal port only, with the token of one of `callers` (any service if undefined), made for this very body if `signed`. */
  | { kind: 'internal'; callers?: readonly string[]; signed?: boolean };

const ACCESS = 'ticketing:access';

/** A controller's method. Nest hands it over as a bare function. */
type Handler = object;

export const declareAccess = (handler: Handler, access: RouteAccess): void =>
  Reflect.defineMetadata(ACCESS, access, handler);

export const accessOf = (handler: Handler): RouteAccess | undefined =>
  Reflect.getMetadata(ACCESS, handler) as RouteAccess | undefined;
