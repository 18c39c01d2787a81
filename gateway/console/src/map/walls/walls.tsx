/** Which screens may show the wall: made and ended by those who lead a shift. */
import type { ApiToken, NewWall, User } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { MadeWall } from './made-wall.tsx';
import { NewWallForm } from './new-wall-form.tsx';
import { WallList } from './wall-list.tsx';

export function Walls({ user }: { readonly user: User }) {
  const { walls: texts } = useTexts();
  const [open, setOpen] = useState(false);
  if (user.role !== 'admin' && user.role !== 'shift_lead') return null;
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {texts.title}
      </button>
      {open ? <WallDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function WallDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const api = useApi();
  const dialog = useRef<HTMLDialogElement>(null);
  const loaded = useLoaded(() => api.walls.list(), [], 'walls');
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const walls = (loaded.value ?? []).filter(({ state }) => state === 'valid');
  const done = (): void => {
    setProblem(null);
    loaded.reload();
  };
  const tell = (error: unknown): void => setProblem(problemOf(error));
  const make = (wanted: NewWall): Promise<void> =>
    api.walls.make(wanted).then((path) => {
      setMade(new URL(at(path), location.origin).href);
      done();
    }, tell);
  const end = (wall: ApiToken): void => {
    if (confirm(texts.walls.endSure(wall.name))) api.walls.end(wall.id).then(done, tell);
  };
  return (
    <dialog class="walls" ref={dialog} onClose={onClose}>
      <h2>{texts.walls.title}</h2>
      <p class="hint">{texts.walls.hint}</p>
      <NewWallForm onMake={make} />
      <ProblemNote problem={problem} />
      {made === null ? null : <MadeWall address={made} />}
      <LoadedPage loaded={loaded} empty={walls.length === 0} none={texts.walls.none} noneHint="">
        <WallList walls={walls} onEnd={end} />
      </LoadedPage>
      <button type="button" onClick={() => dialog.current?.close()}>
        {texts.close}
      </button>
    </dialog>
  );
}
