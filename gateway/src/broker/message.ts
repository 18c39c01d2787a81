/** A message as a broker hands it over, before anybody has read it. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Whether the sender asked the broker to keep it for those who come later. */
  readonly retained?: boolean;
  /** It was said before we listened, and the broker had kept it. */
  readonly old?: boolean;
}
