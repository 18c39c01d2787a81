/** The two programs that are packaged, and what each package consists of beside Node and the packages of npm. */

export interface Product {
  readonly name: 'agent' | 'gateway';
  /** Of the package, the service, its user, its command, and its folders in /opt and /var/lib. */
  readonly service: string;
  readonly summary: string;
  readonly description: readonly string[];
  /** Of the workspaces, what is laid into the package, without tests: files and folders of the repository. */
  readonly sources: readonly string[];
  readonly hasConsole: boolean;
  /** Whether signed packages that it has fetched are installed by its own updater. */
  readonly updatesItself: boolean;
  /** Groups that its user joins where the machine has them. */
  readonly groups: readonly string[];
  readonly needs: {
    /** Names of Debian packages, with the version from which on they will do. */
    readonly debian: readonly (readonly [name: string, version?: string])[];
    /** What shows elsewhere that the same is there. */
    readonly commands: readonly string[];
  };
}

/** What Node's own binary needs, by its dynamic section: Debian 10, Ubuntu 18.10 and later have it. */
const NODE_NEEDS = [['libc6', '>= 2.28'], ['libgcc-s1'], ['libstdc++6', '>= 5.2']] as const;
/** `useradd`, and `setpriv` with which the command becomes the service's user. */
const SERVICE_NEEDS = [['passwd'], ['util-linux', '>= 2.33']] as const;

export const PRODUCTS: readonly Product[] = [
  {
    name: 'agent',
    service: 'roadwatch-agent',
    summary: 'watches street cameras for road damage',
    description: [
      'Reads the RTSP streams of street cameras on a box beside them, looks for road damage with an',
      'ONNX model, verifies over time what it sees, and reports it over MQTT to a Roadwatch gateway.',
    ],
    // The models that an agent takes unless its settings name another; a larger one is a folder that is brought along.
    sources: [
      ...['common', 'contract', 'models/package.json', 'models/index.ts', 'models/manifest.ts'],
      ...['models/road-damage-nano-1', 'models/road-users-nano-1', 'agent/package.json', 'agent/src'],
    ],
    hasConsole: false,
    updatesItself: true,
    // They own the devices that decode video.
    groups: ['video', 'render'],
    needs: {
      debian: [...NODE_NEEDS, ...SERVICE_NEEDS, ['ffmpeg', '>= 7:5.1']],
      commands: ['ffmpeg', 'ffprobe', 'useradd', 'setpriv', 'prlimit'],
    },
  },
  {
    name: 'gateway',
    service: 'roadwatch-gateway',
    summary: 'command centre for road damage: alerts, tickets, clocks, dispatch',
    description: [
      'Takes what Roadwatch agents report over MQTT, shows it to operators in a console, dispatches',
      'repair tickets to the responsible units, and holds them to their deadlines.',
    ],
    sources: [
      'common',
      'contract',
      'models/package.json',
      'models/index.ts',
      'models/manifest.ts',
      'gateway/package.json',
      'gateway/src',
    ],
    hasConsole: true,
    updatesItself: false,
    groups: [],
    needs: { debian: [...NODE_NEEDS, ...SERVICE_NEEDS], commands: ['useradd', 'setpriv'] },
  },
];
