import { webcrypto } from 'node:crypto';
// The certificate library needs decorators' metadata when it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;
/** A testbed runs for a day or two, so that a year is enough. */
const VALID_DAYS = 365;

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** The certificate authority of one testbed. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
  /** A certificate for a server on this host. */
  server(addresses: readonly string[]): Promise<KeyPair>;
  /** A certificate for a user of Kubernetes: CN is the name, each O a group. */
  client(name: string, groups: readonly string[]): Promise<KeyPair>;
}

/** `name` must not be "testbed": a certificate with the name of its issuer counts as self-signed. */
export async function createAuthority(name: string, now: () => Date): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return authority(
    { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) },
    keys,
    now,
  );
}

/** The authority of a testbed that another process set up. */
export async function loadAuthority(pair: KeyPair, now: () => Date): Promise<Authority> {
  const bytes = x509.PemConverter.decodeFirst(pair.key);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', bytes, ALGORITHM, true, ['sign']);
  const publicKey = await new x509.X509Certificate(pair.certificate).publicKey.export();
  return authority(pair, { privateKey, publicKey: publicKey as webcrypto.CryptoKey }, now);
}

function authority(pair: KeyPair, keys: webcrypto.CryptoKeyPair, now: () => Date): Authority {
  const issuer = new x509.X509Certificate(pair.certificate);
  const sign = async (subject: x509.JsonName, usage: x509.ExtendedKeyUsage, more: x509.Extension[]) => {
    const own = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(now),
      subject,
      issuer: issuer.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...more,
      ],
    });
    return { certificate: certificate.toString('pem'), key: await exportKey(own.privateKey) };
  };
  return {
    ...pair,
    server: addresses =>
      sign([{ CN: ['testbed'] }], x509.ExtendedKeyUsage.serverAuth, [
        new x509.SubjectAlternativeNameExtension(
          addresses.map(value => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value }) as const),
        ),
      ]),
    client: (name, groups) =>
      sign([...groups.map(group => ({ O: [group] })), { CN: [name] }], x509.ExtendedKeyUsage.clientAuth, []),
  };
}

/** An RSA key in PEM, for Kubernetes' service account tokens. */
export async function serviceAccountKey(): Promise<string> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return await exportKey(privateKey);
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(now: () => Date): { notBefore: Date; notAfter: Date } {
  // The clocks of other containers may be a little behind.
  const start = now().getTime() - DAY;
  return { notBefore: new Date(start), notAfter: new Date(start + VALID_DAYS * DAY) };
}
