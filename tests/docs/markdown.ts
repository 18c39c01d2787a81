/** The little of Markdown that the tests of the documents read: links and commands. */

export interface DocumentedCommand {
  /** As written. */
  readonly text: string;
  /** The name after `npm run`. */
  readonly script: string;
  /** What comes after `--` and before the first option. */
  readonly words: readonly string[];
  /** Long options, such as `--source`. */
  readonly options: readonly string[];
}

/** Targets of links and pictures inside the project, without anchors. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target as string).split('#')[0] as string)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Every `npm run NAME ...` in code spans and code blocks. */
export function commandsIn(text: string): DocumentedCommand[] {
  return [...text.matchAll(/npm run (?:-s )?([a-z:]+)([^`\n]*)/g)].map(([whole, script, rest]) => {
    const [, args = ''] = /^ -- ([^#|&>]*)/.exec(rest as string) ?? [];
    const parts = args.trim().split(/\s+/);
    const firstOption = parts.findIndex((part) => /^\[?-/.test(part));
    return {
      text: whole.trim(),
      script: script as string,
      words: firstOption < 0 ? parts : parts.slice(0, firstOption),
      options: [...args.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option),
    };
  });
}

/** Long options in the text that commander prints for `--help`. */
export function optionsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, option]) => option as string);
}

export function subcommandsOf(help: string): string[] {
  const [, list = ''] = help.split(/^Commands:$/m);
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name as string);
}
