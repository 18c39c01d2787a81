/**
 * The operator's desk: the queue on the left, the picture in the middle, what is known on the right. A verdict takes one key,
 * can be taken back, and brings the next alert at once; what arrives meanwhile never moves the one at hand.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { LivePane } from '../live/live-pane.tsx';
import { damageName } from '../shared/damage.ts';
import { useApi, useNow } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { mayJudge, personOf } from '../shared/person.ts';
import type { Alert, User } from '../shared/types.ts';
import { useWallClock } from '../shared/wall-clock.ts';
import { ActionBar, type Menu } from './action-bar.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { REJECT_REASONS, SHELVE_CHOICES, shelveUntil } from './choices.ts';
import { Elsewhere } from './elsewhere.tsx';
import { EvidenceView } from './evidence-view.tsx';
import { Help } from './help.tsx';
import type { DeskAction } from './keys.ts';
import { PictureSources, pictureShown } from './picture-sources.tsx';
import { step, successor } from './queue.ts';
import { QueueList } from './queue-list.tsx';
import { RecallBar } from './recall-bar.tsx';
import { StageHead } from './stage-head.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { usePicturesAhead } from './use-pictures-ahead.ts';
import { useQueue } from './use-queue.ts';
import { useTitle } from './use-title.ts';
import { canUndo, type Decision, useVerdicts } from './use-verdicts.ts';

/** A verdict sooner than this after the alert came to hand was meant for the one before it. */
const SETTLE_MS = 300;

export function Desk({ user }: { readonly user: User }) {
  const api = useApi();
  const texts = useTexts();
  const language = useLanguage();
  const now = useNow();
  const wall = useWallClock();
  const [selected, setSelected] = useState<string | null>(null);
  const [announced, setAnnounced] = useState('');
  const [menu, setMenu] = useState<Menu>(null);
  const [look, setLook] = useState({ withBox: true, zoomed: false, clip: false });
  const [live, setLive] = useState(false);
  const [source, setSource] = useState<string | null>(null);
  const [help, setHelp] = useState(false);
  const judges = mayJudge(user);
  const [settled, setSettled] = useState(false);

  const select = (id: string | null): void => {
    if (id !== selected) setSettled(false);
    setSelected(id);
    setMenu(null);
    setLive(false);
    setSource(null);
    setLook((before) => ({ ...before, zoomed: false, clip: false }));
  };
  // The alert at hand stays in sight when somebody else has judged it, until the operator goes on.
  const atHand = useRef<Alert | null>(null);
  const { recent, judged, give, undo } = useVerdicts((alert, undone) => {
    queue.reload();
    if (!undone) return;
    atHand.current = alert;
    select(alert.id);
  });
  const queue = useQueue(selected, judged, ([first]) => {
    if (first !== undefined)
      setAnnounced(texts.announce(damageName(first.damageClass, language), first.cameraName[language]));
  });

  const inQueue = queue.queue.find((alert) => alert.id === selected);
  if (inQueue !== undefined) atHand.current = inQueue;
  else if (selected === null || judged.has(selected)) atHand.current = null;
  const alert = atHand.current?.id === selected ? atHand.current : null;
  const gone = alert !== null && inQueue === undefined;
  const shown = alert === null ? null : pictureShown(alert, source);
  useEffect(() => {
    if (alert === null && queue.queue[0] !== undefined) select(queue.queue[0].id);
  }, [alert, queue.queue[0]?.id]);

  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [alert?.id]);
  useTitle(queue.queue.length + queue.waiting);
  usePicturesAhead(queue.queue, selected);

  const holder = alert?.claimedBy ? personOf(alert.claimedBy) : null;
  const mine = holder === user.username;
  const blocked = gone || (holder !== null && !mine);
  const judge = (subject: Alert, decision: Decision): void => {
    if (!judges || blocked || !settled) return;
    select(successor(queue.queue, subject.id));
    give(subject, decision);
  };
  const choose = (subject: Alert, index: number): void => {
    const reason = REJECT_REASONS[index];
    const until = SHELVE_CHOICES[index];
    if (menu === 'reject' && reason !== undefined) judge(subject, { kind: 'reject', reason });
    if (menu === 'shelve' && until !== undefined)
      judge(subject, {
        kind: 'shelve',
        until: shelveUntil(until, api.now(), wall),
        reason: texts.shelveReason,
      });
  };
  const toggle = (part: keyof typeof look) => setLook((before) => ({ ...before, [part]: !before[part] }));

  const undoLatest = (): void => {
    const verdict = recent.find((entry) => canUndo(entry, api.now()));
    if (verdict !== undefined) undo(verdict);
  };
  const toPicture = (): void => {
    setLive(false);
    setLook((before) => ({ ...before, zoomed: false, clip: false }));
  };
  const openMenu = (which: 'reject' | 'shelve'): void => {
    if (judges && !blocked) setMenu(which);
  };
  const claim = (subject: Alert): void => {
    if (!judges || blocked) return;
    const asked = mine ? api.release(subject.id) : api.claim(subject.id);
    asked.then(queue.reload, queue.reload);
  };
  const carryOut: Readonly<Record<DeskAction['kind'], (subject: Alert, index: number) => void>> = {
    help: () => setHelp(true),
    undo: undoLatest,
    next: ({ id }) => select(step(queue.queue, id, 1)),
    previous: ({ id }) => select(step(queue.queue, id, -1)),
    confirm: (subject) => (gone ? select(queue.queue[0]?.id ?? null) : judge(subject, { kind: 'confirm' })),
    reject: () => openMenu('reject'),
    shelve: () => openMenu('shelve'),
    choose,
    claim,
    overlay: () => toggle('withBox'),
    zoom: () => toggle('zoomed'),
    clip: () => {
      setLive(false);
      toggle('clip');
    },
    live: ({ report }) => setLive(!live && report === null),
    cancel: () => (menu === null ? toPicture() : setMenu(null)),
  };
  const act = (action: DeskAction): void => {
    if (alert !== null) carryOut[action.kind](alert, action.kind === 'choose' ? action.index : 0);
    else if (action.kind === 'help') setHelp(true);
    else if (action.kind === 'undo') undoLatest();
  };
  useDeskKeys(act, menu !== null, help);

  return (
    <div class="desk">
      <QueueList queue={queue} current={alert?.id ?? null} now={now} onSelect={select} />
      <section class="stage" aria-label={texts.evidence} data-ready={settled}>
        <span class="unseen" aria-live="polite">
          {announced}
        </span>
        {alert === null ? null : (
          <StageHead alert={alert} shown={shown} look={look} live={live} now={now} onAction={act} />
        )}
        {alert === null || live ? null : <PictureSources alert={alert} shown={shown} onShow={setSource} />}
        {alert === null ? (
          <div class="nothing">
            <p>{queue.loaded ? texts.queueEmpty : queue.failed ? texts.problems.network : texts.loading}</p>
            {queue.loaded ? <p class="hint">{texts.queueEmptyHint}</p> : null}
          </div>
        ) : live ? (
          <LivePane key={alert.id} camera={alert} name={alert.cameraName} onClose={() => setLive(false)} />
        ) : (
          <EvidenceView key={alert.id} alert={alert} shown={shown} look={look} />
        )}
        {gone && alert !== null ? <Elsewhere id={alert.id} /> : null}
        {alert === null ? null : (
          <ActionBar menu={menu} mayJudge={judges} blocked={blocked} claimed={mine} onAction={act} />
        )}
        <RecallBar recent={recent} now={now} onUndo={undo} onHelp={() => setHelp(true)} />
      </section>
      {alert === null ? (
        <aside class="facts" aria-label={texts.alertFacts} />
      ) : (
        <AlertFacts alert={alert} user={user} now={now} />
      )}
      {help ? <Help onClose={() => setHelp(false)} /> : null}
    </div>
  );
}
