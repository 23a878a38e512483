const BY_CODE = new Map<unknown, string>([
  ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'signature'],
  ['ERR_JOSE_ALG_NOT_ALLOWED', 'algorithm'],
  ['ERR_JWKS_NO_MATCHING_KEY', 'key'],
]);
/** jsonwebtoken and we ourselves have no codes. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/not an access token/, 'typ'],
  [/unknown (?:key|signer)/, 'key'],
  [/algorithm|symmetric key/, 'algorithm'],
  [/signature/, 'signature'],
  [/audience/, 'aud'],
  [/issuer/, 'iss'],
  [/not active|nbf/, 'nbf'],
  [/body/, 'body'],
];

/**
 * Which part of a token did not fit, in words of ours: nothing that its maker wrote is passed on. Undefined for one that
 * was good and has ended, as clients come with every day.
 * @param error of jose, jsonwebtoken or our own
 */
export function whyRefused(error: unknown): string | undefined {
  const { name, code, claim, message } = error as Partial<Record<'name' | 'code' | 'claim' | 'message', unknown>>;
  if (code === 'ERR_JWT_EXPIRED' || name === 'TokenExpiredError') return undefined;
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return String(claim);
  return BY_CODE.get(code) ?? BY_MESSAGE.find(([said]) => said.test(String(message)))?.[1] ?? 'malformed';
}
