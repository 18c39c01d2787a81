import { type Command, newId, type Reply, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type CommandHandler, Commands } from './receiver.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

function snapshot(change: object = {}): Buffer {
  const command = {
    v: WIRE_VERSION,
    id: newId(),
    kind: 'snapshot',
    camera: 'camera-1',
    issuedAt: timestamp(NOW),
    expiresAt: timestamp(NOW + 60_000),
    ...change,
  };
  return Buffer.from(JSON.stringify(command));
}

function commandsWith(handle: CommandHandler): { commands: Commands; replies: Reply[] } {
  const replies: Reply[] = [];
  const onReply = (_: Command, reply: Reply): void => void replies.push(reply);
  return { commands: new Commands(handle, { onReply }, pino({ level: 'silent' })), replies };
}

test('a command is done once, though the broker delivers it twice, and answered', async () => {
  let done = 0;
  const { commands, replies } = commandsWith(async () => {
    done++;
    return {};
  });
  const payload = snapshot();
  commands.receive(payload, NOW);
  commands.receive(payload, NOW);
  await commands.stop();
  const { id } = JSON.parse(payload.toString()) as Command;
  expect(done).toBe(1);
  expect(replies).toMatchObject([{ id, outcome: 'done' }]);
});

test('what cannot be done is answered with the reason', async () => {
  const { commands, replies } = commandsWith(async () => {
    throw new Error('the camera does not stream: no picture for 12 s');
  });
  commands.receive(snapshot(), NOW);
  await commands.stop();
  expect(replies).toMatchObject([
    {
      outcome: 'failed',
      code: 'command_failed',
      reason: 'the camera does not stream: no picture for 12 s',
    },
  ]);
});

test('a command that comes after its time is not done', () => {
  const { commands, replies } = commandsWith(() => Promise.reject(new Error('must not run')));
  commands.receive(snapshot({ expiresAt: timestamp(NOW) }), NOW);
  expect(replies).toMatchObject([
    { outcome: 'expired', code: 'command_expired', reason: 'expired at 2026-01-01T12:00:00.000Z' },
  ]);
});

test('with 16 under way the next is refused, and when one has ended there is room again', async () => {
  const ends: (() => void)[] = [];
  const { commands, replies } = commandsWith(() => new Promise((resolve) => ends.push(() => resolve({}))));
  for (let i = 0; i < 17; i++) commands.receive(snapshot(), NOW);
  expect(replies).toMatchObject([
    { outcome: 'failed', code: 'agent_busy', reason: 'busy with 16 other commands' },
  ]);
  for (const end of ends) end();
  await commands.stop();
  expect(replies.filter(({ outcome }) => outcome === 'done')).toHaveLength(16);
});

test.each([
  ['nothing', ''],
  ['not JSON', '{'],
  ['an unknown kind', snapshot({ kind: 'reboot' })],
  ['another version', snapshot({ v: 99 })],
])('%s is not a command and does no harm', async (_, payload) => {
  const { commands, replies } = commandsWith(() => Promise.reject(new Error('must not run')));
  commands.receive(Buffer.from(payload), NOW);
  await commands.stop();
  expect(replies).toEqual([]);
});
