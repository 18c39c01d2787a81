/** The workspaces that others install from npm for their own sake, and what each brings beside its dependencies. */

export interface Library {
  /** Of the workspace and its folder. */
  readonly name: 'contract' | 'simulator';
  /** Where its sources are, below the workspace: they come to lie in `dist`. */
  readonly sources: string;
  /** What is loaded by a path that no import names, below the workspace. */
  readonly loaded: readonly string[];
  /** Its commands, and their files below the workspace. */
  readonly commands: Readonly<Record<string, string>>;
  /** Workspaces that nobody installs by themselves: they lie inside this one. */
  readonly inside: readonly string[];
}

/** What others depend on comes first. */
export const LIBRARIES: readonly Library[] = [
  { name: 'contract', sources: '.', loaded: [], commands: {}, inside: [] },
  {
    name: 'simulator',
    sources: 'src',
    loaded: ['src/street/film-worker.ts'],
    commands: { 'roadwatch-simulator': 'src/cli.ts' },
    inside: ['common'],
  },
];
