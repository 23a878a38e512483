const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLocal = (hostname: string) => LOCAL.has(hostname);

/**
 * Names of the session's cookies. Outside localhost only `__Host-` ones count, which no neighbouring subdomain can plant.
 */
export function sessionCookieNames(publicUrl: string): { access: string; refresh: string } {
  const prefix = isLocal(new URL(publicUrl).hostname) ? '' : '__Host-';
  return { access: `${prefix}access_token`, refresh: `${prefix}refresh_token` };
}
