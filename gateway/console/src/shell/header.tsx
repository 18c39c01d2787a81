/** The bar at the top: pages, who is here, language, light or dark. */

import type { User } from '@roadwatch/contract/api';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { seesCity } from '../shared/person.ts';
import { at } from '../shared/route/base.ts';
import { follow, type Route } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useCurrentInView } from '../shared/use-current-in-view.ts';
import { ClockNote } from './clock-note.tsx';
import { OutdatedMark } from './outdated.tsx';
import { StoreTroubleMark } from './store-trouble.tsx';
import { Switches } from './switches.tsx';
import { ZoneNote } from './zone-note.tsx';

interface Props {
  readonly user: User;
  readonly route: Route;
  /** Whether changes come through. */
  readonly lineUp: boolean;
  readonly onLanguage: () => void;
  readonly onTheme: () => void;
}

const PAGES = [
  ['desk', '/'],
  ['verdicts', '/verdicts'],
  ['tickets', '/tickets'],
  ['map', '/map'],
  ['cameras', '/cameras'],
  ['agents', '/agents'],
  ['admin', '/admin'],
  ['figures', '/figures'],
] as const;

/** What is shown of one thing stands under the list of them. */
const LISTS = { ticket: 'tickets', camera: 'cameras', agent: 'agents' } as const;

export function Header({ user, route, lineUp, onLanguage, onTheme }: Props) {
  const texts = useTexts();
  const api = useApi();
  const waiting = useLoaded(() => api.tickets.notices(), ['ticket'], 'notices').value?.length ?? 0;
  const page = LISTS[route.page as keyof typeof LISTS] ?? route.page;
  const nav = useCurrentInView(page, texts);
  return (
    <header class="top">
      <strong class="brand">
        <img src={at('/icon.svg')} alt="" width="22" height="22" />
        {texts.product}
      </strong>
      <nav ref={nav} aria-label={texts.mainNavigation}>
        {PAGES.filter(([name]) => maySee(user, name)).map(([name, href]) => (
          <a key={name} href={at(href)} onClick={follow} aria-current={page === name ? 'page' : undefined}>
            {texts.pages[name]}
            {name === 'tickets' && waiting > 0 ? (
              <b class="waiting figures" title={texts.notices.waiting(waiting)}>
                {waiting}
              </b>
            ) : null}
          </a>
        ))}
      </nav>
      {lineUp ? null : (
        <strong class="line-down" role="alert">
          {texts.connectionLost}
        </strong>
      )}
      <OutdatedMark lineUp={lineUp} />
      <StoreTroubleMark />
      <ZoneNote />
      <ClockNote />
      <a class="who" href={at('/account')} onClick={follow} title={texts.account.title}>
        {user.username} <small>{texts.roles[user.role]}</small>
      </a>
      <Switches onLanguage={onLanguage} onTheme={onTheme} />
      <button type="button" class="quiet" onClick={() => void api.session.signOut().catch(() => {})}>
        {texts.signOut}
      </button>
    </header>
  );
}

function maySee(user: User, page: (typeof PAGES)[number][0]): boolean {
  if (page === 'admin') return user.role === 'admin';
  return page === 'tickets' || page === 'figures' || seesCity(user);
}
