/** What a path says of how its errors are answered. */
import type { ErrorForm } from './error-document.js';

const BARE = /^\/api\/account\/[^/]*\/(?:app\/engagement|monitoring)(?:\/|$)/;

/** A registered path of a visitor's chat, or below it. */
export function isVisitorsChat(url: string | undefined): boolean {
  return url !== undefined && /^\/api\/account\/:account\/chat\/:chat(?:\/|$)/.test(url);
}

/** How errors are answered at a path, as it is requested or as it is registered. */
export function errorFormOf(path: string): ErrorForm {
  return BARE.test(path) ? 'bare' : 'wrapped';
}
