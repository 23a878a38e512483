import { fastifyCookie } from '@fastify/cookie';
import { networkOf } from '@app/auth';
import { operations } from '@app/contracts';
import type { ServiceOptions } from '@app/http';
import { AppModule } from './app.module.js';
import { AuthenticationGuard } from './authentication/authentication.guard.js';
import type { GatewayConfig } from './config.js';
import { crossOriginOf } from './cross-origin.js';
import { serveDocuments } from './documentation/serve-documents.js';
import { AddressLimitGuard, CallerLimitGuard } from './rate-limits/rate-limit.guards.js';
import { sendSecurityHeaders } from './security-headers.js';

/** The only public door: how fast, who are you; then forwards. */
export const gateway: ServiceOptions<GatewayConfig> = {
  name: 'api-gateway',
  module: (config) => AppModule.with(config),
  operations,
  guards: (app) => [
    app.get(AddressLimitGuard, { strict: false }),
    app.get(AuthenticationGuard, { strict: false }),
    app.get(CallerLimitGuard, { strict: false }),
  ],
  trustedProxies: (config) => config.trustedProxies,
  networkOf: ({ ip }) => networkOf(ip),
  crossOrigin: (config) => crossOriginOf(config.corsOrigins),
  prepare: async (app, config) => {
    await app.register(fastifyCookie);
    sendSecurityHeaders(app, config.publicUrl);
    serveDocuments(app);
  },
};
