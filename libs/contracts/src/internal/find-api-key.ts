import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { ApiScope } from '../rest/operation.js';

/** `POST /internal/api-keys/find`: whose key has this SHA-256 (base64url). The key itself stays at the gateway. */
export const FindApiKey = z.strictObject({ hash: z.string().regex(/^[\w-]{43}$/) });
export type FindApiKey = z.infer<typeof FindApiKey>;

/** A key that may be used now; null for one that is unknown, revoked or has expired. */
export const FoundApiKey = z.object({
  key: z
    .object({
      id: Id,
      tenantId: Id,
      name: z.string(),
      scopes: z.array(ApiScope),
      rateLimit: z.int().nullable(),
      expiresAt: z.string().nullable(),
      /** Of a scanning device, which is the key: the one event that it may scan, if it is for one. */
      device: z.object({ eventId: Id.nullable() }).nullish(),
      /** Its organization may do nothing at present. */
      suspended: z.boolean(),
    })
    .nullable(),
});
export type FoundApiKey = z.infer<typeof FoundApiKey>;
