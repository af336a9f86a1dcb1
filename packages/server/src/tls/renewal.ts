/** Takes up a renewed certificate without a restart: when its files change, or when asked to. */
import { unwatchFile, watchFile } from 'node:fs';
import type { Log } from '../log.js';
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.js';

/** How often the files are looked at, ms: renewals come weeks before the end. */
const LOOK_EVERY = 10_000;

/** A renewal writes one file after the other; they are read when both have been left alone so long, ms. */
const SETTLE_MS = 1_000;

export interface RenewalOptions {
  readonly files: CertificateFiles;
  /** The certificate in use. */
  readonly current: Certificate;
  /** Shows another certificate to whoever connects from now on. */
  readonly use: (certificate: Certificate) => void;
  readonly log: Log;
  /** How often the files are looked at, ms. */
  readonly lookEvery?: number;
}

export class CertificateRenewal {
  readonly #options: RenewalOptions;
  #cert: string;
  #settling: NodeJS.Timeout | null = null;

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#cert = options.current.cert;
    const interval = options.lookEvery ?? LOOK_EVERY;
    for (const file of this.#files()) {
      watchFile(file, { interval, persistent: false }, this.#changed);
    }
  }

  /**
   * Reads the files and uses what is in them. A pair that cannot be used changes nothing: the one in
   * use goes on, and the log says why.
   */
  async reload(): Promise<'renewed' | 'unchanged' | 'refused'> {
    const { files, use, log } = this.#options;
    let read: Certificate;
    try {
      read = await readCertificate(files);
      if (read.cert === this.#cert) return 'unchanged';
      use(read);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.error({ why }, 'the changed certificate cannot be used; the one before stays in use');
      return 'refused';
    }
    this.#cert = read.cert;
    log.info({ certFile: files.certFile }, 'a renewed certificate is in use');
    return 'renewed';
  }

  /** Looks no more. */
  stop(): void {
    for (const file of this.#files()) unwatchFile(file, this.#changed);
    if (this.#settling !== null) clearTimeout(this.#settling);
  }

  readonly #changed = (): void => {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.reload(), SETTLE_MS);
    this.#settling.unref();
  };

  #files(): readonly string[] {
    const { certFile, keyFile } = this.#options.files;
    return [...new Set([certFile, keyFile])];
  }
}
