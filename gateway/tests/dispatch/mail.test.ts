import { newId, sha256 } from '@roadwatch/contract';
import type { ParsedMail } from 'mailparser';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { dispatchDue } from '../../src/dispatch/desk.ts';
import { nextWaitMs } from '../../src/dispatch/retry.ts';
import { retryOrder } from '../../src/orders/outbox.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { confirmAlert, undoVerdict } from '../../src/workflow/confirm.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testGateway } from '../../testing/gateway.ts';
import { confirmed, PUBLIC } from '../../testing/mail-order.ts';
import { TestMailbox } from '../../testing/mailbox.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;
const crewLink = (mail: ParsedMail | undefined) => /https:\S+\/crew\/\S+/.exec(mail?.text ?? '')?.[0];

test('the unit gets a mail in both languages with the picture, and its crew works by the link in it', async () => {
  const mailbox = await TestMailbox.start();
  const gateway = await testGateway({
    units: [mailbox.unit],
    smtp: mailbox.smtp,
    http: { port: 0, publicUrl: PUBLIC },
  });
  const agent = await gateway.agent();
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const picture = await sharp({
    create: { width: 2560, height: 1440, channels: 3, background: 'grey', noise },
  })
    .jpeg({ quality: 95 })
    .toBuffer();
  const detection = sampleDetection({
    ...agent.name,
    id: newId(),
    evidence: [
      {
        name: 'overlay.jpg',
        kind: 'overlay',
        contentType: 'image/jpeg',
        bytes: picture.length,
        sha256: sha256(picture),
        capturedAt: '2026-11-23T08:15:30.250Z',
      },
    ],
  });
  await agent.deliver(agent.topics.detections(detection.camera), JSON.stringify(detection));
  await agent.deliver(agent.topics.evidence(detection.camera, detection.id, 'overlay.jpg'), picture);
  const operator = await gateway.operator();
  const path = await operator.dispatch({ note: 'beside the kerb' });
  const ticket = await operator.until(path, ({ state }) => state === 'dispatched');
  const [mail] = await mailbox.received(1);
  expect(mail?.subject).toBe(`[${ticket.number}] 坑槽 Pothole · binjiang/edge-1/binsheng-road`);
  expect(mailbox.recipients).toEqual([['duty@bureau.test', 'lead@bureau.test']]);
  for (const text of [
    '响应时限 Respond by: ',
    '备注 Note: beside the kerb',
    ticket.number,
    `${PUBLIC}/tickets/`,
  ])
    expect(mail?.text).toContain(text);
  expect(mail?.html).toContain('Respond by');
  const [attached] = mail?.attachments ?? [];
  expect(mail?.html).toContain('data:image/jpeg;base64,');
  expect(attached?.size).toBeLessThan(1024 * 1024);
  expect(await sharp(attached?.content).metadata()).toMatchObject({ format: 'jpeg', width: 1280 });
  const crew = new URL(crewLink(mail) as string);
  expect((await fetch(new URL(crew.pathname, gateway.url))).status).toBe(200);
  await fetch(new URL(`${crew.pathname}accept`, gateway.url), { method: 'POST', redirect: 'manual' });
  expect((await operator.get(path)).body.state).toBe('accepted');
});

test('a mail that was put off comes again later under the same Message-ID, with links that all work', async () => {
  const mailbox = await TestMailbox.start();
  const { store, time, deliver, order, state } = await confirmed(mailbox);
  mailbox.answer = 451;
  await deliver();
  expect(await order()).toMatchObject({
    state: 'pending',
    attempts: 1,
    last_error: '451 451 as the test wants it',
  });
  expect(await deliver()).toBe(0);
  mailbox.answer = 250;
  time.pass(nextWaitMs(1) as number);
  await deliver();
  expect(mailbox.mails.map(({ messageId }) => messageId)).toEqual(
    Array(2).fill(`<${(await order()).id}@city.test>`),
  );
  expect(await state()).toBe('dispatched');
  const links = await store.db.selectFrom('crew_links').selectAll().where('revoked_at', 'is', null).execute();
  expect(links).toHaveLength(2);
});

test('a mail that is refused for good is dead at once, shown, and can be sent again by hand', async () => {
  const mailbox = await TestMailbox.start();
  const { store, deliver, order, state } = await confirmed(mailbox);
  mailbox.unknown = ['duty@bureau.test', 'lead@bureau.test'];
  await deliver();
  expect(await order()).toMatchObject({ state: 'dead', last_error: expect.stringMatching(/^550 /) });
  mailbox.unknown = [];
  await store.transaction(async (tx) => retryOrder(tx, (await order()).id));
  await deliver();
  expect(await state()).toBe('dispatched');
});

test('one address of two that is no longer there is told in the log, and the other gets the order', async () => {
  const mailbox = await TestMailbox.start();
  mailbox.unknown = ['lead@bureau.test'];
  const { deliver, state, lines } = await confirmed(mailbox);
  await deliver();
  expect(await state()).toBe('dispatched');
  expect(mailbox.recipients).toEqual([['duty@bureau.test']]);
  expect(lines.join('')).toContain('"rejected":["lead@bureau.test"]');
});

test('a server that is down gets the order when it is back', async () => {
  const mailbox = await TestMailbox.start();
  const { time, deliver, order, state } = await confirmed(mailbox);
  await mailbox.down();
  await deliver();
  expect(await order()).toMatchObject({ state: 'pending', attempts: 1 });
  await mailbox.up();
  time.pass(nextWaitMs(1) as number);
  await deliver();
  expect(await state()).toBe('dispatched');
});

test('a server that hangs does not hold up the end of the gateway', async () => {
  const mailbox = await TestMailbox.start();
  const { deliver, stopping, order } = await confirmed(mailbox);
  mailbox.answer = null;
  const sending = deliver();
  await mailbox.received(1);
  stopping.abort();
  await sending;
  expect(await order()).toMatchObject({ state: 'pending' });
});

test('a recall within its seconds sends nothing; a later one is a mail in the same thread, without a link', async () => {
  const mailbox = await TestMailbox.start();
  const kept = await confirmed(mailbox, { dispatch: { recallSeconds: 5 } });
  kept.time.pass(4_900);
  await kept.deliver();
  await undoVerdict(kept.store, kept.config, kept.alert, ACTOR);
  kept.time.pass(MINUTE);
  await kept.deliver();
  expect(mailbox.mails).toEqual([]);
  const sent = await confirmed(mailbox);
  await sent.deliver();
  const cancel = { command: 'cancel', reason: 'twice' } as const;
  await commandTicket(sent.store, sent.config, sent.id, cancel, person('operator'), ACTOR);
  await sent.deliver();
  expect(mailbox.mails.map(({ subject }) => subject?.includes('撤回'))).toEqual([false, true]);
  expect(new Set(mailbox.mails.map(({ references }) => String(references))).size).toBe(1);
  expect(new Set(mailbox.mails.map(({ messageId }) => messageId)).size).toBe(2);
  expect(mailbox.mails.map(crewLink)).toEqual([expect.stringMatching(PUBLIC), undefined]);
});

test('the unit is reminded by mail while its time runs, and nothing is handed to the desk behind it', async () => {
  const mailbox = await TestMailbox.start();
  const { store, time, config, deliver } = await confirmed(mailbox);
  expect(await dispatchDue(store, config, QUIET)).toBe(0);
  await deliver();
  time.pass(15 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  await deliver();
  expect(mailbox.mails.at(-1)?.subject).toContain('催办 Reminder');
  expect(mailbox.mails.at(-1)?.text).toContain('响应时限 Respond by: 2026-11-23 16:30 GMT+8');
});

test('the unit reads by mail why its repair did not hold', async () => {
  const mailbox = await TestMailbox.start();
  const { store, config, id, deliver } = await confirmed(mailbox);
  await deliver();
  for (const command of ['arrive', 'repair', 'rework'] as const)
    await commandTicket(
      store,
      config,
      id,
      { command, reason: 'still there\n链接' },
      person('operator'),
      ACTOR,
    );
  await deliver();
  expect(mailbox.mails.at(-1)?.subject).toContain('返工 Repair did not hold');
  expect(mailbox.mails.at(-1)?.text?.match(/^原因.*$/gm)).toEqual(['原因 Reason: still there 链接']);
});

test('texts that mean to be headers, markup, further lines or turned letters are text', async () => {
  const mailbox = await TestMailbox.start();
  const note =
    'deep\r\nBcc: thief@evil.test\r\n\r\n班组链接 Crew link: https://evil.test\u202etxt.\u2028<script>alert(1)</script><img src="http://evil.test/x">';
  const { deliver, store, config } = await confirmed(mailbox, {}, note);
  const alert = await alertOf(store, config.alerts, sampleDetection({ camera: 'x', site: 'y', id: newId() }));
  const name = { en: 'Road\r\nBcc: thief@evil.test', zh: '路'.repeat(60) };
  await store.transaction((tx) =>
    tx.db
      .updateTable('cameras')
      .set({ state: JSON.stringify({ name }) })
      .where('camera', '=', 'x')
      .execute(),
  );
  await confirmAlert(store, config, alert, {}, ACTOR);
  await deliver();
  expect(mailbox.mails).toHaveLength(2);
  for (const [index, mail] of mailbox.mails.entries()) {
    expect(mailbox.recipients[index]).toEqual(['duty@bureau.test', 'lead@bureau.test']);
    expect([...mail.headers.keys()]).not.toContain('bcc');
    expect(mail.html).not.toMatch(/<script|<img/);
    expect(mail.text?.match(/^班组链接.*$/gm)).toEqual([expect.stringContaining(PUBLIC)]);
    expect(mail.text).not.toMatch(/[\u202e\u2028]/);
  }
  expect(mailbox.mails.map(({ subject }) => subject).join()).toContain('路'.repeat(60));
});
