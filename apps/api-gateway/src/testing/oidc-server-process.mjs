import { createServer } from 'node:http';
import process from 'node:process';
import { Provider } from 'oidc-provider';

/**
 * A real OpenID Connect server, of which specs get tokens by a grant of their own: `subject`, `use` (`access` or `id`) and
 * `claims` in, a token out, shaped as those of a Keycloak realm or of a Cognito pool are.
 * Its arguments: port, `keycloak` or `cognito`, path of the issuer, a JWKS with private keys.
 */
const [port, shape, path, jwks] = process.argv.slice(2);
const GRANT = 'urn:example:person';
const client = 'ticketing-web';
const common = { scope: 'openid email profile', accessTokenFormat: 'jwt', audience: 'account' };

/** What the product writes into every access token beside the standard's claims. */
function shapeAccessToken({ oidc }, _token, jwt) {
  Object.assign(jwt.payload, JSON.parse(oidc.params.claims));
  if (shape === 'keycloak') {
    const { client_id: azp, ...payload } = jwt.payload;
    jwt.header = { typ: 'JWT' };
    jwt.payload = { ...payload, typ: 'Bearer', azp, realm_access: { roles: ['offline_access'] } };
  } else {
    jwt.header = { typ: undefined };
    Object.assign(jwt.payload, { token_use: 'access', username: jwt.payload.sub, 'cognito:groups': ['guests'] });
    // The library insists on an audience, Cognito's access tokens have none: it is not written.
    Object.defineProperty(jwt.payload, 'aud', { value: 'none', enumerable: false });
  }
}

const idClaims = shape === 'keycloak' ? { typ: 'ID', azp: client } : { token_use: 'id', 'cognito:groups': ['guests'] };

const provider = new Provider(`http://127.0.0.1:${port}${path}`, {
  jwks: JSON.parse(jwks),
  clients: [client, 'another-app'].map((id) => ({
    client_id: id,
    client_secret: 'secret',
    grant_types: [GRANT],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_post',
  })),
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: { enabled: true, getResourceServerInfo: () => common, defaultResource: () => 'urn:account' },
  },
  formats: { customizers: { jwt: shapeAccessToken } },
  ttl: { AccessToken: 300, IdToken: 300, Grant: 300 },
});

async function grant(ctx) {
  const { subject, use, claims } = ctx.oidc.params;
  if (use === 'id') {
    const token = new provider.IdToken({ sub: subject }, { ctx });
    token.scope = 'openid';
    for (const [name, value] of Object.entries({ ...idClaims, ...JSON.parse(claims) })) token.set(name, value);
    ctx.body = { token: await token.issue({ use: 'idtoken' }) };
    return;
  }
  const granted = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: subject });
  const facts = { accountId: subject, client: ctx.oidc.client, grantId: await granted.save(), gty: 'person' };
  const token = new provider.AccessToken({ ...facts, scope: 'openid' });
  token.resourceServer = new provider.ResourceServer('urn:account', common);
  ctx.body = { token: await token.save() };
}
provider.registerGrantType(GRANT, grant, ['subject', 'use', 'claims']);

const handle = provider.callback();
const server = createServer((request, response) => {
  request.originalUrl = request.url;
  request.url = request.url.slice(path.length) || '/';
  void handle(request, response);
});
server.listen(Number(port), '127.0.0.1', () => process.send('ready'));
process.once('disconnect', () => process.exit());
