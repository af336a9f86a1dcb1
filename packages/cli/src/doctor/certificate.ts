/** Looks at the certificate that a server would show. */
import { inspectCertificate, type StartOptions } from '@parley/server';
import { type Finding, good, problem, warning } from './finding.js';

/** An operator's certificate that ends sooner is worth a reminder, days. */
const REMIND_DAYS = 21;
const DAY = 24 * 60 * 60 * 1000;

export async function checkCertificate(options: StartOptions, now: number): Promise<Finding> {
  const about = 'Certificate';
  if (options.httpsPort === null) return good(about, 'not needed: HTTPS is off');
  const finding = await inspectCertificate(options, now);
  switch (finding.state) {
    case 'none':
      return good(about, 'none yet; the first start makes one for this machine');
    case 'outdated':
      return warning(
        about,
        `the server's own certificate cannot be used any longer: ${finding.why}`,
        'The next start makes a new one; clients must then trust the new tls/ca.pem.',
      );
    case 'bad':
      return problem(about, finding.why, 'Give a good pair with --tls-cert and --tls-key.');
    case 'good': {
      const days = Math.floor((Date.parse(finding.validTo) - now) / DAY);
      const found = `for ${finding.names}, good for ${days} more days`;
      return options.tls !== undefined && days < REMIND_DAYS
        ? warning(about, found, 'Renew it, then restart the server.')
        : good(about, found);
    }
    default:
      return finding satisfies never;
  }
}
