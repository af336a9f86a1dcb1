/** A short tone for a new line, made by the browser; nothing sounds before the visitor did something. */

const KEY = 'parley:sound';

export class Sound {
  #context: AudioContext | null = null;
  #isOn = true;

  get isOn(): boolean {
    return this.#isOn;
  }

  toggle(): void {
    this.#isOn = !this.#isOn;
    try {
      sessionStorage.setItem(KEY, this.#isOn ? 'on' : 'off');
    } catch {
      // It is as it is until the page goes.
    }
  }

  /** To be called from an act of the visitor. */
  unlock(): void {
    if (this.#context !== null || typeof AudioContext === 'undefined') return;
    this.#context = new AudioContext();
    try {
      this.#isOn = sessionStorage.getItem(KEY) !== 'off';
    } catch {
      this.#isOn = true;
    }
  }

  play(): void {
    const context = this.#context;
    if (context === null || !this.#isOn) return;
    void context.resume();
    const tone = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime;
    tone.frequency.value = 520;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.12);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.13);
  }
}
