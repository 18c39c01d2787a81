/**
 * What an order says as a mail, in Chinese and English. What a camera or a person wrote stays one line of text: it is never
 * markup, and cannot look like a line of ours.
 */
import { escapeHtml } from '../../html.ts';
import type { orderBody, UNIT_CLOCKS } from '../order.ts';

type Order = Awaited<ReturnType<typeof orderBody>>;

export interface MailFacts {
  readonly order: Order;
  readonly timeZone: string;
  /** In words, where there is no camera. */
  readonly address: string | null;
  readonly crewUrl: string | null;
  /** The content id of the picture; null without one. */
  readonly pictureId: string | null;
}

interface Line {
  readonly zh: string;
  readonly en: string;
  readonly value: string;
  readonly href?: string;
}

const HEADS = {
  'ticket.dispatched': { zh: '新工单', en: 'New ticket' },
  'ticket.recalled': { zh: '工单已撤回，无需处理', en: 'Ticket recalled, nothing to do' },
  'ticket.rework': { zh: '返工', en: 'Repair did not hold' },
  'ticket.reminder': { zh: '催办', en: 'Reminder: time runs out' },
} as const;
const CLOCKS = {
  response: { zh: '响应时限', en: 'Respond by' },
  resolution: { zh: '修复时限', en: 'Repair by' },
  rework: { zh: '返工时限', en: 'Repair again by' },
} as const satisfies Record<(typeof UNIT_CLOCKS)[number], object>;
const MAX_SUBJECT = 150;

/** One line, whatever was in it. */
export function subjectOf({ order, address }: Pick<MailFacts, 'order' | 'address'>): string {
  const { number, title } = order.data.ticket;
  const head = order.type === 'ticket.dispatched' ? '' : `${HEADS[order.type].zh} ${HEADS[order.type].en} · `;
  const place = placeOf(order, address);
  const text = `[${number}] ${head}${title.zh} ${title.en}${place === null ? '' : ` · ${place}`}`;
  return Array.from(oneLine(text)).slice(0, MAX_SUBJECT).join('');
}

export function textOf(facts: MailFacts): string {
  const head = HEADS[facts.order.type];
  const lines = linesOf(facts).map(({ zh, en, value }) => `${zh} ${en}: ${value}`);
  return `${head.zh} / ${head.en}\n\n${lines.join('\n')}\n`;
}

export function htmlOf(facts: MailFacts): string {
  const head = HEADS[facts.order.type];
  const rows = linesOf(facts).map(({ zh, en, value, href }) => {
    const text = escapeHtml(value);
    const shown = href === undefined ? text : `<a href="${escapeHtml(href)}">${text}</a>`;
    return `<tr><th align="left" valign="top">${zh}<br><small>${en}</small></th><td>${shown}</td></tr>`;
  });
  const picture =
    facts.pictureId === null ? '' : `<p><img src="cid:${facts.pictureId}" width="640" alt=""></p>`;
  return `<!doctype html><html><body><h2>${head.zh} · ${head.en}</h2>
<table cellpadding="6">${rows.join('\n')}</table>${picture}</body></html>`;
}

function linesOf({ order, timeZone, address, crewUrl }: MailFacts): Line[] {
  const { ticket } = order.data;
  const { title, position } = ticket;
  const place = placeOf(order, address);
  const when = (at: string): string => timeText(at, timeZone);
  const lines: (Line | null)[] = [
    { zh: '工单', en: 'Ticket', value: ticket.number },
    { zh: '类型', en: 'Class', value: `${title.zh} ${title.en}` },
    place === null ? null : { zh: '地点', en: 'Place', value: place },
    position === null
      ? null
      : {
          zh: '坐标',
          en: 'Position (WGS 84)',
          value: `${position.latitude}, ${position.longitude}`,
          href: `geo:${position.latitude},${position.longitude}`,
        },
    { zh: '立案', en: 'Opened', value: when(ticket.createdAt) },
    ticket.respondBy === undefined || order.type === 'ticket.recalled'
      ? null
      : { ...CLOCKS.response, value: when(ticket.respondBy) },
    ...(ticket.clocks ?? []).map(({ kind, deadlineAt }) => ({ ...CLOCKS[kind], value: when(deadlineAt) })),
    order.data.reason ? { zh: '原因', en: 'Reason', value: oneLine(order.data.reason) } : null,
    ticket.note ? { zh: '备注', en: 'Note', value: oneLine(ticket.note) } : null,
    crewUrl === null
      ? null
      : { zh: '班组链接（勿转给无关人员）', en: 'Crew link', value: crewUrl, href: crewUrl },
    ticket.url === undefined
      ? null
      : { zh: '工单页面', en: 'Ticket page', value: ticket.url, href: ticket.url },
  ];
  return lines.filter((line) => line !== null);
}

function placeOf({ data }: Order, address: string | null): string | null {
  const { camera } = data.ticket;
  const name = camera?.name;
  if (name) return oneLine(name.zh === name.en ? name.zh : `${name.zh} ${name.en}`);
  const words = address ?? camera?.id ?? null;
  return words === null ? null : oneLine(words);
}

/** Control characters, line ends, and those that turn the direction of writing (UAX 9) become a space. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** As 2026-11-23 16:30 GMT+8: read alike in both languages. */
function timeText(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(new Date(at))
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${parts.format(new Date(at)).replace(',', '')} ${zone}`;
}
