/** The body of an answer, no further than it may be long. */

/** The beginning of the answer, however much there is of it: what is beyond `maxBytes` is not read. */
export async function beginningOf(response: Response, maxBytes: number): Promise<string> {
  return (await read(response, maxBytes)).text;
}

/** `fetch` for those who would read an answer to its end: it fails when there are more than `maxBytes`. */
export function boundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { text, complete } = await read(response, maxBytes);
    if (!complete) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    const hasBody = ![101, 204, 205, 304].includes(response.status);
    const { status, statusText, headers } = response;
    return new Response(hasBody ? text : null, { status, statusText, headers });
  };
}

async function read(response: Response, maxBytes: number) {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      chunks.push(chunk.subarray(0, chunk.length - (bytes - maxBytes)));
      break;
    }
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete: bytes <= maxBytes };
}
