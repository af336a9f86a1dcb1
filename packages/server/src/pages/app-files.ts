/** The files of a page that was built: read once, each with what it may be sent as. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** Content types by ending; a file with another ending is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Endings of the copies that the build compressed, by content coding, the best first. */
const COPIES = { br: '.br', gzip: '.gz' } as const;
export type Coding = keyof typeof COPIES;

/** A name that changes with the content: `assets/index-BAdd8Xq1.js`. */
const HASHED = /-[\w-]{8,}\.\w+$/;

/** A file, ready to be sent. */
export interface AppFile {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content, so that it may be kept for ever. */
  readonly isHashed: boolean;
  readonly plain: Buffer;
  /** Compressed copies, where the build made them. */
  readonly coded: Readonly<Partial<Record<Coding, Buffer>>>;
}

/**
 * Reads a folder.
 * @returns the files by their path within it, with slashes; null when the folder is not there
 */
export function readAppFiles(folder: string): ReadonlyMap<string, AppFile> | null {
  const paths = filesOf(folder);
  if (paths === null) return null;
  const files = new Map<string, AppFile>();
  for (const path of paths) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const plain = readFileSync(join(folder, path));
    const coded: Partial<Record<Coding, Buffer>> = {};
    for (const [coding, ending] of Object.entries(COPIES) as [Coding, string][]) {
      if (paths.includes(`${path}${ending}`)) {
        coded[coding] = readFileSync(join(folder, `${path}${ending}`));
      }
    }
    const digest = createHash('sha256').update(plain).digest('base64url');
    files.set(path, {
      type,
      etag: `"${digest.slice(0, 27)}"`,
      isHashed: HASHED.test(path),
      plain,
      coded,
    });
  }
  return files;
}

function filesOf(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The coding in which a file is best sent.
 * @param accepted the header `Accept-Encoding`
 */
export function codingFor({ coded }: AppFile, accepted: string | undefined): Coding | null {
  const offered = new Map(
    (accepted ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
      const isRefused = parameters.some((each) => /^\s*q=0(?:\.0*)?\s*$/.test(each));
      return [name.trim(), !isRefused] as const;
    }),
  );
  for (const coding of Object.keys(COPIES) as Coding[]) {
    if (coded[coding] !== undefined && offered.get(coding) === true) return coding;
  }
  return null;
}
