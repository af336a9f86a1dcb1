/** One page's connection: answers what it asks, and tells it what it has bound. */
import {
  MAX_BINDINGS,
  type Notification,
  readRequest,
  type Request,
  VERSION,
} from '@parley/workspace-sdk/messages';
import type { WorkspaceController } from '../state/controller.js';
import { messageOf } from '../state/messages.js';
import { carryOut } from './page-commands.js';
import type { PagePlace } from './place.js';
import { inputsOf, isAsked, parsePath, type Path, readValue } from './public-model.js';

/** How often bound values are read again that only the server knows, milliseconds. */
const AGAIN_MS = 30_000;

interface Binding {
  readonly path: Path;
  /** What the value was made of last. */
  inputs: readonly unknown[] | null;
  /** The chat that it was of last. */
  chat: string | null;
  /** The value that the page has, as JSON; undefined before the first. */
  has: string | undefined;
  /** Counts readings: a slow one must not overwrite a later one. */
  reading: number;
}

export class PageSession {
  readonly #controller: WorkspaceController;
  readonly #place: PagePlace;
  readonly #port: MessagePort;
  readonly #bindings = new Map<number, Binding>();
  readonly #stops: (() => void)[];
  readonly #ended: () => void;
  #focused: string | null = null;
  #due = false;
  #isOver = false;

  /** @param ended called once, when either side has ended it */
  constructor(
    controller: WorkspaceController,
    place: PagePlace,
    port: MessagePort,
    ended: () => void,
  ) {
    this.#controller = controller;
    this.#place = place;
    this.#port = port;
    this.#ended = ended;
    port.onmessage = ({ data }) => {
      const request = readRequest(data);
      if (request !== null) void this.#answer(request);
    };
    const timer = setInterval(() => this.#readAgain(), AGAIN_MS);
    this.#stops = [
      controller.store.subscribe(() => this.#changed()),
      place.onFocus(() => this.#focus()),
      () => clearInterval(timer),
    ];
    this.#send({ type: 'welcome', version: VERSION });
    this.#focus();
  }

  end(): void {
    if (this.#isOver) return;
    if (this.#focused !== null) this.#send({ type: 'blurred', chat: this.#focused });
    this.#send({ type: 'bye' });
    this.#close();
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    this.#bindings.clear();
    this.#port.onmessage = null;
    this.#port.close();
    this.#ended();
  }

  #send(message: Notification): void {
    if (!this.#isOver) this.#port.postMessage(message);
  }

  async #answer(request: Request): Promise<void> {
    if (request.type === 'bye') {
      this.#close();
      return;
    }
    const { id } = request;
    try {
      const value = await this.#carryOut(request);
      this.#send({ type: 'answer', id, value: value ?? null });
    } catch (error) {
      this.#send({ type: 'refused', id, message: messageOf(error) });
    }
  }

  async #carryOut(request: Exclude<Request, { type: 'bye' }>): Promise<unknown> {
    switch (request.type) {
      case 'get':
        return readValue(this.#controller, this.#place.chat(), parsePath(request.path));
      case 'bind': {
        if (this.#bindings.size >= MAX_BINDINGS) {
          throw new Error(`A page can bind ${MAX_BINDINGS} values: unbind one first.`);
        }
        const path = parsePath(request.path);
        const binding: Binding = { path, inputs: null, chat: null, has: undefined, reading: 0 };
        this.#bindings.set(request.id, binding);
        try {
          await this.#read(request.id, binding);
        } catch (error) {
          this.#bindings.delete(request.id);
          throw error;
        }
        return null;
      }
      case 'unbind':
        this.#bindings.delete(request.binding);
        return null;
      case 'command':
        await carryOut(this.#controller, this.#place.chat(), request.name, request.data);
        return null;
    }
  }

  /** Looks once for all that changes in one go. */
  #changed(): void {
    if (this.#due || this.#bindings.size === 0) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      for (const [id, binding] of this.#bindings) this.#look(id, binding);
    });
  }

  #look(id: number, binding: Binding): void {
    const inputs = inputsOf(
      this.#controller.store.getState(),
      this.#place.chat(),
      binding.path.root,
    );
    const same =
      binding.inputs?.length === inputs.length &&
      inputs.every((each, at) => Object.is(each, binding.inputs?.[at]));
    if (same) return;
    // What could not be read stays as the page has it, until the next change.
    this.#read(id, binding).catch(() => {});
  }

  #readAgain(): void {
    for (const [id, binding] of this.#bindings) {
      if (isAsked(binding.path.root)) this.#read(id, binding).catch(() => {});
    }
  }

  async #read(id: number, binding: Binding): Promise<void> {
    const chat = this.#place.chat();
    binding.inputs = inputsOf(this.#controller.store.getState(), chat, binding.path.root);
    binding.reading += 1;
    const { reading } = binding;
    const isOther = binding.chat !== chat;
    binding.chat = chat;
    // What was of another visitor must not stand beside this one while the server is asked.
    if (isOther && binding.has !== undefined && isAsked(binding.path.root)) {
      this.#give(id, binding, null);
    }
    const value = (await readValue(this.#controller, chat, binding.path)) ?? null;
    if (binding.reading !== reading || this.#bindings.get(id) !== binding) return;
    this.#give(id, binding, value);
  }

  #give(id: number, binding: Binding, value: unknown): void {
    const json = JSON.stringify(value);
    if (json === binding.has) return;
    binding.has = json;
    this.#send({ type: 'value', binding: id, value });
  }

  #focus(): void {
    const now = this.#place.focused();
    if (now === this.#focused) return;
    const before = this.#focused;
    this.#focused = now;
    if (before !== null) this.#send({ type: 'blurred', chat: before });
    if (now !== null) this.#send({ type: 'focused', chat: now });
  }
}
