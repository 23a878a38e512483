import { Controller } from '@nestjs/common';
import { InternalGet } from '@app/http';
import type { JSONWebKeySet } from 'jose';
import { AccessTokens } from '../access-tokens.js';

/** The keys that access tokens are checked with; the gateway serves them to the world too. */
@Controller()
export class PublishKeysController {
  constructor(private readonly tokens: AccessTokens) {}

  @InternalGet('/internal/keys', { callers: ['api-gateway'] })
  keys(): JSONWebKeySet {
    return this.tokens.keySet;
  }
}
