import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import { InternalClient, internalClient } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { BearerStrategy, CookieStrategy } from './access-token.strategies.js';
import { ApiKeys } from './api-keys.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { ExternalPersons } from './issuers/external-persons.js';
import { ShownTokens } from './issuers/shown-tokens.js';
import { RevokedSessions } from './revoked-sessions.js';
import { SigningKeys } from './signing-keys.js';

type Config = GatewayConfig;

@Module({
  providers: [
    {
      provide: InternalClient,
      useFactory: (config: Config, tokens: ServiceTokens) =>
        internalClient({ service: 'ticket-api', url: config.ticketApiInternalUrl, tokens, timeout: 2000 }),
      inject: [GATEWAY_CONFIG, ServiceTokens],
    },
    SigningKeys,
    RevokedSessions,
    ApiKeys,
    {
      provide: ExternalPersons,
      useFactory: ({ oidcIssuers }: Config, ticketApi: InternalClient, security: SecurityEvents) =>
        new ExternalPersons(oidcIssuers, ticketApi, security),
      inject: [GATEWAY_CONFIG, InternalClient, SecurityEvents],
    },
    ShownTokens,
    AuthenticationGuard,
    ...[BearerStrategy, CookieStrategy].map((Strategy) => ({
      provide: Strategy,
      useFactory: (keys: SigningKeys, config: Config) => new Strategy(keys, config.publicUrl),
      inject: [SigningKeys, GATEWAY_CONFIG],
    })),
  ],
  exports: [AuthenticationGuard, ShownTokens, SigningKeys],
})
export class AuthenticationModule implements OnApplicationShutdown {
  constructor(private readonly ticketApi: InternalClient) {}

  onApplicationShutdown(): Promise<void> {
    return this.ticketApi.close();
  }
}
