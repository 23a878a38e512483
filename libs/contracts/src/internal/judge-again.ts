import { z } from 'zod';
import { Id } from '../rest/fields.js';

/** Those who were let in by the rule of an operation, and whose answer goes on. */
export const JudgeAgain = z.strictObject({
  operation: z.string().max(100),
  params: z.record(z.string(), Id),
  callers: z
    .array(z.union([z.strictObject({ userId: z.string() }), z.strictObject({ keyId: z.string(), tenantId: Id })]))
    .max(10_000),
});
export type JudgeAgain = z.infer<typeof JudgeAgain>;
/** Of each, in the order of the question. */
export const JudgedAgain = z.object({ allowed: z.array(z.boolean()) });
export type JudgedAgain = z.infer<typeof JudgedAgain>;
