/**
 * The sessions of a server by their ids. None is tied to a connection (RFC 2326 1.1): whoever knows its id may go on with it from
 * another one. What is sent inside a connection ends with that; what goes by UDP ends when its client has been silent for long.
 */
import type { Session } from './session.ts';

/** Where a track's packets go by UDP. */
export interface UdpPeer {
  readonly address: string;
  readonly rtcpPort: number;
}

/** Between two sweeps, which come once a second. */
const HELD_UP_MS = 1500;

type Way = 'tcp' | 'udp';

interface Entry {
  readonly session: Session;
  readonly way: Way;
  /** Of its tracks. */
  readonly peers: UdpPeer[];
}

export class Sessions {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  #sweptAt = performance.now();

  /** @param limit sessions at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#limit;
  }

  get(id: string): Session | undefined {
    return this.#entries.get(id)?.session;
  }

  /** How its tracks go; undefined before the first of them. */
  wayOf(session: Session): Way | undefined {
    return this.#entries.get(session.id)?.way;
  }

  /** Another track of a session, or a session with its first one. @param peer null inside its connection */
  add(session: Session, peer: UdpPeer | null): void {
    const { peers = [] } = this.#entries.get(session.id) ?? {};
    if (peer !== null) peers.push(peer);
    this.#entries.set(session.id, { session, way: peer === null ? 'tcp' : 'udp', peers });
  }

  /** Ends it, however often it is called. */
  end(session: Session): void {
    if (this.#entries.delete(session.id)) session.close();
  }

  /** The connection on which it was set up is over. */
  connectionClosed(session: Session): void {
    if (this.wayOf(session) === 'tcp') this.end(session);
  }

  /** RTCP from a UDP client: a sign of life when it comes from where the session's packets go. */
  heardFrom(address: string, port: number): void {
    for (const { session, peers } of this.#entries.values()) {
      if (peers.some((peer) => peer.address === address && peer.rtcpPort === port))
        session.lastHeardAt = performance.now();
    }
  }

  /** Ends what has gone silent; called about once a second. */
  sweep(now: number): void {
    const isHeldUp = now - this.#sweptAt > HELD_UP_MS;
    this.#sweptAt = now;
    // This process had no time: what clients said meanwhile is still to be read.
    if (isHeldUp) return;
    for (const { session, way } of this.#entries.values()) {
      if (way === 'tcp') continue;
      const { faults, sessionSeconds } = session.camera;
      // Who has been gone knows nothing of the sessions of before.
      if (faults.has('half-open') || now - session.lastHeardAt > sessionSeconds * 1000) this.end(session);
    }
  }

  stop(): void {
    for (const { session } of this.#entries.values()) this.end(session);
  }
}
