/** The console: who is signed in, in which language, on which page, and whether the line to the gateway is up. */

import type { User } from '@roadwatch/contract/api';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Account } from './account/account.tsx';
import { AdminPage } from './admin-page.tsx';
import { AgentPage } from './agents/agent-page.tsx';
import { Agents } from './agents/agents.tsx';
import { CameraPage } from './cameras/camera-page.tsx';
import { Cameras } from './cameras/cameras.tsx';
import { Desk } from './desk/desk.tsx';
import { FiguresPage } from './figures/figures-page.tsx';
import { takeSignIn } from './login/identity-provider.ts';
import { Login } from './login/login.tsx';
import { MapPage } from './map/map-page.tsx';
import { Outbox } from './outbox/outbox.ts';
import { OutboxContext, useLeaveWarning, useOutbox } from './outbox/use-outbox.ts';
import { Api } from './shared/api/api.ts';
import { ApiContext, useApi } from './shared/api/use-api.ts';
import { ChangesContext, type Listen } from './shared/changes/changes.ts';
import { listen } from './shared/changes/events.ts';
import { mayJudge, seesCity } from './shared/person.ts';
import { routeOf, usePath } from './shared/route/route.ts';
import { type Language, TEXTS } from './shared/texts/index.ts';
import { LanguageContext, loadLanguage, saveLanguage } from './shared/texts/language.ts';
import { wallClock } from './shared/time/time.ts';
import { WallClockContext } from './shared/time/wall-clock.ts';
import { Header } from './shell/header.tsx';
import { useTheme } from './shell/theme.ts';
import { TicketPage } from './tickets/ticket-page.tsx';
import { Tickets } from './tickets/tickets.tsx';
import { UnitDesk } from './tickets/unit/unit-desk.tsx';
import { Verdicts } from './verdicts/verdicts.tsx';

export function App() {
  const api = useMemo(() => new Api(), []);
  const outbox = useMemo(() => new Outbox(api), [api]);
  const back = useMemo(takeSignIn, []);
  const [language, setLanguage] = useState<Language>(loadLanguage);
  /** Undefined until it is known whether somebody is signed in. */
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const toggleTheme = useTheme();
  const texts = TEXTS[language];

  useEffect(() => {
    api.session.onSignedOut = () => setUser(null);
    api.session.onOther = setUser;
    if (back === 'done') api.session.signedInElsewhere();
    api.session.me().then(setUser, () => setUser(null));
  }, [api, back]);
  useEffect(() => outbox.signedIn(user ?? null), [outbox, user]);
  useEffect(() => () => outbox.close(), [outbox]);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = texts.product;
  }, [language, texts]);

  const switchLanguage = (): void => {
    const other = language === 'en' ? 'zh' : 'en';
    saveLanguage(other);
    setLanguage(other);
  };

  if (user === undefined) return <div class="blank" />;
  return (
    <LanguageContext.Provider value={language}>
      <Services api={api} outbox={outbox}>
        {user === null ? (
          <Login
            trouble={back === 'done' ? null : back}
            onSignedIn={setUser}
            onLanguage={switchLanguage}
            onTheme={toggleTheme}
          />
        ) : api.session.account.mustSetUp ? (
          <main class="alone">
            <Account
              onSetUp={() => {
                api.session.account = { ...api.session.account, mustSetUp: false };
                setUser({ ...user });
              }}
            />
            <button type="button" class="quiet" onClick={() => void api.session.signOut().catch(() => {})}>
              {texts.signOut}
            </button>
          </main>
        ) : (
          <Console key={user.id} user={user} onLanguage={switchLanguage} onTheme={toggleTheme} />
        )}
      </Services>
    </LanguageContext.Provider>
  );
}

interface ServicesProps {
  readonly api: Api;
  readonly outbox: Outbox;
  readonly children: ComponentChildren;
}

/** What every page may ask for. */
function Services({ api, outbox, children }: ServicesProps) {
  return (
    <ApiContext.Provider value={api}>
      <OutboxContext.Provider value={outbox}>{children}</OutboxContext.Provider>
    </ApiContext.Provider>
  );
}

interface ConsoleProps {
  readonly user: User;
  readonly onLanguage: () => void;
  readonly onTheme: () => void;
}

function Console({ user, onLanguage, onTheme }: ConsoleProps) {
  const api = useApi();
  const outbox = useOutbox();
  useLeaveWarning();
  const wall = useMemo(() => wallClock(api.session.timeZone), [api.session.timeZone]);
  const asked = routeOf(usePath());
  const route =
    seesCity(user) || asked.page === 'ticket' || asked.page === 'figures' || asked.page === 'account'
      ? asked
      : ({ page: 'tickets' } as const);
  const [lineUp, setLineUp] = useState(true);
  const listeners = useRef(new Set<Parameters<Listen>[0]>());

  const city = seesCity(user);
  useEffect(() => {
    return listen({
      onChange: (kind, id, data) => {
        for (const listener of listeners.current) listener(kind, id, data);
      },
      onLine: (up) => {
        setLineUp(up);
        if (up) outbox.wake();
      },
    });
  }, [outbox]);
  const subscribe = useCallback<Listen>((listener) => {
    listeners.current.add(listener);
    return () => listeners.current.delete(listener);
  }, []);

  return (
    <WallClockContext.Provider value={wall}>
      <ChangesContext.Provider value={subscribe}>
        <div class="console">
          <Header user={user} route={route} lineUp={lineUp} onLanguage={onLanguage} onTheme={onTheme} />
          <main>
            {route.page === 'desk' ? <Desk user={user} asked={route.alert} /> : null}
            {route.page === 'verdicts' ? <Verdicts mayJudge={mayJudge(user)} /> : null}
            {route.page === 'tickets' ? city ? <Tickets mayJudge={mayJudge(user)} /> : <UnitDesk /> : null}
            {route.page === 'ticket' ? (
              <TicketPage
                id={route.id}
                scene={route.scene && city}
                city={city}
                mayJudge={mayJudge(user)}
                key={route.id}
              />
            ) : null}
            {route.page === 'figures' ? <FiguresPage month={route.month} /> : null}
            {route.page === 'map' ? <MapPage user={user} /> : null}
            {route.page === 'cameras' ? <Cameras live={route.live} /> : null}
            {route.page === 'camera' ? (
              <CameraPage key={`${route.site}/${route.agent}/${route.camera}`} of={route} user={user} />
            ) : null}
            {route.page === 'agents' ? <Agents user={user} /> : null}
            {route.page === 'agent' ? (
              <AgentPage key={`${route.site}/${route.agent}`} of={route} user={user} />
            ) : null}
            {route.page === 'admin' && user.role === 'admin' ? <AdminPage part={route.part} /> : null}
            {route.page === 'account' ? <Account onSetUp={() => {}} /> : null}
          </main>
        </div>
      </ChangesContext.Provider>
    </WallClockContext.Provider>
  );
}
