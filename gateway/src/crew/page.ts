/** The crew's page: plain HTML that any telephone shows, with one large button for the next step. */
import type { Ticket, TicketState } from '@roadwatch/contract/api';
import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import { escapeHtml as html } from '../html.ts';
import type { Language } from '../language.ts';
import { CREW_STEPS, type CrewStep, MAX_PHOTOS } from './report.ts';
import { CREW_TEXTS, type CrewTexts } from './texts.ts';

export interface CrewPage {
  readonly ticket: Ticket;
  readonly title: { readonly en: string; readonly zh: string };
  readonly pictures: readonly string[];
  readonly language: Language;
  readonly timeZone: string;
  /** Why the last report was not taken. */
  readonly error?: string;
}

/** The repair did not hold, and is not reported as done again. */
const REPAIRS_AGAIN: readonly TicketState[] = ['rework', 'accepted', 'on_site', 'made_safe', 'suspended'];

/** All addresses are relative to the page's own, so that the link itself appears in nothing that it holds. */
export function crewPage({ ticket, title, pictures, language, timeZone, error }: CrewPage): string {
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
  return document(
    language,
    `${title[language]} ${ticket.number}`,
    `<header><h1>${html(title[language])}</h1><p>${html(ticket.number)} · <b>${TICKET_STATE_TEXTS[ticket.state][language]}</b></p></header>
${error === undefined ? '' : `<p role="alert">${html(error)}</p>`}
${again ? `<p class="again"><b>${texts.again}</b> ${html(ticket.reworkReason ?? '')}</p>` : ''}
${deadlines.join('\n')}
<dl><dt>${texts.place}</dt><dd>${html(ticket.cameraName[language])}${
      position === null
        ? ''
        : ` · <a href="geo:${position.latitude},${position.longitude}">${texts.navigate}</a>`
    }</dd>${ticket.note ? `<dt>${texts.note}</dt><dd>${html(ticket.note)}</dd>` : ''}</dl>
${pictures.map((sha256) => `<img src="${sha256}.jpg" alt="">`).join('\n')}
${steps.map((step) => form(step, steps[0] === step, texts, language)).join('\n')}
<p id="sending" role="status" hidden>${texts.sending}</p>
${steps.length === 0 ? `<p>${texts.done}</p>` : ''}
<footer><a href="?lang=${language === 'en' ? 'zh' : 'en'}">${texts.other}</a></footer>`,
  );
}

export function overPage(language: Language): string {
  const texts = CREW_TEXTS[language];
  return document(
    language,
    texts.title,
    `<header><h1>${texts.title}</h1></header><p role="alert">${texts.over}</p>`,
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

function form(step: CrewStep, next: boolean, texts: CrewTexts, language: Language): string {
  const needed = step === 'make_safe' || step === 'repair';
  const photos =
    step === 'accept' || step === 'return'
      ? ''
      : `<label>${texts.photo}<input type="file" name="photo" accept="image/jpeg,image/png,image/webp" multiple${needed ? ' required' : ''} data-max="${MAX_PHOTOS}"></label>`;
  const reason =
    step === 'return' ? `<label>${texts.reason}<input name="reason" required maxlength="500"></label>` : '';
  const fields = `<form method="post" enctype="multipart/form-data" action="${step}?lang=${language}">
<input type="hidden" name="latitude"><input type="hidden" name="longitude"><input type="hidden" name="accuracy">
${photos}${reason}<button class="${next ? 'next' : ''}">${texts.steps[step]}</button></form>`;
  return step === 'return' ? `<details><summary>${texts.notOurs}</summary>${fields}</details>` : fields;
}

function document(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${html(title)}</title><link rel="icon" href="../../icon.svg"><link rel="stylesheet" href="../page.css"><script src="../page.js" defer></script></head>
<body><main>${body}</main></body></html>`;
}
