/** An ar archive as deb(5) has it: a line, then each member behind a header of 60 characters, at even places. */

interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const HEADER = '!<arch>\n';
const PLAIN_FILE = '100644';

export function ar(members: readonly Member[], madeAt: Date): Buffer {
  const seconds = String(Math.floor(madeAt.getTime() / 1000));
  return Buffer.concat([
    Buffer.from(HEADER),
    ...members.flatMap(({ name, bytes }) => {
      const fields = [
        name.padEnd(16),
        seconds.padEnd(12),
        '0'.padEnd(6),
        '0'.padEnd(6),
        PLAIN_FILE.padEnd(8),
        String(bytes.length).padEnd(10),
      ];
      const even = bytes.length % 2 === 0 ? '' : '\n';
      return [Buffer.from(`${fields.join('')}\`\n`), bytes, Buffer.from(even)];
    }),
  ]);
}
