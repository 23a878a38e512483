import { z } from 'zod';

const seconds = z
  .number()
  .min(0)
  .max(24 * 3600);

const which = {
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** `*` stands for anything. */
  path: z
    .string()
    .max(500)
    .regex(/^\/v1\//, 'must begin with /v1/, as /v1/checkout/sessions/*/expire')
    .optional(),
  /** It strikes so many calls and then no more; without it, every one. */
  times: z.int().min(1).optional(),
};

/** What a call of Stripe's API meets instead of its answer. */
export const Fault = z.discriminatedUnion('fault', [
  /** Nothing is done; the answer is an error. No Idempotency-Key is spent. */
  z.strictObject({
    fault: z.literal('error'),
    status: z.union([429, 500, 502, 503, 504].map((status) => z.literal(status))).default(500),
    ...which,
  }),
  /** It is done so much later. */
  z.strictObject({ fault: z.literal('slow'), seconds, ...which }),
  /** It is done, and its answer kept for its Idempotency-Key; the answer comes so much later, or never. */
  z.strictObject({ fault: z.literal('silence'), seconds: seconds.optional(), ...which }),
  /** Nothing is done; the connection is reset. */
  z.strictObject({ fault: z.literal('reset'), ...which }),
]);
export type Fault = z.infer<typeof Fault>;

/** Whether it is meant for a call of this method to this path, without its query. */
export function isFor({ method, path }: Fault, call: { method: string; path: string }): boolean {
  if (!call.path.startsWith('/v1/')) return false;
  return (method ?? call.method) === call.method && (path === undefined || pattern(path).test(call.path));
}

const pattern = (path: string) => new RegExp(`^${path.split('*').map(literally).join('.*')}$`);
const literally = (text: string) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&');
