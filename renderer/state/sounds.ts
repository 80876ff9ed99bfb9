/**
 * Short tones, made in the page: a rising one for open, a falling one for refused, a level double one for unknown, a high one
 * for a label that was understood, a low one for one that was not, three level ones for an alarm.
 */
import type { Volume } from './preferences.svelte.ts';

export type Sound = 'open' | 'refused' | 'unknown' | 'scanned' | 'not_scanned' | 'alarm';

interface Note {
  readonly hz: number;
  readonly atMs: number;
  readonly lengthMs: number;
}

const melodies: Readonly<Record<Sound, readonly Note[]>> = {
  open: [
    { hz: 660, atMs: 0, lengthMs: 110 },
    { hz: 990, atMs: 110, lengthMs: 180 },
  ],
  refused: [
    { hz: 330, atMs: 0, lengthMs: 140 },
    { hz: 220, atMs: 140, lengthMs: 240 },
  ],
  unknown: [
    { hz: 520, atMs: 0, lengthMs: 120 },
    { hz: 520, atMs: 220, lengthMs: 120 },
  ],
  scanned: [{ hz: 1320, atMs: 0, lengthMs: 90 }],
  alarm: [
    { hz: 780, atMs: 0, lengthMs: 160 },
    { hz: 780, atMs: 260, lengthMs: 160 },
    { hz: 780, atMs: 520, lengthMs: 320 },
  ],
  not_scanned: [{ hz: 180, atMs: 0, lengthMs: 320 }],
};

const gains: Readonly<Record<Volume, number>> = { off: 0, quiet: 0.08, loud: 0.3 };
const fadeMs = 25;

/** A player of the tones. It has to be called first while a tap is handled: browsers keep silent until then. */
export const createSounds = (volume: () => Volume): ((sound: Sound) => void) => {
  let context: AudioContext | null = null;
  return (sound) => {
    const level = gains[volume()];
    if (level === 0) return;
    context ??= new AudioContext();
    const start = context.currentTime;
    for (const { hz, atMs, lengthMs } of melodies[sound]) {
      const oscillator = new OscillatorNode(context, { frequency: hz, type: 'sine' });
      const gain = new GainNode(context, { gain: 0 });
      const from = start + atMs / 1_000;
      const to = from + lengthMs / 1_000;
      // Without a fade at either end a tone begins and ends with a click.
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(level, from + fadeMs / 1_000);
      gain.gain.setValueAtTime(level, to - fadeMs / 1_000);
      gain.gain.linearRampToValueAtTime(0, to);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(to);
    }
  };
};
