/** What a person should know of the box: gathered from where it happens, and told again when it is another. */
import type { AgentTrouble } from '@roadwatch/contract';
import type { Logger } from 'pino';

interface Troubled {
  readonly troubles: readonly AgentTrouble[];
}

/** The disk, the video ring, the looks, the full streams, the line, the settings and Home Assistant. */
interface TroubledParts {
  readonly store: Troubled;
  readonly ringRoom: Troubled;
  readonly looks: Troubled;
  readonly fullStreams: Troubled;
  readonly uplink: Troubled;
  readonly reloads: Troubled;
  readonly homeAssistant: Troubled;
}

export class Troubles {
  readonly #parts: TroubledParts;
  readonly #log: Logger;
  #said: readonly string[] = [];

  constructor(parts: TroubledParts, log: Logger) {
    this.#parts = parts;
    this.#log = log;
  }

  get all(): readonly AgentTrouble[] {
    const { store, ringRoom, looks, fullStreams, uplink, reloads, homeAssistant } = this.#parts;
    return [
      ...store.troubles,
      ...ringRoom.troubles,
      ...looks.troubles,
      ...fullStreams.troubles,
      ...uplink.troubles,
      ...reloads.troubles,
      ...homeAssistant.troubles,
    ];
  }

  /** Whether there are others than at the last call. The ring's are logged: the others log their own. */
  takeChanged(): boolean {
    const codes = this.all.map(({ code }) => code);
    if (codes.join() === this.#said.join()) return false;
    for (const { code, detail } of this.#parts.ringRoom.troubles)
      if (!this.#said.includes(code)) this.#log.warn({ reason: detail }, 'the video ring has moved');
    this.#said = codes;
    return true;
  }
}
