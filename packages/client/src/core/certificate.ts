/** Certificates that Node does not trust. */
import { UnreachableError } from './errors.js';
import { causeCode } from './http.js';

/** @throws UnreachableError for a certificate that is not trusted now, and will not be then */
export function checkCertificate(url: string, cause: unknown): void {
  const code = causeCode(cause);
  if (!/CERT|SIGNATURE/.test(code)) return;
  throw new UnreachableError(
    `The certificate of ${new URL(url).origin} is not trusted here (${code}).`,
    'Set NODE_EXTRA_CA_CERTS to the file of the certificate, which the server names when it starts.',
    { cause },
  );
}
