/** The lines of a compressed text, one at a time, however long somebody has made the text or one of them. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Far more than the longest row that the gateway writes. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** Without the line feed; throws when the last line has none. */
export async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const input = createGunzip();
  source.on('error', (error) => input.destroy(error)).pipe(input);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of input) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, from)) {
        yield rest.subarray(from, end);
        from = end + 1;
      }
      rest = rest.subarray(from);
      if (rest.length > MAX_LINE_BYTES)
        throw new Error(`${file}: has a line of more than ${MAX_LINE_BYTES} bytes`);
    }
    if (rest.length > 0) throw new Error(`${file}: is incomplete`);
  } finally {
    source.destroy();
    input.destroy();
  }
}
