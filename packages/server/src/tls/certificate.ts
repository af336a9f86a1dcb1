/** The certificate that the server shows: the operator's, or one of its own making. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keepFile, syncFolder } from '../kept-file.js';
import { StartError } from '../start-error.js';
import { makeCertificate, type OwnCertificate, whyUnusable } from './own-certificate.js';

/** What the TLS listener needs, and what people must trust. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** File that clients must trust; null for an operator's certificate. */
  readonly caFile: string | null;
  /** What was done to have it. */
  readonly origin: 'given' | 'kept' | 'made';
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads the operator's certificate.
 * @throws StartError naming the file that is wrong.
 */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const cert = await readPem(files.certFile, 'certificate');
  const key = await readPem(files.keyFile, 'key');
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(cert);
  } catch {
    throw new StartError(
      `The TLS certificate ${files.certFile} is not a certificate in PEM form: it must begin with "-----BEGIN CERTIFICATE-----".`,
    );
  }
  let fits: boolean;
  try {
    fits = parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new StartError(
      `The TLS key ${files.keyFile} cannot be read as a private key in PEM form without a passphrase.`,
    );
  }
  if (!fits) {
    throw new StartError(
      `The TLS key ${files.keyFile} does not belong to the certificate ${files.certFile}: give the pair that was made together.`,
    );
  }
  return { cert, key, caFile: null, origin: 'given' };
}

async function readPem(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The TLS ${what} ${file} cannot be read (${reason(error)}): check the path and its rights.`,
    );
  }
}

/** Where the server's own certificate stands in the data directory. */
export function certificateFolder(dataDir: string): string {
  return join(dataDir, 'tls');
}

/**
 * The server's own certificate from the data directory; made when there is none, when it is about
 * to end, or when it is not for all the names.
 * @param now epoch ms
 * @throws StartError when the folder cannot be written.
 */
export async function ownCertificate(
  dataDir: string,
  names: readonly string[],
  now: number,
): Promise<Certificate> {
  const folder = certificateFolder(dataDir);
  const kept = await readKept(folder);
  const caFile = join(folder, 'ca.pem');
  if (kept !== null && whyUnusable(kept, names, now) === null) {
    await chmod(join(folder, 'key.pem'), 0o600);
    return { cert: kept.cert, key: kept.key, caFile, origin: 'kept' };
  }
  const made = await makeCertificate(names, now);
  try {
    await keep(folder, made);
  } catch (error) {
    throw new StartError(
      `The TLS certificate cannot be kept in ${folder} (${reason(error)}): check the rights of that folder.`,
    );
  }
  return { cert: made.cert, key: made.key, caFile, origin: 'made' };
}

/** The kept certificate; null when a part of it is missing. */
export async function readKept(folder: string): Promise<OwnCertificate | null> {
  try {
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return ca === undefined || cert === undefined || key === undefined ? null : { ca, cert, key };
  } catch {
    return null;
  }
}

/** What people trust from now on must outlive a power cut. */
async function keep(folder: string, own: OwnCertificate): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(folder));
  await keepFile(join(folder, 'key.pem'), own.key, 0o600);
  await keepFile(join(folder, 'cert.pem'), own.cert, 0o644);
  await keepFile(join(folder, 'ca.pem'), own.ca, 0o644);
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
