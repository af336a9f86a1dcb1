/** `@parley/workspace-sdk`: the workspace inside a page, and pages inside the workspace. */
import {
  type Hello,
  type Notification,
  readNotification,
  type Request,
  VERSION,
} from './messages.js';
import type { Commands, ValueAt } from './model.js';

export type { Commands, PublicModel, Root, ValueAt } from './model.js';
export type {
  Attributes,
  Facts,
  JourneyPage,
  SurveyAnswer,
  TranscriptLine,
  Variable,
} from './model.js';

/** How often the workspace is greeted until it answers, and for how long by default, milliseconds. */
const HELLO_MS = 200;
const TIMEOUT_MS = 30_000;

/** What the frame of the workspace may do: everything it needs, but lead your page elsewhere. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads';

/** How a page connects with the workspace. */
export interface InitOptions {
  /** Where the workspace is: `https://chat.example.com/workspace/`. */
  readonly workspace: string | URL;
  /**
   * Embeds the workspace: puts its frame into this element. Left out, this page is itself shown by the
   * workspace.
   */
  readonly into?: HTMLElement;
  /** The account that the workspace is embedded for; required with `into`. */
  readonly account?: string;
  /** What the frame is called for screen readers. */
  readonly title?: string;
  /** The language of the embedded workspace; by default the browser's. */
  readonly language?: string;
  /** Called with the id of the chat that comes on screen; at once if one is. */
  readonly visitorFocused?: (chat: string) => void;
  /** Called with the id of the chat that is no longer on screen. */
  readonly visitorBlurred?: (chat: string) => void;
  /** Called once when the workspace has closed the connection. */
  readonly disconnected?: () => void;
  /** Milliseconds to wait for the workspace; 30,000 by default. */
  readonly timeout?: number;
  /** Ends the wait, and later the connection, as `dispose()` does. */
  readonly signal?: AbortSignal;
}

/** Something the workspace did not do, in a sentence. */
export class WorkspaceError extends Error {
  override name = 'WorkspaceError';
}

/** Hears a value of the public model. */
export type Listener<T> = (value: T) => void;

/** A connection with the workspace, made by `init`. */
export class Workspace {
  /** The frame that was put into the page; null inside the workspace. */
  readonly frame: HTMLIFrameElement | null;
  readonly #port: MessagePort;
  readonly #options: InitOptions;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  /** By the id of the request that bound it. */
  readonly #bindings = new Map<
    number,
    { readonly path: string; readonly listener: Listener<never> }
  >();
  #id = 0;
  #disposed = false;

  /** @internal */
  constructor(port: MessagePort, frame: HTMLIFrameElement | null, options: InitOptions) {
    this.#port = port;
    this.frame = frame;
    this.#options = options;
    port.onmessage = ({ data }) => {
      const message = readNotification(data);
      if (message !== null) this.#received(message);
    };
    options.signal?.addEventListener('abort', this.#stop);
  }

  /**
   * Reads a value of the public model.
   * @param path a root such as `chatInfo`, or what stands below one: `visitorInfo.visitorName`; null where
   *   nothing stands there
   * @throws WorkspaceError for a root that the model does not have
   */
  async get<P extends string>(path: P): Promise<ValueAt<P>> {
    return (await this.#ask({ type: 'get', path })) as ValueAt<P>;
  }

  /**
   * Calls a listener with the present value, and again whenever the value is another.
   * @returns what unbinds it
   * @throws WorkspaceError for a root that the model does not have, or a 51st binding
   */
  async bind<P extends string>(
    path: P,
    listener: Listener<ValueAt<P>>,
  ): Promise<() => Promise<void>> {
    const binding = this.#id;
    // Before the request: the present value may come before the answer.
    this.#bindings.set(binding, { path, listener: listener as Listener<never> });
    try {
      await this.#ask({ type: 'bind', path });
    } catch (error) {
      this.#bindings.delete(binding);
      throw error;
    }
    return () => this.#unbind(binding);
  }

  /** Unbinds a listener, or all listeners of a path. What is not bound is left alone. */
  async unbind(path: string, listener?: Listener<never>): Promise<void> {
    const all = [...this.#bindings].filter(
      ([, bound]) => bound.path === path && (listener === undefined || bound.listener === listener),
    );
    await Promise.all(all.map(([binding]) => this.#unbind(binding)));
  }

  /** @throws WorkspaceError when the workspace cannot do it: the message says why */
  async command<N extends keyof Commands>(name: N, data: Commands[N]): Promise<void> {
    await this.#ask({ type: 'command', name, data });
  }

  /** Ends the connection, frees every listener, and takes the frame out of the page. */
  dispose(): void {
    if (!this.#disposed) this.#port.postMessage({ type: 'bye' } satisfies Request);
    this.#stop();
  }

  /** `dispose()`, at the end of a `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  readonly #stop = (): void => {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#options.signal?.removeEventListener('abort', this.#stop);
    this.#port.onmessage = null;
    this.#port.close();
    this.frame?.remove();
    this.#bindings.clear();
    for (const { reject } of this.#waiting.values()) reject(new WorkspaceError(CLOSED));
    this.#waiting.clear();
  };

  async #unbind(binding: number): Promise<void> {
    if (!this.#bindings.delete(binding) || this.#disposed) return;
    await this.#ask({ type: 'unbind', binding });
  }

  #ask(request: Asked): Promise<unknown> {
    if (this.#disposed) return Promise.reject(new WorkspaceError(CLOSED));
    const id = this.#id++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ ...request, id } satisfies Request);
    });
  }

  #received(message: Notification): void {
    switch (message.type) {
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.value);
        this.#waiting.delete(message.id);
        return;
      case 'refused':
        if (message.id === null) return;
        this.#waiting.get(message.id)?.reject(new WorkspaceError(message.message));
        this.#waiting.delete(message.id);
        return;
      case 'value':
        this.#bindings.get(message.binding)?.listener(message.value as never);
        return;
      case 'focused':
        this.#options.visitorFocused?.(message.chat);
        return;
      case 'blurred':
        this.#options.visitorBlurred?.(message.chat);
        return;
      case 'bye':
        this.#stop();
        this.#options.disconnected?.();
        return;
      case 'welcome':
        return;
    }
  }
}

type Asked = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

const CLOSED = 'The connection with the workspace is closed: call init() again.';

/**
 * Connects this page with the workspace. With `into` the workspace is embedded in it, for whoever logs in
 * there; without, this page is one that the workspace shows beside a chat.
 * @throws WorkspaceError when no workspace answers in time; the signal's reason
 */
export async function init(options: InitOptions): Promise<Workspace> {
  const { signal, into } = options;
  signal?.throwIfAborted();
  const workspace = new URL(options.workspace, location.href);
  const frame = into === undefined ? null : embed(options, workspace, into);
  try {
    const port = await connect(options, workspace, frame);
    return new Workspace(port, frame, options);
  } catch (error) {
    frame?.remove();
    throw error;
  }
}

function embed(
  { account, title = 'Chats', language }: InitOptions,
  workspace: URL,
  into: HTMLElement,
): HTMLIFrameElement {
  if (account === undefined) {
    throw new WorkspaceError('init() needs `account` beside `into`: the account to embed.');
  }
  const address = new URL(workspace);
  address.searchParams.set('embed', '1');
  address.searchParams.set('account', account);
  // Each page around the workspace has to be one that the account lists.
  for (const origin of new Set([location.origin, ...(location.ancestorOrigins ?? [])])) {
    address.searchParams.append('origin', origin);
  }
  if (language !== undefined) address.searchParams.set('lang', language);
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.setAttribute('sandbox', SANDBOX);
  frame.allow = 'autoplay; clipboard-write';
  frame.style.cssText = 'display:block;width:100%;height:100%;border:0';
  frame.src = address.href;
  into.append(frame);
  return frame;
}

/** Greets the workspace until it answers: nobody knows when it has loaded. */
function connect(
  { timeout = TIMEOUT_MS, signal }: InitOptions,
  workspace: URL,
  frame: HTMLIFrameElement | null,
): Promise<MessagePort> {
  if (frame === null && window.parent === window) {
    throw new WorkspaceError(
      'This page is not shown by a workspace: pass `into` to embed one, or open the page in the workspace.',
    );
  }
  return new Promise((resolve, reject) => {
    const ports: MessagePort[] = [];
    const done = (port: MessagePort | null) => {
      clearInterval(timer);
      clearTimeout(limit);
      signal?.removeEventListener('abort', stop);
      for (const each of ports) {
        if (each === port) continue;
        // The workspace may have welcomed more than one.
        each.postMessage({ type: 'bye' } satisfies Request);
        each.onmessage = null;
        each.close();
      }
    };
    const stop = () => {
      done(null);
      reject(signal?.reason);
    };
    const greet = () => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      port1.onmessage = ({ data }) => {
        const message = readNotification(data);
        if (message?.type === 'welcome') {
          done(port1);
          resolve(port1);
        } else if (message?.type === 'refused') {
          done(null);
          reject(new WorkspaceError(message.message));
        }
      };
      const hello: Hello = { parley: 'workspace', type: 'hello', version: VERSION };
      // To that origin alone: another page in its place receives nothing.
      (frame?.contentWindow ?? window.parent).postMessage(hello, workspace.origin, [port2]);
    };
    const timer = setInterval(greet, HELLO_MS);
    const limit = setTimeout(() => {
      done(null);
      reject(
        new WorkspaceError(
          frame === null
            ? `No workspace at ${workspace.origin} shows this page: check \`workspace\`, and that the page is listed in the account's setting workspacePages.`
            : `The workspace at ${workspace.href} did not answer: check the address, and that the account's setting agentOrigins lists ${location.origin}.`,
        ),
      );
    }, timeout);
    signal?.addEventListener('abort', stop);
    greet();
  });
}
