/**
 * The part of the widget that is on every page: it draws the button and loads the panel when the visitor
 * turns to it, or when a chat goes on. Before that nothing is stored and nothing is asked but whether
 * somebody is there.
 */
import type { Consent, Facts, Panel, PanelModule, Shell, WidgetEvents } from '../contract.js';
import { savedChatKey } from '../contract.js';
import css from './button.css?inline';
import { hint, readConfig, textOn } from './config.js';
import { loaderTexts } from './texts.js';

declare const __PANEL__: string;

type Listener = (detail: unknown) => void;
/** `Parley('open')`, `Parley('on', 'message', listener)` … */
type Call = readonly [name: string, ...parameters: unknown[]];
type Global = ((...call: Call) => void) & { q?: ArrayLike<unknown>[]; loaded?: true };

declare global {
  interface Window {
    Parley?: Global;
  }
}

const DARK =
  ':host{--surface:#151920;--sunken:#0a0c10;--hover:#1c222b;--text:#e9ecf1;--text-2:#b0b8c4;--text-3:#939dac;--line:#262c37;--field:#6b7687;--mine:#1e3058;--theirs:#222934;--danger:#ff918d;--danger-tint:#34171a;--amber:#f0b955;--amber-tint:#2c210e;--green:#67cf95;color-scheme:dark!important}';
const DARK_ACCENT = ':host{--accent:#3a69e8}';

/** How often it is looked whether somebody is there, while the page is seen, ms. */
const LOOK_MS = 60_000;

const script = document.currentScript;
if (script instanceof HTMLScriptElement && window.Parley?.loaded !== true) start(script);

function start(element: HTMLScriptElement): void {
  const config = readConfig(element);
  if (config === null) return;
  const texts = loaderTexts(config.lang);

  const host = document.createElement('parley-widget');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  sheet.insertRule(`:host{z-index:${config.z}!important}`, sheet.cssRules.length);
  const own = config.accent === null ? '' : accentRule(config.accent);
  const dark = DARK + (own === '' ? DARK_ACCENT : '');
  const theme = new CSSStyleSheet();
  theme.replaceSync(
    (config.theme === 'dark'
      ? dark
      : config.theme === 'auto'
        ? `@media (prefers-color-scheme:dark){${dark}}`
        : '') + own,
  );
  root.adoptedStyleSheets = [sheet, theme];

  const frame = document.createElement('div');
  frame.className = config.position;
  frame.dir = isRightToLeft(config.lang) ? 'rtl' : 'ltr';
  frame.lang = config.lang;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  button.append(icon());
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.hidden = true;
  button.append(badge);
  const { bubble, say } = peek(texts.dismiss, () => open());
  frame.append(button, bubble);
  root.append(frame);

  const listeners = new Map<string, Set<Listener>>();
  let panel: Promise<Panel | null> | null = null;
  let isOpen = false;
  let isAway = false;
  let destroyed = false;

  const shell: Shell = {
    config,
    root,
    host,
    button,
    consent: { tracking: false, typing: false },
    facts: {},
    unread(count, preview) {
      badge.hidden = count === 0;
      badge.textContent = count > 99 ? '99+' : String(count);
      say(count === 0 ? null : preview);
      label(count);
    },
    away(is) {
      isAway = is;
      frame.classList.toggle('away', is);
      label(0);
    },
    opened(is) {
      isOpen = is;
      button.setAttribute('aria-expanded', String(is));
      if (is) say(null);
      notify(is ? 'open' : 'close', undefined);
    },
    notify,
  };

  function label(count: number): void {
    const name = config?.label ?? (isAway ? texts.leaveMessage : texts.chat);
    button.setAttribute('aria-label', count === 0 ? name : `${name}, ${texts.unread(count)}`);
  }

  function notify<E extends keyof WidgetEvents>(name: E, detail: WidgetEvents[E]): void {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        // The page's own fault: it is reported where faults are reported, and the widget goes on.
        reportError(error);
      }
    }
  }

  function load(): Promise<Panel | null> {
    panel ??= (
      import(/* @vite-ignore */ `${config?.base}widget/${__PANEL__}`) as Promise<PanelModule>
    )
      .then((module) => (destroyed ? null : module.mount(shell)))
      .catch(() => {
        panel = null;
        hint(
          'The panel could not be loaded: the page must allow scripts and requests to the server that the widget comes from.',
        );
        return null;
      });
    return panel;
  }

  const open = () => void load().then((loaded) => loaded?.open());
  const close = () => void panel?.then((loaded) => loaded?.close());

  button.addEventListener('click', () => (isOpen ? close() : open()));
  for (const kind of ['pointerenter', 'focus', 'touchstart'] as const) {
    button.addEventListener(kind, () => void load(), { once: true, passive: true });
  }

  const commands: Readonly<Record<string, (...parameters: never[]) => void>> = {
    open,
    close,
    set(facts: Facts) {
      shell.facts = { ...shell.facts, ...facts };
      void panel?.then((loaded) => loaded?.changed());
    },
    consent(consent: Partial<Consent>) {
      shell.consent = { ...shell.consent, ...consent };
      void panel?.then((loaded) => loaded?.changed());
    },
    on(name: keyof WidgetEvents, listener: Listener) {
      const of = listeners.get(name) ?? new Set();
      listeners.set(name, of.add(listener));
    },
    destroy() {
      destroyed = true;
      clearInterval(looking);
      void panel?.then((loaded) => loaded?.destroy());
      host.remove();
      delete window.Parley;
    },
  };
  const call = (...[name, ...parameters]: Call) => {
    const command = commands[name];
    if (command === undefined) {
      hint(`There is no call "${String(name)}": there are ${Object.keys(commands).join(', ')}.`);
      return;
    }
    try {
      command(...(parameters as never[]));
    } catch (error) {
      hint(`The call "${name}" failed: ${String(error)}.`);
    }
  };
  const waiting = window.Parley?.q ?? [];
  window.Parley = Object.assign(call, { loaded: true } as const);

  // Beside the body, so that it survives pages that exchange theirs.
  document.documentElement.append(host);
  label(0);

  const look = () => {
    if (document.visibilityState !== 'visible' || panel !== null) return;
    void isSomebodyThere(config).then((is) => panel === null && shell.away(!is));
  };
  look();
  const looking = setInterval(look, LOOK_MS);
  if (hasChat(config.account) || element.dataset['openOn'] === 'load') {
    void load().then((loaded) => element.dataset['openOn'] === 'load' && loaded?.open());
  }
  for (const each of waiting) call(...(Array.from(each) as unknown as Call));
  notify('ready', undefined);
}

function accentRule(accent: string): string {
  return `:host{--accent:${accent}!important;--on-accent:${textOn(accent)}!important}`;
}

function isRightToLeft(lang: string): boolean {
  return /^(?:ar|fa|he|ur)\b/i.test(lang);
}

/** Whether a chat goes on: reading what the widget itself wrote at the visitor's act stores nothing. */
function hasChat(account: string): boolean {
  try {
    return localStorage.getItem(savedChatKey(account)) !== null;
  } catch {
    return false;
  }
}

async function isSomebodyThere(config: Shell['config']): Promise<boolean> {
  const query = new URLSearchParams({ v: '1', appKey: config.appKey });
  if (config.skill !== undefined) query.set('skill', config.skill);
  try {
    const answer = await fetch(
      `${config.base}api/account/${config.account}/chat/availability.json?${query}`,
      { credentials: 'omit', referrerPolicy: 'no-referrer' },
    );
    if (!answer.ok) return true;
    const body: unknown = await answer.json();
    return !/"availability":\s*(?:false|"false")/.test(JSON.stringify(body));
  } catch {
    // Not known: it is found out on opening.
    return true;
  }
}

/** The bubble that shows the last unread line beside the closed button. */
function peek(dismiss: string, open: () => void) {
  const bubble = document.createElement('div');
  bubble.className = 'peek';
  bubble.hidden = true;
  const text = document.createElement('button');
  text.type = 'button';
  text.dir = 'auto';
  text.addEventListener('click', open);
  const away = document.createElement('button');
  away.type = 'button';
  away.className = 'peek-close';
  away.setAttribute('aria-label', dismiss);
  away.textContent = '×';
  away.addEventListener('click', () => {
    bubble.hidden = true;
  });
  bubble.append(text, away);
  const say = (line: string | null) => {
    bubble.hidden = line === null;
    text.textContent = line === null || line.length <= 120 ? line : `${line.slice(0, 119)}…`;
  };
  return { bubble, say };
}

function icon(): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.75',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M21 12a8.5 8.5 0 0 1-12.3 7.6L3 21l1.4-5.7A8.5 8.5 0 1 1 21 12Z');
  svg.append(path);
  return svg;
}
