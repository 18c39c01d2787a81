/** The crew's page: plain HTML that any telephone shows, with one large button for the next step. */
import type { Ticket, TicketState } from '@roadwatch/contract/api';
import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import { escapeHtml as html } from '../html.ts';
import type { Language } from '../language.ts';
import { TRANSITIONS } from '../tickets/machine.ts';
import { mapLinks } from './map-links.ts';
import { CREW_STEPS, type CrewStep, MAX_PHOTOS } from './report.ts';
import { CREW_TEXTS, type CrewTexts } from './texts.ts';

export interface CrewPage {
  readonly ticket: Ticket;
  readonly title: { readonly en: string; readonly zh: string };
  readonly pictures: readonly string[];
  readonly language: Language;
  readonly timeZone: string;
  /** Of the order to this crew: what a telephone keeps is sent by any link to it. */
  readonly order: string;
  readonly userAgent: string;
  /** Why the last report was not taken. */
  readonly error?: string;
}

/** Of the pictures; the others are behind a tap, for a line that is slow. */
const SHOWN = 2;

/** The repair did not hold, and is not reported as done again. */
const REPAIRS_AGAIN: readonly TicketState[] = ['rework', 'accepted', 'on_site', 'made_safe', 'suspended'];

/** All addresses are relative to the page's own, so that the link itself appears in nothing that it holds. */
export function crewPage({
  ticket,
  title,
  pictures,
  language,
  timeZone,
  order,
  userAgent,
  error,
}: CrewPage): string {
  const texts = CREW_TEXTS[language];
  const steps = CREW_STEPS.filter((step) => (ticket.commands as readonly string[]).includes(step));
  const format = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const deadlines = ticket.clocks.flatMap(({ kind, state, deadlineAt }) => {
    const name = state === 'running' ? texts.deadlines[kind] : undefined;
    return name === undefined
      ? []
      : [`<p class="deadline">${name} <b>${html(format.format(new Date(deadlineAt)))}</b></p>`];
  });
  const again = ticket.reworkReason !== null && REPAIRS_AGAIN.includes(ticket.state);
  const { position } = ticket;
  const [shown, more] = [pictures.slice(0, SHOWN), pictures.slice(SHOWN)];
  return document(
    language,
    `${title[language]} ${ticket.number}`,
    `<header><h1>${html(title[language])}</h1><p>${html(ticket.number)} · <b id="state">${TICKET_STATE_TEXTS[ticket.state][language]}</b></p></header>
${error === undefined ? '' : `<p role="alert">${html(error)}</p>`}
${again ? `<p class="again"><b>${texts.again}</b> ${html(ticket.reworkReason ?? '')}</p>` : ''}
${deadlines.join('\n')}
<dl><dt>${texts.place}</dt><dd>${html(ticket.cameraName[language])}${
      position === null
        ? ''
        : mapLinks(position, `${title[language]} ${ticket.number}`, userAgent)
            .map(({ program, href }) => ` · <a href="${html(href)}">${texts.maps[program]}</a>`)
            .join('')
    }</dd>${ticket.note ? `<dt>${texts.note}</dt><dd>${html(ticket.note)}</dd>` : ''}</dl>
${shown.map((sha256, index) => picture(sha256, index, texts)).join('\n')}${more.length === 0 ? '' : `<details><summary>${texts.morePictures} (${more.length})</summary>${more.map((sha256, index) => picture(sha256, SHOWN + index, texts)).join('\n')}</details>`}
<section id="outbox" hidden></section>
<p id="sending" role="status" hidden>${texts.sending}</p>
${CREW_STEPS.map((step) => form(step, steps, texts, language)).join('\n')}
<p id="done"${steps.length === 0 ? '' : ' hidden'}>${texts.done}</p>
<footer><a href="?lang=${language === 'en' ? 'zh' : 'en'}">${texts.other}</a></footer>${forScript(language, { order, number: ticket.number, state: ticket.state })}`,
  );
}

/** The small one; a tap shows it whole. */
function picture(sha256: string, index: number, texts: CrewTexts): string {
  return `<a href="${sha256}.jpg"><img src="small/${sha256}.jpg" alt="${texts.picture} ${index + 1}" loading="lazy"></a>`;
}

/** A block of data: it is not run (HTML, 4.12.1), so that the content security policy lets it be. */
function forScript(
  language: Language,
  of: { readonly order: string | null; readonly number: string | null; readonly state: TicketState | null },
): string {
  const { steps, outbox, over, refused } = CREW_TEXTS[language];
  const states = Object.fromEntries(
    Object.entries(TICKET_STATE_TEXTS).map(([state, text]) => [state, text[language]]),
  );
  const data = {
    ...of,
    language,
    maxPhotos: MAX_PHOTOS,
    steps: Object.fromEntries(CREW_STEPS.map((step) => [step, TRANSITIONS[step]])),
    texts: { ...outbox, steps, states, over, refused },
  };
  return `<script type="application/json" id="order">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

export function overPage(language: Language): string {
  const texts = CREW_TEXTS[language];
  return document(
    language,
    texts.title,
    `<header><h1>${texts.title}</h1></header><p role="alert">${texts.over}</p><section id="outbox" hidden></section>
<p id="sending" role="status" hidden></p><p id="done" hidden></p>${forScript(language, { order: null, number: null, state: null })}`,
  );
}

/** Something went wrong before the order could be read; the way back is this page's own address. */
export function troublePage(language: Language, trouble: string): string {
  const texts = CREW_TEXTS[language];
  return document(
    language,
    texts.title,
    `<header><h1>${texts.title}</h1></header><p role="alert">${html(trouble)}</p><p><a href="./">${texts.back}</a></p>`,
  );
}

/** Hidden until it is its turn, which may come before there is a line again. */
function form(step: CrewStep, possible: readonly CrewStep[], texts: CrewTexts, language: Language): string {
  const needed = step === 'make_safe' || step === 'repair';
  const hidden = possible.includes(step) ? '' : ' hidden';
  const photos =
    step === 'accept' || step === 'return'
      ? ''
      : `<label>${texts.photo}<input type="file" name="photo" accept="image/jpeg,image/png,image/webp" multiple${needed ? ' required' : ''} data-max="${MAX_PHOTOS}"></label>`;
  const reason =
    step === 'return' ? `<label>${texts.reason}<input name="reason" required maxlength="500"></label>` : '';
  const fields = `<form method="post" enctype="multipart/form-data" action="${step}?lang=${language}" data-step="${step}"${step === 'return' ? '' : hidden}>
<input type="hidden" name="latitude"><input type="hidden" name="longitude"><input type="hidden" name="accuracy">
${photos}${reason}<button class="${possible[0] === step ? 'next' : ''}">${texts.steps[step]}</button></form>`;
  return step === 'return'
    ? `<details class="away"${hidden}><summary>${texts.notOurs}</summary>${fields}</details>`
    : fields;
}

function document(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${html(title)}</title><link rel="icon" href="../../icon.svg"><link rel="stylesheet" href="../page.css"><script type="module" src="../page.js"></script></head>
<body><main>${body}</main></body></html>`;
}
