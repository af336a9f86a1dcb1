/** Says how the certificate is, without changing anything: for the operator's check-up. */
import { X509Certificate } from 'node:crypto';
import { StartError } from '../start-error.js';
import { certificateNames, checkOptions, type StartOptions } from '../start-options.js';
import { certificateFolder, readCertificate, readKept } from './certificate.js';
import { covers, whyUnusable } from './own-certificate.js';

export type CertificateFinding =
  /** None yet: the server makes one at its first start. */
  | { readonly state: 'none' }
  | { readonly state: 'good'; readonly names: string; readonly validTo: string }
  /** The server's own, which it replaces at the next start. */
  | { readonly state: 'outdated'; readonly why: string }
  /** The operator's, which only the operator can replace. */
  | { readonly state: 'bad'; readonly why: string };

/**
 * Looks at the certificate that a server with these options would show.
 * @param now epoch ms
 */
export async function inspectCertificate(
  options: StartOptions,
  now: number,
): Promise<CertificateFinding> {
  const names = certificateNames(checkOptions(options));
  if (options.tls !== undefined) {
    try {
      const { cert } = await readCertificate(options.tls);
      return inspectGiven(new X509Certificate(cert), names[0] ?? 'localhost', options, now);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return { state: 'bad', why: error.message };
    }
  }
  const kept = await readKept(certificateFolder(options.dataDir));
  if (kept === null) return { state: 'none' };
  const why = whyUnusable(kept, names, now);
  return why === null ? good(new X509Certificate(kept.cert)) : { state: 'outdated', why };
}

function inspectGiven(
  cert: X509Certificate,
  name: string,
  options: StartOptions,
  now: number,
): CertificateFinding {
  if (Date.parse(cert.validTo) <= now) {
    return { state: 'bad', why: `The certificate ended on ${cert.validTo}: renew it.` };
  }
  if (Date.parse(cert.validFrom) > now) {
    return { state: 'bad', why: `The certificate begins on ${cert.validFrom}: check the clock.` };
  }
  if (options.publicDomain !== undefined && !covers(cert, name)) {
    const why = `The certificate is not for the public domain ${name} but for ${namesOf(cert)}: get one for it.`;
    return { state: 'bad', why };
  }
  return good(cert);
}

function good(cert: X509Certificate): CertificateFinding {
  return { state: 'good', names: namesOf(cert), validTo: cert.validTo };
}

function namesOf(cert: X509Certificate): string {
  return (cert.subjectAltName ?? cert.subject).replaceAll(/DNS:|IP Address:/g, '');
}
