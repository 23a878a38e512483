const DESCRIPTION = 'ticketing:open-description';

export interface OpenDescription {
  summary: string;
  /** `health` calls also answer 503, with the same body. */
  kind: 'health' | 'other';
}

/** Says what the gateway answers itself; the OpenAPI document takes it up (`describe-open-controllers.ts`). */
export const describeOpen =
  (summary: string, kind: OpenDescription['kind'] = 'other'): MethodDecorator =>
  (_target, _key, descriptor) =>
    Reflect.defineMetadata(DESCRIPTION, { summary, kind } satisfies OpenDescription, descriptor.value as object);

export const openDescriptionOf = (handler: object) =>
  Reflect.getMetadata(DESCRIPTION, handler) as OpenDescription | undefined;
