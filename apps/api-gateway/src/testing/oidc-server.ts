import { fork, type ChildProcess } from 'node:child_process';
import { createPrivateKey, createSign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Key {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } };
}

/** A process of `oidc-provider`, shaped as a Keycloak realm or a Cognito pool. Specs know its key, to forge what it would never make. */
export class OidcServer {
  private child: ChildProcess | undefined;
  private constructor(
    private readonly shape: 'keycloak' | 'cognito',
    private readonly path: string,
    private readonly port: number,
    public key: Key,
  ) {}

  static async start(shape: 'keycloak' | 'cognito', path: string): Promise<OidcServer> {
    const server = new OidcServer(shape, path, await freePort(), await newKey('first'));
    await server.open();
    return server;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}${this.path}`;
  }

  /** Goes on with another key. */
  async rotate(kid: string): Promise<void> {
    await this.stop();
    this.key = await newKey(kid);
    await this.open();
  }

  async open(): Promise<void> {
    const script = join(import.meta.dirname, 'oidc-server-process.mjs');
    const jwks = JSON.stringify({ keys: [this.key.jwk] });
    this.child = fork(script, [String(this.port), this.shape, this.path, jwks], { execArgv: [], silent: true });
    const ended = once(this.child, 'exit').then(([code]) => `exit ${code}`);
    const [said] = [await Promise.race([once(this.child, 'message'), ended])].flat();
    if (said !== 'ready') throw new Error(`The OIDC server did not start: ${said}`);
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  }

  /** A token that the server itself makes. */
  async token(
    subject: string,
    claims: object = {},
    { use = 'access', client = 'ticketing-web' } = {},
  ): Promise<string> {
    const form = { grant_type: 'urn:example:person', client_id: client, client_secret: 'secret' };
    const body = new URLSearchParams({ ...form, subject, use, claims: JSON.stringify(claims) });
    const answer = await fetch(`${this.issuer}/token`, { method: 'POST', body });
    const { token, ...problem } = (await answer.json()) as { token?: string };
    if (!token) throw new Error(JSON.stringify(problem));
    return token;
  }

  get privateKey(): KeyObject {
    return createPrivateKey({ key: this.key.jwk as JsonWebKey, format: 'jwk' });
  }

  /** RS256 over anything, which the libraries would refuse to sign. */
  rawSignature(input: string): string {
    return createSign('RSA-SHA256').update(input).sign(this.privateKey, 'base64url');
  }

  /** A token by the server's own key, with claims and a header as one likes. */
  forge(claims: Record<string, unknown>, header: object = {}, key: CryptoKey | KeyObject = this.key.privateKey) {
    const now = Math.floor(Date.now() / 1000);
    const facts = { iss: this.issuer, sub: 'grete', iat: now, exp: now + 300 };
    const shaped =
      this.shape === 'keycloak'
        ? { typ: 'Bearer', aud: 'account', azp: 'ticketing-web' }
        : { token_use: 'access', client_id: 'ticketing-web' };
    return new SignJWT({ ...facts, ...shaped, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: this.key.jwk.kid!, ...header })
      .sign(key);
  }
}
