/** Whether all is well with the box, for who watches over it: cameras that show nothing and a disk that cannot be written are not. */
import { type AgentTrouble, timestamp } from '@roadwatch/contract';

/** As short a silence of all cameras together may be a line that is begun anew. */
const GRACE_MS = 30_000;

interface Trouble extends Omit<AgentTrouble, 'code'> {
  readonly code: AgentTrouble['code'] | 'no_camera_streams';
}

export interface Verdict {
  readonly status: 'ok' | 'degraded';
  readonly troubles: readonly Trouble[];
}

/** To be told; all goes on as it should. */
const HARMLESS = ['store_replaced', 'broker_packet_limit', 'broker_fallback', 'configuration_refused'];

export class HealthVerdict {
  #streaming: boolean;
  /** By a clock that nobody sets. */
  #silentFrom: number;
  #silentSince: string;

  /** `now`: in ms, by that clock. */
  constructor(now: number) {
    this.#streaming = false;
    this.#silentFrom = now;
    this.#silentSince = timestamp(Date.now());
  }

  /** Call it whenever the number of cameras that stream may have changed. */
  note(streaming: number, now: number): void {
    if (this.#streaming && streaming === 0) {
      this.#silentFrom = now;
      this.#silentSince = timestamp(Date.now());
    }
    this.#streaming = streaming > 0;
  }

  judge(cameras: number, troubles: readonly AgentTrouble[], now: number): Verdict {
    const isSilent = cameras > 0 && !this.#streaming && now - this.#silentFrom >= GRACE_MS;
    const silence: readonly Trouble[] = isSilent
      ? [
          {
            code: 'no_camera_streams',
            detail: `none of ${cameras} cameras streams; the state of each says why`,
            since: this.#silentSince,
          },
        ]
      : [];
    const all = [...silence, ...troubles];
    return { status: all.every(({ code }) => HARMLESS.includes(code)) ? 'ok' : 'degraded', troubles: all };
  }
}
