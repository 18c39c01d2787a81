import { expect, test } from 'vitest';
import { ConsoleApi } from '../../scripts/demo/console-api.ts';
import { startedLoop } from '../support/loop.ts';

test('one pothole is one alert, though the gateway is killed while it is reported and the agent is killed after', async () => {
  const { loop, book } = await startedLoop(['scene:pothole']);

  // The gateway is gone when the damage is verified: the agent keeps the detection and its pictures.
  await book.next('agent', 'candidate');
  const gatewayDown = loop.restart('gateway', 'SIGKILL');
  const verified = await book.next('agent', 'detection verified');
  await gatewayDown;
  const stored = await book.next('agent', 'detection stored');
  expect(stored.detection).toBe(verified.detection);

  // The agent is killed without a chance to say goodbye, and sees the same pothole again when it is back.
  const before = book.end;
  await loop.restart('agent', 'SIGKILL');
  const again = await book.next('agent', 'known damage seen again', before);
  expect(again.detection).toBe(verified.detection);
  expect(book.all('agent', 'detection verified')).toHaveLength(1);

  const api = new ConsoleApi(loop.consoleUrl);
  await api.login(loop.login);
  const alerts = await api.newAlerts();
  expect(alerts.map((alert) => alert.detectionId)).toEqual([verified.detection]);
  // A detection goes ahead of its pictures.
  const arrived = async () =>
    (await api.newAlerts()).flatMap(({ evidence }) => evidence.map((e) => e.available));
  await expect.poll(arrived, { timeout: 60_000 }).toEqual([true, true, true]);
}, 240_000);

test('every program ends with 0 when it is asked to', async () => {
  const { loop, book } = await startedLoop(['scene:pothole']);
  await book.next('agent', 'camera streaming');
  expect(await loop.stop()).toEqual({ agent: 0, gateway: 0, simulator: 0 });
}, 120_000);
