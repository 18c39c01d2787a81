/** Which room imports which, read from the sources by dependency-cruiser with the rules of `npm run check`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';

/** Room to the rooms that it imports. */
export type RoomGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** Every import between files of the project, tests left out. */
export type Imports = readonly { readonly from: string; readonly to: string }[];

const NOT_DRAWN = /\.test\.tsx?$|(^|\/)(testing|tests|node_modules)\//;

export async function readImports(root: string, folders: readonly string[]): Promise<Imports> {
  const { options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise([...folders], { ...options, baseDir: root });
  return (output as ICruiseResult).modules.flatMap(({ source, dependencies }) =>
    dependencies
      .map(({ resolved }) => ({ from: source, to: resolved }))
      .filter(({ from, to }) => !NOT_DRAWN.test(from) && !NOT_DRAWN.test(to)),
  );
}

/** @param roomOf the room in which a file stands; null where it is not drawn */
export function roomGraph(imports: Imports, roomOf: (file: string) => string | null): RoomGraph {
  const graph = new Map<string, Set<string>>();
  for (const file of imports) {
    const [from, to] = [roomOf(file.from), roomOf(file.to)];
    if (from !== null && !graph.has(from)) graph.set(from, new Set());
    if (to !== null && !graph.has(to)) graph.set(to, new Set());
    if (from !== null && to !== null && from !== to) graph.get(from)?.add(to);
  }
  return graph;
}

/** Without the arrows that follow from others: where a room reaches another by way of a third. */
export function reduced(graph: RoomGraph): RoomGraph {
  const isReached = (from: string, to: string): boolean => {
    const seen = new Set<string>();
    const open = [...(graph.get(from) ?? [])].filter((room) => room !== to);
    for (let room = open.pop(); room !== undefined; room = open.pop()) {
      if (room === to) return true;
      if (seen.has(room) || room === from) continue;
      seen.add(room);
      open.push(...(graph.get(room) ?? []));
    }
    return false;
  };
  const hasCircle = [...graph.keys()].some((room) => isReached(room, room));
  // In a circle every arrow follows from others, and what is drawn would hide it.
  if (hasCircle) return graph;
  return new Map(
    [...graph].map(([from, to]) => [from, new Set([...to].filter((room) => !isReached(from, room)))]),
  );
}
