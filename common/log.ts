/** What the parts here need of a logger, which pino's is. */
export type Say = (fields: object, message: string) => void;

export interface Log {
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}
