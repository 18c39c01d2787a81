/** A clip that its box keeps until somebody at the console asks for it: a real gateway and a real agent, on lines good and poor. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Alert, Evidence } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { potholeModel, startBox, streetCamera } from '../agent/support/agent-box.ts';
import { slowLine } from '../agent/support/slow-line.ts';
import type { LineQuality } from '../support/slow-link.ts';
import { temporaryFolder } from '../support/temp.ts';

/** A box that sees a pothole and has sent so much of a gigabyte today, and an operator at its gateway. */
async function sighted(
  clips: 'auto' | 'on_demand',
  { sentBytes = 0, ...quality }: LineQuality & { readonly sentBytes?: number } = {},
) {
  const { gateway, link, password } = await slowLine(quality);
  const street = await streetCamera();
  const settings = {
    model: await potholeModel(),
    mqtt: { url: `mqtt://127.0.0.1:${link.port}`, username: 'site/box', password },
    evidence: { clips },
    uplink: { megabytesPerDay: 1_000 },
  };
  const start = (folder: string) => startBox(folder, '', { url: street.url }, settings);
  const folder = await temporaryFolder();
  const date = new Date().toISOString().slice(0, 10);
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'uplink-day.json'), JSON.stringify({ date, bytes: sentBytes }));
  const box = await start(folder);
  const operator = await gateway.operator('operator');
  const shown = async (wanted: (clip: Evidence) => boolean): Promise<{ alert: Alert; clip: Evidence }> => {
    const clipOf = (alert: Alert): Evidence | undefined =>
      alert.evidence.find((entry) => entry.kind === 'clip' && wanted(entry));
    const { items } = await operator.until('/api/alerts?state=new', ({ items: all }) =>
      (all as readonly Alert[]).some((alert) => clipOf(alert) !== undefined),
    );
    const alert = (items as readonly Alert[]).find((one) => clipOf(one) !== undefined) as Alert;
    return { alert, clip: clipOf(alert) as Evidence };
  };
  return { box, start, operator, gateway, shown };
}

test('a clip is sent when somebody asks for it, and not before; its detection says so', async () => {
  const { box, operator, shown, gateway } = await sighted('on_demand');
  const { alert, clip } = await shown(({ onRequest = false }) => onRequest);
  expect(clip).toMatchObject({ name: 'clip.mp4', available: false });
  // What waits for the gateway is sent, and the clip is not what waits.
  await expect.poll(() => box.agent.figures().outboxDepth, { timeout: 60_000 }).toBe(0);
  expect((await operator.get(`/api/evidence/${clip.sha256}`)).status).toBe(404);

  const asked = await operator.post(`/api/evidence/${clip.sha256}/ask`);
  expect([asked.status, asked.body]).toEqual([200, { sha256: clip.sha256, available: false }]);
  await shown((entry) => entry.sha256 === clip.sha256 && entry.available);
  const file = await fetch(new URL(`/api/evidence/${clip.sha256}`, operator.base), {
    headers: operator.headers,
  });
  expect(file.headers.get('content-type')).toBe('video/mp4');
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(clip.sha256);
  expect((await operator.post(`/api/evidence/${clip.sha256}/ask`)).body).toMatchObject({ available: true });

  const audit = await (await gateway.operator('admin')).get('/api/audit');
  const told = audit.body.items.filter(({ action }: { action: string }) => action === 'evidence.asked');
  expect(told).toMatchObject([{ subject: `detection:${alert.detectionId}` }]);
}, 240_000);

test('a clip that is not on the box any more is said to be gone', async () => {
  const { box, start, operator, shown } = await sighted('on_demand');
  const { clip } = await shown(({ onRequest = false }) => onRequest);
  await box.agent.stop();
  const isOnline = (wanted: boolean) => (body: { readonly items: readonly { readonly online: boolean }[] }) =>
    body.items.some(({ online }) => online === wanted);
  await operator.until('/api/agents', isOnline(false));
  // Set up anew, with nothing of before.
  await start(await temporaryFolder());
  await operator.until('/api/agents', isOnline(true));
  const asked = await operator.post(`/api/evidence/${clip.sha256}/ask`);
  expect([asked.status, asked.body.code]).toEqual([503, 'evidence_gone']);
  expect((await operator.post(`/api/evidence/${'0'.repeat(64)}/ask`)).body.code).toBe('evidence_unknown');
}, 240_000);

test('a line that was measured to be poor keeps clips on the box by itself, and still brings one that is asked for', async () => {
  const { operator, shown } = await sighted('auto', { bytesPerSecond: 16_000 });
  const { clip } = await shown(({ onRequest = false }) => onRequest);
  expect((await operator.post(`/api/evidence/${clip.sha256}/ask`)).status).toBe(200);
  await shown((entry) => entry.sha256 === clip.sha256 && entry.available);
}, 240_000);

test('a clip stays on a box that has sent what the day has for clips, and whoever asks is told so', async () => {
  const { operator, shown } = await sighted('auto', { sentBytes: 800_000_000 });
  const { clip } = await shown(({ onRequest = false }) => onRequest);
  const { status, body } = await operator.post(`/api/evidence/${clip.sha256}/ask`);
  expect([status, body.code]).toEqual([503, 'evidence_over_budget']);
}, 240_000);
