import { Controller, Header } from '@nestjs/common';
import { OpenGet } from '@app/http';
import { PublicJwks, SigningKeys, type PublicJwk } from '../authentication/signing-keys.js';
import { describeOpen } from '../documentation/describe-open.js';

/** Keys by which anybody may check our access tokens (RFC 7517). */
@Controller()
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @OpenGet('/.well-known/jwks.json')
  @describeOpen('Keys of the access tokens (RFC 7517)', PublicJwks)
  @Header('cache-control', 'public, max-age=300')
  async jwks(): Promise<{ keys: PublicJwk[] }> {
    return { keys: await this.keys.all() };
  }
}
