import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

const DAY = 86_400_000;

interface Wanted {
  passTypeId?: string;
  teamId?: string;
  endsAt?: Date;
}

/** Certificates as Apple would issue them, by an authority of our own, for specs. */
export function appleAccount({ passTypeId = 'pass.example.tickets', teamId = 'TEAM123456', endsAt }: Wanted = {}) {
  const authority = newKeys();
  const wwdr = certificate({
    subject: [{ name: 'commonName', value: 'Worldwide Developer Relations of a spec' }],
    publicKey: authority.publicKey,
    signedBy: authority.privateKey,
    endsAt: new Date(Date.now() + 3650 * DAY),
    extensions: [{ name: 'basicConstraints', cA: true }],
  });
  const own = newKeys();
  const signer = certificate({
    subject: [
      { type: '0.9.2342.19200300.100.1.1', value: passTypeId },
      { name: 'commonName', value: `Pass Type ID: ${passTypeId}` },
      { shortName: 'OU', value: teamId },
    ],
    issuer: wwdr.subject.attributes,
    publicKey: own.publicKey,
    signedBy: authority.privateKey,
    endsAt: endsAt ?? new Date(Date.now() + 365 * DAY),
  });
  return {
    APPLE_PASS_TYPE_ID: passTypeId,
    APPLE_TEAM_ID: teamId,
    APPLE_PASS_CERTIFICATE: forge.pki.certificateToPem(signer),
    APPLE_PASS_KEY: own.pem,
    APPLE_WWDR_CERTIFICATE: forge.pki.certificateToPem(wwdr),
  };
}

/** A service account's key file as Google makes it. */
export function googleAccount() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = {
    type: 'service_account',
    client_email: 'tickets@spec.iam.gserviceaccount.com',
    private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
  return {
    publicKey,
    environment: {
      GOOGLE_WALLET_ISSUER_ID: '3388000000012345678',
      GOOGLE_WALLET_SERVICE_ACCOUNT: JSON.stringify(file),
    },
  };
}

/** By Node: forge takes seconds for a key. */
function newKeys() {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return {
    pem,
    privateKey: forge.pki.privateKeyFromPem(pem),
    publicKey: forge.pki.publicKeyFromPem(keys.publicKey.export({ format: 'pem', type: 'spki' }).toString()),
  };
}

function certificate(given: {
  subject: forge.pki.CertificateField[];
  issuer?: forge.pki.CertificateField[];
  publicKey: forge.pki.rsa.PublicKey;
  signedBy: forge.pki.rsa.PrivateKey;
  endsAt: Date;
  extensions?: object[];
}): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = given.publicKey;
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Math.min(Date.now(), given.endsAt.getTime()) - DAY);
  made.validity.notAfter = given.endsAt;
  made.setSubject(given.subject);
  made.setIssuer(given.issuer ?? given.subject);
  made.setExtensions(given.extensions ?? []);
  made.sign(given.signedBy, forge.md.sha256.create());
  return made;
}
