/** One section of the settings at hand: what counts, what has been typed, and what somebody else has changed meanwhile. */
import type { Sent, SettingsSection, SettingsView } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { type Loaded, useLoaded } from '../../shared/api/use-loaded.ts';
import { type Conflict, merge, same } from './merge.ts';

/** How a document is taken apart and put together again; left out, its keys are its parts. */
export interface Form<Section extends SettingsSection, Draft> {
  readonly section: Section;
  readonly draftOf: (document: SettingsView<Section>['document']) => Draft;
  readonly sentOf: (draft: Draft) => Sent<Section>;
}

export interface Settings<Draft> {
  readonly loaded: Loaded<SettingsView<SettingsSection>>;
  /** Null until it is loaded. */
  readonly draft: Draft | null;
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly saved: boolean;
  readonly problem: Problem | null;
  /** What somebody else has changed since; null when nobody has. */
  readonly conflict: { readonly by: string; readonly changed: readonly Conflict[] } | null;
  set(draft: Draft): void;
  save(): void;
  discard(): void;
  takeTheirs(part: string): void;
}

interface Work<Draft> {
  /** What the draft was made from. */
  readonly base: SettingsView<SettingsSection>;
  readonly draft: Draft;
}

export function useSettings<Section extends SettingsSection, Draft extends object>({
  section,
  draftOf,
  sentOf,
}: Form<Section, Draft>): Settings<Draft> {
  const api = useApi();
  const loaded = useLoaded<SettingsView<SettingsSection>>(
    () => api.admin.settings(section) as Promise<SettingsView<SettingsSection>>,
    ['settings'],
    `settings ${section}`,
  );
  const [work, setWork] = useState<Work<Draft> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Settings<Draft>['conflict']>(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const draftFrom = (view: SettingsView<SettingsSection>): Draft =>
    draftOf(view.document as SettingsView<Section>['document']);
  const present = loaded.value;
  const draft = work?.draft ?? (present === null ? null : draftFrom(present));

  const compare = async (mine: Draft, base: SettingsView<SettingsSection>): Promise<void> => {
    const theirs = (await api.admin.settings(section)) as SettingsView<SettingsSection>;
    const merged = merge(draftFrom(base) as never, mine as never, draftFrom(theirs) as never);
    setWork({ base: theirs, draft: merged.parts as Draft });
    setConflict({ by: theirs.by, changed: merged.changed });
  };
  const save = async (): Promise<void> => {
    if (work === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const stored: SettingsView<SettingsSection> = await api.admin.change(
        section,
        work.base.version,
        sentOf(work.draft),
      );
      // What was typed while it was being stored is kept, on top of it.
      setWork((latest) => ({
        base: stored,
        draft: latest === null || latest.draft === work.draft ? draftFrom(stored) : latest.draft,
      }));
      setConflict(null);
      setSaved(true);
      loaded.reload();
    } catch (error) {
      const why = problemOf(error);
      if (why.code === 'settings_changed') await compare(work.draft, work.base).catch(() => setProblem(why));
      else setProblem(why);
    }
    setBusy(false);
  };
  return {
    loaded,
    draft,
    dirty: work !== null && !same(work.draft, draftFrom(work.base)),
    busy,
    saved,
    problem,
    conflict,
    set: (changed) => {
      const base = work?.base ?? present;
      if (base !== null) setWork({ base, draft: changed });
      setSaved(false);
    },
    save: () => void save(),
    discard: () => {
      setWork(null);
      setProblem(null);
      setConflict(null);
      loaded.reload();
    },
    takeTheirs: (part) => {
      if (work === null || conflict === null) return;
      const theirs = draftFrom(work.base) as Readonly<Record<string, unknown>>;
      const { [part]: _, ...rest } = work.draft as Readonly<Record<string, unknown>>;
      setWork({
        ...work,
        draft: (theirs[part] === undefined ? rest : { ...rest, [part]: theirs[part] }) as Draft,
      });
      setConflict({ ...conflict, changed: conflict.changed.filter((one) => one.part !== part) });
    },
  };
}
