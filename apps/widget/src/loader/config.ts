/** Reads the attributes of the script that loads the widget. */
import type { Config } from '../contract.js';

/** Above nearly everything that pages have. */
const DEFAULT_Z = 2_147_483_000;

/**
 * @returns null when the account or the key is missing, after saying so in the console
 */
export function readConfig(script: HTMLScriptElement): Config | null {
  const {
    account = '',
    appKey = '',
    skill,
    lang,
    accent,
    theme,
    position,
    z,
    label,
  } = script.dataset;
  if (account === '' || appKey === '') {
    hint('The script needs data-account and data-app-key.');
    return null;
  }
  return {
    base: new URL('./', script.src).href,
    account,
    appKey,
    skill,
    // Some systems have `en-US@posix` here.
    lang: (lang ?? (document.documentElement.lang || navigator.language)).replace(/[@.].*/, ''),
    accent: accent === undefined ? null : colour(accent),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    position: position === 'start' ? 'start' : 'end',
    z: z !== undefined && /^\d{1,10}$/.test(z) ? Number(z) : DEFAULT_Z,
    label,
  };
}

/** One line in the page's console that leads to the documentation; nothing is ever thrown at the page. */
export function hint(message: string): void {
  console.warn(`Parley widget: ${message} See docs/widget.md of Parley.`);
}

function colour(text: string): string | null {
  if (/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return text;
  hint(`data-accent must be a colour such as #2152cc, got "${text}".`);
  return null;
}

/** Black or white, whichever is easier to read on a colour of `#rgb` or `#rrggbb`. */
export function textOn(accent: string): '#000000' | '#ffffff' {
  const digits = accent.length === 4 ? accent.replace(/[0-9a-f]/gi, '$&$&') : accent;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (light + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
}
