/**
 * A certificate for those who bring none, so that clients that insist on `https://` work at once.
 *
 * It is issued by a small authority of its own, whose certificate (`ca.pem`) is what people trust:
 * browsers and programs take that more readily than a certificate that vouches for itself. The
 * authority's key is thrown away as soon as it has signed, so that nobody can ever use that trust
 * for another name. The price: a new certificate needs to be trusted anew.
 */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** A certificate with its key, all as PEM text. */
export interface OwnCertificate {
  /** The authority's certificate: what clients trust. */
  readonly ca: string;
  /** The server's certificate. */
  readonly cert: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60 * 1000;
/** Some systems refuse certificates that live longer than 825 days. */
const LIFETIME = 820 * DAY;
/** Clocks of clients may be behind ours. */
const BACKDATED = DAY;
/** With less time left than this, a certificate is replaced at the next start. */
export const RENEW_BEFORE = 30 * DAY;

/**
 * Makes a certificate for these names.
 * @param names host names and addresses, the most important first
 * @param now epoch ms
 */
export async function makeCertificate(
  names: readonly string[],
  now: number,
): Promise<OwnCertificate> {
  const common = {
    algorithm: 'sha256',
    keyType: 'ec',
    curve: 'P-256',
    notBeforeDate: new Date(now - BACKDATED),
    notAfterDate: new Date(now + LIFETIME),
  } as const;
  // Each authority has a name of its own, so that a trusted older one is not taken for it.
  const name = `Parley local CA ${randomBytes(4).toString('hex')}`;
  const authority = await generate([{ name: 'commonName', value: name }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(altName) },
    ],
  });
  return { ca: authority.cert, cert: server.cert, key: server.private };
}

function altName(name: string) {
  return isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name };
}

/**
 * Why a certificate cannot be used any longer, in words; null when it can.
 * @param now epoch ms
 */
export function whyUnusable(
  own: OwnCertificate,
  names: readonly string[],
  now: number,
): string | null {
  let ca: X509Certificate;
  let cert: X509Certificate;
  try {
    ca = new X509Certificate(own.ca);
    cert = new X509Certificate(own.cert);
  } catch {
    return 'its files cannot be read as certificates';
  }
  if (!keyFits(cert, own.key)) return 'its key does not belong to it';
  if (!cert.verify(ca.publicKey)) return 'it was not issued by the ca.pem beside it';
  if (Date.parse(cert.validTo) - now < RENEW_BEFORE) return `it ends on ${cert.validTo}`;
  const missing = names.find((name) => !covers(cert, name));
  return missing === undefined ? null : `it is not for ${missing}`;
}

/** Whether a certificate is good for a host name or an address. */
export function covers(cert: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name)) !== undefined;
}

function keyFits(cert: X509Certificate, key: string): boolean {
  try {
    return cert.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
