/** What loader and panel know of each other. The loader is on every page; the panel comes when needed. */

/** How the page set the widget up, by attributes of the script. */
export interface Config {
  /** Origin of the server, which the script came from, with the path prefix of a proxy: ends in `/`. */
  readonly base: string;
  readonly account: string;
  readonly appKey: string;
  readonly skill: string | undefined;
  /** BCP 47 tag: of the attribute, else of the page. */
  readonly lang: string;
  /** CSS colour; null where none, or none that can be read, was given. */
  readonly accent: string | null;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly position: 'start' | 'end';
  readonly z: number;
  readonly label: string | undefined;
}

/** What the visitor agreed to; nothing by default. */
export interface Consent {
  /** To be known again on a later visit. */
  readonly tracking: boolean;
  /** That the agent sees what is typed before it is sent. */
  readonly typing: boolean;
}

/** What is reported to the page. */
export interface WidgetEvents {
  readonly ready: undefined;
  readonly open: undefined;
  readonly close: undefined;
  /** A line of the agent came. */
  readonly message: { readonly text: string };
  readonly ended: undefined;
}

/** What the panel has of the loader. */
export interface Shell {
  readonly config: Config;
  readonly root: ShadowRoot;
  readonly host: HTMLElement;
  readonly button: HTMLButtonElement;
  consent: Consent;
  /** What the page said of the visitor: name, custom variables. */
  facts: Facts;
  /** Shows how many lines are unread, and the last of them beside the button. */
  unread(count: number, preview: string | null): void;
  /** Shows that nobody is there. */
  away(is: boolean): void;
  opened(is: boolean): void;
  notify<E extends keyof WidgetEvents>(name: E, detail: WidgetEvents[E]): void;
}

/** What the page may say of the visitor. */
export interface Facts {
  readonly name?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What the loader has of the panel. */
export interface Panel {
  open(): void;
  close(): void;
  /** Consent or facts changed. */
  changed(): void;
  destroy(): void;
}

/** The panel's module. */
export interface PanelModule {
  mount(shell: Shell): Panel;
}

/** Where a chat is remembered that goes on over pages and reloads. */
export const savedChatKey = (account: string): string => `parley:chat:${account}`;
