/** Sounds made by the browser itself (Web Audio): short, and each kind by a figure of its own, so that it is known unseen. */
import type { Interruption } from './rate.ts';

/** Hertz of each tone, one after the other. */
const TONES: Readonly<Record<Interruption, readonly number[]>> = {
  high_risk: [880, 1175],
  breach: [660, 660, 660],
  camera_lost: [523, 349],
};
const TONE_S = 0.16;
const LOUDNESS = 0.16;

/** Resolves when it may sound: browsers let a page make none before its person has done something on it. */
export async function audio(): Promise<AudioContext> {
  const context = new AudioContext();
  await context.resume();
  return context;
}

export function play(context: AudioContext, kind: Interruption): void {
  TONES[kind].forEach((hertz, index) => {
    const begin = context.currentTime + index * TONE_S;
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hertz;
    // No click at either end.
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
    volume.gain.linearRampToValueAtTime(0, begin + TONE_S - 0.01);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + TONE_S);
  });
}
