/**
 * The sessions of a server by their ids. None is tied to a connection (RFC 2326 1.1): whoever knows its id may go on with it from
 * another one. What is sent inside a connection ends with that; what goes by UDP ends when its client has been silent for long.
 */
import type { Session } from './session.ts';

/** Where a session's packets go by UDP. */
export interface UdpPeer {
  readonly address: string;
  readonly rtcpPort: number;
}

interface Entry {
  readonly session: Session;
  /** Null for a session that is sent inside its connection. */
  readonly peer: UdpPeer | null;
}

export class Sessions {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;

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

  add(session: Session, peer: UdpPeer | null): void {
    this.#entries.set(session.id, { session, peer });
  }

  /** Ends it, however often it is called. */
  end(session: Session): void {
    if (this.#entries.delete(session.id)) session.close();
  }

  /** The connection on which it was set up is over. */
  connectionClosed(session: Session): void {
    if (this.#entries.get(session.id)?.peer === null) this.end(session);
  }

  /** RTCP from a UDP client: a sign of life when it comes from where the session's packets go. */
  heardFrom(address: string, port: number): void {
    for (const { session, peer } of this.#entries.values()) {
      if (peer?.address === address && peer.rtcpPort === port) session.lastHeardAt = performance.now();
    }
  }

  /** Ends what has gone silent; called about once a second. */
  sweep(now: number): void {
    for (const { session, peer } of this.#entries.values()) {
      if (peer === null) continue;
      const { faults, sessionSeconds } = session.camera;
      // Who has been gone knows nothing of the sessions of before.
      if (faults.has('half-open') || now - session.lastHeardAt > sessionSeconds * 1000) this.end(session);
    }
  }

  stop(): void {
    for (const { session } of this.#entries.values()) this.end(session);
  }
}
