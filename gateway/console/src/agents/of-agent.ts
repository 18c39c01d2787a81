/** Which box a page is about. */
export interface OfAgent {
  readonly site: string;
  readonly agent: string;
}
