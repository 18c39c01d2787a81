/** Who does something, as the audit names them. */
export interface Actor {
  /** As in the audit: `user:NAME`, `unit:ID`, `token:NAME`, `system`. */
  readonly name: string;
  readonly channel: string;
  /** The address that they ask from; left out for the gateway itself and its command line. */
  readonly source?: string;
}

/** What an entry of the audit says of who did it. */
export function authorOf({ name, channel, source }: Actor) {
  return { actor: name, channel, ...(source === undefined ? {} : { source }) };
}
