/** Boxes that share an address fetch files of a release, each for itself. */
import { expect, test } from 'vitest';
import { registerAgent } from '../../src/agents/registry.ts';
import { testGateway } from '../../testing/gateway.ts';
import { handOut } from '../../testing/release.ts';

const FILE = Buffer.from('a file of a release');
const BOXES = 50;
const PARTS = 6;
/** More than one of them may ask for. */
const MANY = 600;
const LONGEST_S = 60;

type Ask = (login: string | null, part?: number) => Promise<Response>;

/** Of `count` boxes the logins, and a way to ask for a byte of the file. */
async function boxes(count: number): Promise<{ readonly logins: readonly string[]; readonly ask: Ask }> {
  const gateway = await testGateway();
  const url = new URL(`/api/agents/files/${await handOut(gateway, FILE)}`, gateway.url);
  const store = await gateway.store();
  const logins: string[] = [];
  for (let number = 1; number <= count; number++) {
    const agent = `edge-${number}`;
    const password = await registerAgent(store, { site: 'binjiang', agent });
    logins.push(`Basic ${btoa(`binjiang/${agent}:${password}`)}`);
  }
  const ask: Ask = async (login, part = 0) => {
    const answer = await fetch(url, {
      headers: { range: `bytes=${part}-${part}`, ...(login === null ? {} : { authorization: login }) },
    });
    await answer.arrayBuffer();
    return answer;
  };
  return { logins, ask };
}

/** When to come back, as the first refusal for asking too often says, and what the answers before it were. */
async function untilTooMany(
  ask: Ask,
  login: string | null,
): Promise<{ readonly afterS: number; readonly before: readonly number[] }> {
  const before = new Set<number>();
  for (let asked = 0; asked < MANY; asked++) {
    const { status, headers } = await ask(login);
    if (status === 429) return { afterS: Number(headers.get('retry-after')), before: [...before] };
    before.add(status);
  }
  throw new Error(`none of ${MANY} requests was one too many; they were answered ${[...before]}`);
}

test('none of fifty boxes behind one address is refused its parts', async () => {
  const { logins, ask } = await boxes(BOXES);
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  const answers = await Promise.all(
    logins.map(async (login) => {
      const statuses: number[] = [];
      for (const part of parts) statuses.push((await ask(login, part)).status);
      return statuses;
    }),
  );
  expect(answers).toEqual(logins.map(() => parts.map(() => 206)));
});

test('a box that asks too often is told when to come back, and the others at its address go on', async () => {
  const { logins, ask } = await boxes(3);
  const [hammering, ...others] = logins as [string, ...string[]];
  const { afterS, before } = await untilTooMany(ask, hammering);
  expect(before).toEqual([206]);
  expect(afterS).toBeGreaterThan(0);
  expect(afterS).toBeLessThanOrEqual(LONGEST_S);
  for (const login of others) expect((await ask(login)).status).toBe(206);
});

test.each([
  ['without a login', null],
  ['with a wrong password', `Basic ${btoa('binjiang/edge-1:wrong')}`],
])('whoever asks %s is refused at last, and a box at that address is not', async (_, login) => {
  const { logins, ask } = await boxes(1);
  const { afterS, before } = await untilTooMany(ask, login);
  expect(before).toEqual([401]);
  expect(afterS).toBeGreaterThan(0);
  expect(afterS).toBeLessThanOrEqual(LONGEST_S);
  expect((await ask(logins[0] as string)).status).toBe(206);
});
