/** Administration without a terminal: what belongs to the city's daily business, a page for each part of it. */
import type { FunctionComponent } from 'preact';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { useCurrentInView } from '../shared/use-current-in-view.ts';
import { Audit } from './audit/audit.tsx';
import { Backups } from './backup/backups.tsx';
import { Calendar } from './calendar.tsx';
import { Deadlines } from './deadlines.tsx';
import { Escalation } from './escalation.tsx';
import { Fleet } from './fleet/fleet.tsx';
import { Operations } from './operations/operations.tsx';
import { Retention } from './retention.tsx';
import { useAdminTexts } from './texts/index.ts';
import { Tokens } from './tokens/tokens.tsx';
import { Troubles } from './troubles/troubles.tsx';
import { Units } from './units/units.tsx';
import { Users } from './users/users.tsx';

const PAGES: Readonly<Record<keyof ReturnType<typeof useAdminTexts>['pages'], FunctionComponent>> = {
  units: Units,
  deadlines: Deadlines,
  calendar: Calendar,
  escalation: Escalation,
  retention: Retention,
  operations: Operations,
  users: Users,
  tokens: Tokens,
  fleet: Fleet,
  troubles: Troubles,
  audit: Audit,
  backup: Backups,
};
type Page = keyof typeof PAGES;

export function Admin({ part }: { readonly part: string | null }) {
  const texts = useAdminTexts();
  const names = Object.keys(PAGES) as Page[];
  const page = names.find((name) => name === part) ?? 'units';
  const Shown = PAGES[page];
  const nav = useCurrentInView(page, texts);
  return (
    <div class="admin">
      <nav ref={nav} aria-label={texts.title}>
        {names.map((name) => (
          <a
            key={name}
            href={at(`/admin/${name}`)}
            onClick={follow}
            aria-current={name === page ? 'page' : undefined}
          >
            {texts.pages[name]}
          </a>
        ))}
      </nav>
      <div class="admin-page" key={page}>
        <Shown />
      </div>
    </div>
  );
}
