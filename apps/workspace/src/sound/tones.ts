/** Tones of the Web Audio API: no files, and nothing to load. */

/** Two tones for a ring, hertz; again every two seconds. */
const RING_HZ = [660, 880] as const;
const RING_MS = 180;
const RING_EVERY_MS = 2_000;
const MESSAGE_HZ = 520;
const MESSAGE_MS = 120;
/** Messages sound at most this often, milliseconds. */
const MESSAGE_EVERY_MS = 2_000;

export class Tones {
  #audio: AudioContext | null = null;
  #ringing: ReturnType<typeof setInterval> | null = null;
  #lastMessage = Number.NEGATIVE_INFINITY;
  readonly #blocked: (is: boolean) => void;

  /** @param blocked called with whether the browser keeps sounds from being heard */
  constructor(blocked: (is: boolean) => void) {
    this.#blocked = blocked;
  }

  /** To be called in a click or key press: browsers allow sounds from then on. */
  unlock(): void {
    if (typeof AudioContext === 'undefined') return;
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    audio.onstatechange = () => this.#blocked(audio.state !== 'running');
    void audio.resume().then(
      () => this.#blocked(audio.state !== 'running'),
      () => this.#blocked(true),
    );
  }

  /** Reports whether sounds would be heard, before there is one. */
  check(): void {
    this.#blocked(this.#audio?.state !== 'running');
  }

  /** Rings until it is asked to stop. */
  ring(on: boolean): void {
    if (on === (this.#ringing !== null)) return;
    if (this.#ringing !== null) clearInterval(this.#ringing);
    this.#ringing = null;
    if (!on) return;
    this.#ringOnce();
    this.#ringing = setInterval(() => this.#ringOnce(), RING_EVERY_MS);
  }

  message(): void {
    const now = performance.now();
    if (now - this.#lastMessage < MESSAGE_EVERY_MS || this.#ringing !== null) return;
    this.#lastMessage = now;
    this.#tone(MESSAGE_HZ, 0, MESSAGE_MS);
  }

  #ringOnce(): void {
    for (const [index, hertz] of RING_HZ.entries()) this.#tone(hertz, index * RING_MS, RING_MS);
  }

  #tone(hertz: number, afterMs: number, ms: number): void {
    const audio = this.#audio;
    if (audio === null || audio.state !== 'running') {
      this.#blocked(true);
      return;
    }
    const begin = audio.currentTime + afterMs / 1_000;
    const end = begin + ms / 1_000;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    // Without a slope, tones begin and end with a click.
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.2, begin + 0.015);
    volume.gain.setValueAtTime(0.2, end - 0.03);
    volume.gain.linearRampToValueAtTime(0, end);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(end);
  }
}
