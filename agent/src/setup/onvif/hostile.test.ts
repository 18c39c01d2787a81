/** Whoever answers in place of a camera, by ONVIF or to discovery, with whatever it likes. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@roadwatch/common';
import { expect, onTestFinished, test } from 'vitest';
import { describeCamera, readClock } from './camera.ts';
import { discoverDevices } from './discover.ts';

const { signal } = new AbortController();
const login = { username: 'admin', password: new Secret('S3cret') };

async function device(answer: (response: ServerResponse, question: string) => void) {
  const said: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      said.push(JSON.stringify(request.headers) + Buffer.concat(chunks).toString());
      answer(response, said.at(-1) as string);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/onvif/device_service`), said };
}

const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  [
    'entities that grow',
    (response) => response.end(`<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${soap('<x>&b;</x>')}`),
    /declares a document type or entities/,
  ],
  [
    'a file of this machine as an entity',
    (response) => response.end(`<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>${soap('<x>&a;</x>')}`),
    /declares a document type or entities/,
  ],
  [
    'an answer without end',
    (response) => {
      const more = (): void => {
        while (response.write('<a>'.repeat(10_000)));
      };
      response.on('drain', more);
      response.on('error', () => {});
      more();
    },
    /longer than any that is expected/,
  ],
  [
    'a hundred thousand elements in each other',
    (response) => response.end('<a>'.repeat(80_000)),
    /does not speak ONVIF/,
  ],
  [
    'deep and whole',
    (response) => response.end(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`),
    /does not speak ONVIF/,
  ],
  ['a web page', (response) => response.end('<html><body>Login</body></html>'), /does not speak ONVIF/],
  ['nothing', (response) => response.end(), /does not speak ONVIF/],
  ['no HTTP', (response) => response.socket?.end('SSH-2.0-OpenSSH\r\n'), /does not speak ONVIF/],
  [
    'a redirect to another machine',
    (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    /another machine/,
  ],
  ['an end in the middle', (response) => response.socket?.destroy(), /cannot be asked/],
])('%s is refused by name', async (_, answer, why) => {
  const { url } = await device(answer);
  await expect(readClock(url, signal)).rejects.toThrow(why);
});

/** What a camera of Profile S answers, with its media service and its stream wherever it says. */
const answerOf = (question: string, media: string, stream: string): string => {
  const answers: Record<string, string> = {
    GetSystemDateAndTime: '<SystemDateAndTime/>',
    GetDeviceInformation: '<Manufacturer>M</Manufacturer>',
    GetCapabilities: `<Capabilities><Media><XAddr>${media}</XAddr></Media></Capabilities>`,
    GetProfiles:
      '<Profiles token="1"><VideoEncoderConfiguration><Resolution><Width>1920</Width><Height>1080</Height></Resolution></VideoEncoderConfiguration></Profiles>',
    GetStreamUri: `<MediaUri><Uri>${stream}</Uri></MediaUri>`,
  };
  const [name, body] = Object.entries(answers).find(([key]) => question.includes(`<${key} `)) ?? ['', ''];
  return soap(`<${name}Response>${body}</${name}Response>`);
};

test.each([
  ['its media service', 'http://169.254.169.254/latest', 'rtsp://127.0.0.1/a'],
  ['its stream', null, 'rtsp://10.9.8.7/a'],
  ['a stream that is a file', null, 'file:///etc/passwd'],
])('%s on another machine is not followed', async (_, media, stream) => {
  const { url } = await device((response, question) => {
    response.end(answerOf(question, media ?? `http://127.0.0.1:${url.port}/media`, stream));
  });
  await expect(describeCamera(url, login, signal)).rejects.toThrow(/another machine|an address that is none/);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: as settings name a variable of the machine.
test.each(['/a?b=${HOME}', '/${HOME}', '/a#${HOME}'])(
  'the address of a stream names no variable of this machine: %s',
  async (path) => {
    const { url } = await device((response, question) => {
      response.end(answerOf(question, `http://127.0.0.1:${url.port}/media`, `rtsp://127.0.0.1${path}`));
    });
    const { streams } = await describeCamera(url, login, signal);
    expect(streams.map((stream) => stream.url)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: see above.
      `rtsp://127.0.0.1${path.replace('${HOME}', '$%7BHOME%7D')}`,
    ]);
  },
);

test('a nonce that has grown old is no wrong password: the fresh one is used, and only so often', async () => {
  const nonces = ['1', '2'];
  const old = await device((response, question) => {
    const [, nonce] = /nonce=\\"(\d)\\"/.exec(question) ?? [];
    if (question.includes('GetProfiles') && nonce === '1') nonces.shift();
    if (nonce === nonces[0]) {
      response.end(answerOf(question, `http://127.0.0.1:${old.url.port}/media`, 'rtsp://127.0.0.1/a'));
      return;
    }
    const stale = nonce === undefined ? '' : ', stale=true';
    const challenge = `Digest realm="x", nonce="${nonces[0]}", qop="auth"${stale}`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  expect((await describeCamera(old.url, login, signal)).streams).toHaveLength(1);

  const always = await device((response) => {
    response.writeHead(401, { 'www-authenticate': 'Digest realm="x", nonce="1", stale=true' }).end();
  });
  await expect(describeCamera(always.url, login, signal)).rejects.toThrow(/refuses the login/);
  expect(always.said).toHaveLength(3);
});

test('a password is never told: not in Basic, not twice, and not to who refuses it', async () => {
  const basic = await device((response, question) => {
    if (question.includes('GetSystemDateAndTime')) response.end(soap('<GetSystemDateAndTimeResponse/>'));
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  await expect(describeCamera(basic.url, login, signal)).rejects.toThrow(/refuses the login/);
  expect(basic.said.filter((question) => question.includes('UsernameToken'))).toHaveLength(1);
  expect(basic.said.join()).not.toMatch(/S3cret|UzNjcmV0|authorization/);
});

test('where HTTP Digest is asked for it is used, once, and no token besides', async () => {
  const digest = await device((response, question) => {
    if (question.includes('GetSystemDateAndTime')) response.end(soap('<GetSystemDateAndTimeResponse/>'));
    else response.writeHead(401, { 'www-authenticate': 'Digest realm="x", nonce="1", qop="auth"' }).end();
  });
  await expect(describeCamera(digest.url, login, signal)).rejects.toThrow(/refuses the login/);
  expect(digest.said.filter((question) => question.includes('"authorization":"Digest'))).toHaveLength(1);
  expect(digest.said.join()).not.toContain('UsernameToken');
});

test('answers to discovery that lie are not believed: another machine, another question, no XML', async () => {
  // Honest cameras of other tests may answer on this network, too.
  const liar = '127.0.0.9';
  const mouth = createSocket('udp4').bind(0, liar);
  await once(mouth, 'listening');
  const group = createSocket({ type: 'udp4', reuseAddr: true });
  onTestFinished(() => {
    group.close();
    mouth.close();
  });
  group.bind(3702);
  await once(group, 'listening');
  group.addMembership('239.255.255.250', '127.0.0.1');
  group.on('message', (bytes, { address, port }) => {
    const id = /MessageID>([^<]+)</.exec(bytes.toString())?.[1];
    const match = (relates: string, xaddrs: string): string =>
      `<E xmlns="s"><Header><RelatesTo>${relates}</RelatesTo></Header><Body><ProbeMatches><ProbeMatch><XAddrs>${xaddrs}</XAddrs></ProbeMatch></ProbeMatches></Body></E>`.replaceAll(
        /E(?= |>)/g,
        'Envelope',
      );
    for (const answer of [
      'nonsense',
      `<!DOCTYPE x [<!ENTITY a "b">]>${match(String(id), `http://${liar}/`)}`,
      match('uuid:of-somebody-else', `http://${liar}/onvif/device_service`),
      match(String(id), 'http://169.254.169.254/latest/meta-data'),
    ])
      mouth.send(answer, port, address);
  });
  const { devices, refused } = await discoverDevices(signal, { interfaces: ['127.0.0.1'], waitMs: 1_200 });
  expect(devices.filter(({ host }) => host === liar)).toEqual([]);
  expect(refused.map(({ host }) => host)).toContain(liar);
});
