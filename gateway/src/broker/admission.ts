/**
 * Which connections of the embedded broker may go on: each was made with a password or a key, and ends when its agent is revoked or
 * given another one, by whatever process.
 */
import { type Credential, whyShutOut } from '../agents/login.ts';
import { agentOfSubject } from '../agents/registry.ts';
import { formatAgentName, parseAgentName } from '../cameras/source.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';

/** As much of a broker's client as matters here. */
export interface Connection {
  readonly id: string;
}

export class Admission<Client extends Connection> {
  readonly #store: Store;
  readonly #onShutOut: (client: Client, reason: string) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #stopListening: () => void;
  /** What each connection logged in with, as the store knows it. */
  readonly #madeWith = new WeakMap<Client, Credential>();
  readonly #shutOut = new WeakSet<Client>();
  readonly #open = new Map<string, Client>();

  constructor(
    { store, changes }: { readonly store: Store; readonly changes: ChangeFeed },
    on: {
      /** Its connection is to be ended. */
      readonly shutOut: (client: Client, reason: string) => void;
      /** The store could not be asked; it is asked again with the next change. */
      readonly failure: (error: Error) => void;
    },
  ) {
    this.#store = store;
    this.#onShutOut = on.shutOut;
    this.#onFailure = on.failure;
    this.#stopListening = changes.listen(({ kind, subject }) => {
      const name = kind === 'access' ? agentOfSubject(subject) : null;
      const client = name === null ? undefined : this.#open.get(formatAgentName(name));
      if (client !== undefined) this.#look(client);
    });
  }

  /**
   * It has logged in, with what the store knows. Returns the connection that is open under the same name, which the broker ends
   * now (MQTT-3.1.4-2).
   */
  loggedIn(client: Client, credential: Credential): Client | null {
    this.#madeWith.set(client, credential);
    return this.#open.get(client.id) ?? null;
  }

  /** The broker counts it among its clients from now on; what has changed since it logged in is noticed here. */
  opened(client: Client): void {
    this.#open.set(client.id, client);
    this.#look(client);
  }

  closed(client: Client): void {
    if (this.#open.get(client.id) === client) this.#open.delete(client.id);
  }

  isShutOut(client: Client): boolean {
    return this.#shutOut.has(client);
  }

  stop(): void {
    this.#stopListening();
  }

  #look(client: Client): void {
    const name = parseAgentName(client.id);
    if (name === null) return;
    whyShutOut(this.#store, name, this.#madeWith.get(client)).then((reason) => {
      if (reason === null || this.#shutOut.has(client)) return;
      this.#shutOut.add(client);
      this.#onShutOut(client, reason);
    }, this.#onFailure);
  }
}
