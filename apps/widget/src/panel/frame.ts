/**
 * The box that the panel stands in: a dialog beside the page's content, or, on small screens, one that
 * fills the screen and is modal. It keeps the page's keys and pointers apart from the widget's.
 */
import type { Shell } from '../contract.js';
import type { Texts } from './texts.js';

/** Below this, in either direction, the panel fills the screen. */
const SMALL = '(max-width: 479px), (max-height: 479px)';

interface Closing {
  onclose: (() => void) | null;
  destroy(): void;
}

export class Frame {
  readonly body: HTMLElement;
  onToggle: (isOpen: boolean) => void = () => {};
  readonly #shell: Shell;
  readonly #box: HTMLElement;
  readonly #small = matchMedia(SMALL);
  #isOpen = false;
  #watcher: Closing | null = null;
  #inert: HTMLElement[] = [];

  constructor(shell: Shell, texts: Texts) {
    this.#shell = shell;
    this.#box = document.createElement('section');
    this.#box.className = 'panel';
    this.#box.setAttribute('role', 'dialog');
    this.#box.setAttribute('aria-label', shell.config.label ?? texts.title);
    this.#box.hidden = true;
    this.body = this.#box;
    shell.button.before(this.#box);
    // What is typed here is none of the page's shortcuts.
    for (const kind of ['keydown', 'keypress', 'keyup'] as const) {
      shell.host.addEventListener(kind, stop);
    }
    this.#box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.close();
    });
    this.#small.addEventListener('change', this.#fit);
    visualViewport?.addEventListener('resize', this.#fit);
    visualViewport?.addEventListener('scroll', this.#fit);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#box.hidden = false;
    this.#fit();
    this.#watch();
    this.onToggle(true);
    const first = this.#box.querySelector<HTMLElement>('textarea, input, select, .primary');
    (first ?? this.#box.querySelector<HTMLElement>('button'))?.focus({ preventScroll: true });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#box.hidden = true;
    this.#watcher?.destroy();
    this.#watcher = null;
    this.#fit();
    this.onToggle(false);
    this.#shell.button.focus({ preventScroll: true });
  }

  destroy(): void {
    if (this.#isOpen) this.close();
    this.#small.removeEventListener('change', this.#fit);
    visualViewport?.removeEventListener('resize', this.#fit);
    visualViewport?.removeEventListener('scroll', this.#fit);
    this.#box.remove();
  }

  /** A phone's way back closes the panel, where the browser reports it; the page's history is its own. */
  #watch(): void {
    const { CloseWatcher } = window as { CloseWatcher?: new () => Closing };
    if (CloseWatcher === undefined || !this.#small.matches) return;
    this.#watcher = new CloseWatcher();
    this.#watcher.onclose = () => this.close();
  }

  /** Fills what the keyboard leaves of a small screen; elsewhere the style sheet says how large it is. */
  readonly #fit = (): void => {
    const fills = this.#isOpen && this.#small.matches;
    this.#box.classList.toggle('full', fills);
    this.#shell.button.hidden = fills;
    this.#box.toggleAttribute('aria-modal', fills);
    if (fills) this.#box.setAttribute('aria-modal', 'true');
    const view = visualViewport;
    this.#box.style.height = fills && view !== null ? `${view.height}px` : '';
    this.#box.style.top = fills && view !== null ? `${view.offsetTop}px` : '';
    this.#keepPage(fills);
  };

  /** While the panel fills the screen the page behind it takes neither focus nor pointers. */
  #keepPage(isAway: boolean): void {
    for (const element of this.#inert) element.inert = false;
    this.#inert = isAway && !document.body.inert ? [document.body] : [];
    for (const element of this.#inert) element.inert = true;
  }
}

function stop(event: Event): void {
  event.stopPropagation();
}
