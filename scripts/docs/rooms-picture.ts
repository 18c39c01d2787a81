/** The rooms of the house and their arrows, as Mermaid draws them. */
import { type Imports, type RoomGraph, reduced, roomGraph } from './room-graph.ts';

export const PACKAGES = [
  ...['common', 'contract', 'models', 'agent', 'gateway', 'simulator', 'scripts', 'evaluate', 'bench'],
];
const SOURCES = ['agent/src', 'gateway/src', 'gateway/console/src', 'simulator/src'];

export function roomsPicture(imports: Imports): string {
  const parts = [
    '### Packages',
    '',
    picture(roomGraph(imports, (file) => packageOf(file))),
    ...SOURCES.flatMap((folder) => [
      '',
      `### ${folder}`,
      '',
      picture(roomGraph(imports, (file) => roomIn(folder, file))),
    ]),
  ];
  return parts.join('\n');
}

function packageOf(file: string): string | null {
  if (file.startsWith('gateway/console/')) return 'gateway/console';
  const [name = ''] = file.split('/');
  return PACKAGES.includes(name) ? name : null;
}

/** The folder right below; files beside the folders are the wiring, and are not drawn. */
function roomIn(folder: string, file: string): string | null {
  if (!file.startsWith(`${folder}/`)) return null;
  const [room, ...rest] = file.slice(folder.length + 1).split('/');
  return rest.length > 0 ? (room as string) : null;
}

function picture(graph: RoomGraph): string {
  const id = (room: string): string => room.replaceAll(/\W/g, '_');
  const rooms = [...graph.keys()].sort().map((room) => `  ${id(room)}["${room}"]`);
  const arrows = [...reduced(graph)].flatMap(([from, to]) =>
    [...to].map((room) => `  ${id(from)} --> ${id(room)}`),
  );
  return ['```mermaid', 'flowchart TD', ...rooms, ...arrows.sort(), '```'].join('\n');
}
