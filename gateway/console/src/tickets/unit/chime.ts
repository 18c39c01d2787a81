/**
 * Two tones for a new order. A browser lets a page be heard only after a click in it, so that sound is switched on by one, each time
 * that the page is loaded; whether it was wanted is kept.
 */
const WANTED = 'roadwatch.unit-sound';
/** Hertz: a fifth, which is heard over street noise without being an alarm. */
const TONES = [660, 990] as const;
const TONE_S = 0.18;
const LOUDNESS = 0.25;

export class Chime {
  #audio: AudioContext | null = null;

  /** Whether somebody here wanted it before. */
  static wanted(): boolean {
    return localStorage.getItem(WANTED) !== null;
  }

  get on(): boolean {
    return this.#audio !== null;
  }

  /** In answer to a click; is heard at once, so that one knows what it is like. */
  async switchOn(): Promise<void> {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    localStorage.setItem(WANTED, 'yes');
    this.ring();
  }

  switchOff(): void {
    localStorage.removeItem(WANTED);
    this.stop();
  }

  ring(): void {
    const audio = this.#audio;
    if (audio === null) return;
    for (const [index, hertz] of TONES.entries()) {
      const start = audio.currentTime + index * TONE_S;
      const tone = new OscillatorNode(audio, { frequency: hertz });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(LOUDNESS, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_S * 2);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE_S * 2);
    }
  }

  /** The page goes. */
  stop(): void {
    void this.#audio?.close();
    this.#audio = null;
  }
}
