import type { z } from 'zod';

const DESCRIPTION = 'ticketing:open-description';

export interface OpenDescription {
  summary: string;
  answer: z.ZodType;
  /** `health` calls also answer 503, with the same body. */
  kind: 'health' | 'other';
}

/** Says what the gateway answers itself; the OpenAPI document takes it up (`describe-open-controllers.ts`). */
export const describeOpen =
  (summary: string, answer: z.ZodType, kind: OpenDescription['kind'] = 'other'): MethodDecorator =>
  (_target, _key, descriptor) =>
    Reflect.defineMetadata(
      DESCRIPTION,
      { summary, answer, kind } satisfies OpenDescription,
      descriptor.value as object,
    );

export const openDescriptionOf = (handler: object) =>
  Reflect.getMetadata(DESCRIPTION, handler) as OpenDescription | undefined;
