/** Every page of the program, with what opens on it, and how one knows that it is all there. */
import type { Page } from 'playwright-core';
import type { LivedIn, Role } from './lived-in.ts';

export interface Place {
  readonly name: string;
  /** Who is looking; null: nobody has signed in. */
  readonly as: Role | null;
  path(city: LivedIn): string;
  /** Resolves once the page shows what it is for. */
  ready(page: Page): Promise<void>;
}

const seen = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();
const atHand = seen('.stage[data-ready="true"]');

/** At the desk, once that key has opened something. */
const pressed = (key: string, opened: string) => async (page: Page) => {
  await atHand(page);
  await page.keyboard.press(key);
  await page.locator(opened).waitFor();
};

/** Whom nothing is handed, who chooses. */
const chosen = async (page: Page) => {
  await page.locator('.queue .item').first().click();
  await atHand(page);
};

/** How far boxes are with a release, and what else could be handed out. */
const fleet = async (page: Page) => {
  await page.locator('.orders-of button').first().waitFor();
  await page.locator('td button[aria-expanded]').first().waitFor();
};
const handingOut = async (page: Page) => {
  await fleet(page);
  await page.locator('td button[aria-expanded]').nth(1).click();
  await page.locator('form.fields').waitFor();
};

const place = (
  name: string,
  as: Place['as'],
  path: string | Place['path'],
  ready: Place['ready'],
): Place => ({
  name,
  as,
  path: typeof path === 'string' ? () => path : path,
  ready,
});

const administration: readonly (readonly [part: string, ready: string])[] = [
  ['units', '.units .unit'],
  ['deadlines', '.settings input'],
  ['calendar', '.settings input'],
  ['escalation', '.settings'],
  ['retention', '.settings input'],
  ['operations', '.last-call p'],
  ['users', '.admin-page td'],
  ['tokens', '.admin-page td'],
  ['troubles', 'td.topic'],
  ['audit', '.admin-page td'],
  ['backup', '.admin-page .nothing'],
];

const underWay: Place['path'] = ({ tickets }) => tickets.underWay;

export const PLACES: readonly Place[] = [
  place('login', null, '/', seen('input[name=password]')),
  place('wall', null, ({ wall }) => wall, seen('.pair .after image')),
  place('crew', null, ({ crew }) => crew, seen('form[action^="arrive"] button')),
  place('desk', 'operator', '/', atHand),
  place('desk-reject', 'operator', '/', pressed('n', '.choices')),
  place('desk-shelve', 'operator', '/', pressed('s', '.choices')),
  place('desk-batch', 'operator', '/', pressed('b', '.batch')),
  place('desk-find', 'operator', '/', pressed('f', '.finding form')),
  place('desk-help', 'operator', '/', pressed('?', 'dialog')),
  place('desk-viewer', 'viewer', '/', chosen),
  place('verdicts', 'operator', '/verdicts', seen('main li, main td')),
  place('tickets', 'shift_lead', '/tickets', seen('tr[data-ticket]')),
  place('ticket', 'shift_lead', underWay, seen('.history li')),
  place('ticket-proven', 'inspector', ({ tickets }) => tickets.proven, seen('.inspections li')),
  place('map', 'operator', '/map', seen('.things .thing')),
  place('cameras', 'operator', '/cameras', seen('td .mark')),
  place('camera', 'admin', '/cameras/binjiang/edge-1/cam-50', seen('.camera-facts dd')),
  place('live', 'operator', '/cameras/binjiang/edge-1/cam-50/live', seen('.live-note, .live [role=status]')),
  place('agents', 'admin', '/agents', seen('td .mark')),
  place('agent', 'admin', '/agents/binjiang/edge-1', seen('.box-fields input')),
  place('figures', 'viewer', '/figures?from=2026-09-01&to=2026-09-30', seen('tr[data-key=bridges]')),
  place('monthly-report', 'viewer', '/figures/report/2026-09', seen('.sheet tr[data-key=bridges]')),
  place('account', 'operator', '/account', seen('main form')),
  place('unit-desk', 'unit', '/tickets', seen('main [data-ticket]')),
  place('unit-ticket', 'unit', underWay, seen('.history li')),
  place('unit-figures', 'unit', '/figures?from=2026-09-01&to=2026-09-30', seen('main table td')),
  place('admin-fleet', 'admin', '/admin/fleet', fleet),
  place('admin-fleet-hand-out', 'admin', '/admin/fleet', handingOut),
  ...administration.map(([part, ready]) => place(`admin-${part}`, 'admin', `/admin/${part}`, seen(ready))),
];
