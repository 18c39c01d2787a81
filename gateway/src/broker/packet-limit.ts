/** Ends a connection whose next MQTT packet is larger than allowed before its body is read into memory. */
import type { Socket } from 'node:net';

/**
 * Reads only the fixed headers (MQTT 3.1.1, 2.2: a type byte, then the remaining length in 1 to 4 bytes of 7 bits each).
 * Returns a function to be given each chunk in turn; it returns false once a packet is too long or the length is malformed.
 * `maxBytes` is asked anew for each packet, since a stranger may send less than who has logged in.
 */
function packetLimit(maxBytes: () => number): (chunk: Uint8Array) => boolean {
  let bodyLeft = 0;
  let header: { length: number; shift: number } | null = null;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at++] as number;
      if (header === null) {
        header = { length: 0, shift: 0 };
        continue;
      }
      header.length += (byte & 0x7f) * 2 ** header.shift;
      header.shift += 7;
      const more = (byte & 0x80) !== 0;
      if (header.length > maxBytes() || (more && header.shift > 21)) return false;
      if (more) continue;
      bodyLeft = header.length;
      header = null;
    }
    return true;
  };
}

/** Call it after the reader of the socket is attached, so that this listens beside it and does not start the flow. */
export function limitPackets(socket: Socket, maxBytes: () => number, onRefused: () => void): void {
  const within = packetLimit(maxBytes);
  socket.on('data', (chunk: Uint8Array) => {
    if (within(chunk)) return;
    onRefused();
    socket.destroy();
  });
}
