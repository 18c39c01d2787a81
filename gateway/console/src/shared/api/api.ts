/** The gateway's API, by what it is about. All requests throw Problem. */
import { adminRequests } from './admin.ts';
import { alertRequests } from './alerts.ts';
import { Connection } from './connection.ts';
import { deskRequests } from './desk.ts';
import { fieldRequests } from './field.ts';
import { figureRequests } from './figures.ts';
import { fleetRequests } from './fleet.ts';
import { mapRequests } from './map.ts';
import { Session } from './session.ts';
import { ticketRequests } from './tickets.ts';
import { tokenRequests } from './tokens.ts';
import { wallRequests } from './walls.ts';

export class Api {
  readonly #connection = new Connection();
  readonly session = new Session(this.#connection);
  readonly alerts = alertRequests(this.#connection.send);
  readonly desk = deskRequests(this.#connection.send);
  readonly tickets = ticketRequests(this.#connection.send);
  readonly field = fieldRequests(this.#connection.send);
  readonly figures = figureRequests(this.#connection.send);
  readonly fleet = fleetRequests(this.#connection.send);
  readonly walls = wallRequests(this.#connection.send);
  readonly map = mapRequests(this.#connection.send);
  readonly tokens = tokenRequests(this.#connection.send);
  readonly admin = adminRequests(this.#connection.send);

  /** The gateway's present instant in milliseconds. */
  now(): number {
    return this.#connection.now();
  }
}
