/**
 * A certificate for those who bring none, so that clients that insist on `https://` work at once.
 *
 * It is issued by a small authority of its own, whose certificate (`ca.pem`) is what people trust:
 * browsers and programs take that more readily than a certificate that vouches for itself. The
 * authority's key is thrown away as soon as it has signed, so that nobody can ever use that trust
 * for another name. The price: a new certificate needs to be trusted anew.
 */
import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

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

const KEY_KIND = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * Makes a certificate for these names.
 * @param names host names and addresses, the most important first
 * @param now epoch ms
 */
export async function makeCertificate(
  names: readonly string[],
  now: number,
): Promise<OwnCertificate> {
  // Loaded only here: it takes longer to load than everything else of the server together.
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const authorityKeys = await newKeys();
  const serverKeys = await newKeys();
  const common = {
    notBefore: new Date(now - BACKDATED),
    notAfter: new Date(now + LIFETIME),
    signingAlgorithm: SIGNING,
  };

  const { KeyUsageFlags: usage } = x509;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    serialNumber: newSerial(),
    // Each authority has a name of its own, so that a trusted older one is not taken for it.
    name: `CN=Parley local CA ${randomBytes(4).toString('hex')}`,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usage.keyCertSign | usage.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: newSerial(),
    subject: [{ CN: [names[0] ?? 'localhost'] }],
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(usage.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = KeyObject.from(serverKeys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { ca: pem(authority), cert: pem(server), key: String(key) };
}

function newKeys() {
  return webcrypto.subtle.generateKey(KEY_KIND, true, ['sign', 'verify']);
}

/** A positive number, as certificates want it. */
function newSerial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

function pem(certificate: { toString(format: 'pem'): string }): string {
  return `${certificate.toString('pem').trimEnd()}\n`;
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
