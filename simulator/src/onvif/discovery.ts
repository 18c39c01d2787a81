/** Answers to who looks for cameras on the network (WS-Discovery 2005/04, ONVIF Core 7). */
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { scopesOf } from './answers.ts';
import type { OnvifDevice } from './device.ts';
import { envelope, escapeXml, readQuestion } from './envelope.ts';

const GROUP = '239.255.255.250';
const PORT = 3702;

export class DiscoveryResponder {
  readonly #socket: Socket;

  /** `host`: the address of this machine on whose network it listens. Throws what the system says. */
  static async start(device: OnvifDevice, host: string): Promise<DiscoveryResponder> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(PORT);
    await once(socket, 'listening');
    socket.addMembership(GROUP, host);
    return new DiscoveryResponder(socket, device);
  }

  private constructor(socket: Socket, device: OnvifDevice) {
    this.#socket = socket;
    const endpoint = `urn:uuid:${randomUUID()}`;
    socket.on('error', () => {});
    socket.on('message', (bytes, { address, port }) => {
      const question = readQuestion(bytes.toString('utf8'));
      if (question?.name !== 'Probe') return;
      socket.send(matchXml(device, endpoint, question.messageId ?? ''), port, address, () => {});
    });
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

function matchXml({ name, address }: OnvifDevice, endpoint: string, relatesTo: string): string {
  return envelope(
    `<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>${endpoint}</a:Address></a:EndpointReference>` +
      `<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>${escapeXml(scopesOf(name).join(' '))}</d:Scopes>` +
      `<d:XAddrs>${escapeXml(address)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>`,
    '<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action>' +
      `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>` +
      '<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>',
  );
}
