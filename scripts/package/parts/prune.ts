/** What of a package of npm is of no use to a program that runs: it is left out, for boxes have small disks and slow lines. */
import type { Target } from '../target.ts';

/** Types, maps from built code to sources, and texts about the package. Licences stay whatever they are called. */
const NOT_RUN = /\.(?:d\.[cm]?ts|[cm]?ts|map|flow|md|markdown|tsbuildinfo)$/i;
const NOTICE = /^(?:licen[cs]e|notice|copying|copyright|third[-_]?party)/i;
/** Of a package itself; deeper down such a folder may be part of the code. */
const NOT_RUN_FOLDERS = new Set([
  ...['.github', '.nyc_output', '@types', '__tests__', 'benchmark', 'benchmarks', 'coverage', 'doc', 'docs'],
  ...['example', 'examples', 'test', 'tests', 'typings'],
]);
const ONNXRUNTIME = /^onnxruntime-node\/bin\/[^/]+\/(?<platform>[^/]+\/[^/]+)\/(?<file>.+)$/;
/** onnxruntime asks for no more on a CPU; its makers add CUDA and TensorRT to some versions. */
const ACCELERATOR = /_providers_(?:cuda|tensorrt|dnnl|openvino)\./;

/** `path`: below node_modules. */
export function isRun(path: string, { cpu }: Target): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) as string;
  // Links to commands, and what npm notes down for itself.
  if (parts.includes('.bin') || path === '.package-lock.json') return false;
  const runtime = ONNXRUNTIME.exec(path)?.groups;
  if (runtime !== undefined)
    return runtime.platform === `linux/${cpu}` && !ACCELERATOR.test(runtime.file as string);
  if (NOTICE.test(name)) return true;
  const own = ownParts(parts);
  if (parts[0] === '@types' || (own.length > 1 && NOT_RUN_FOLDERS.has(own[0] as string))) return false;
  return !NOT_RUN.test(name);
}

/** Below the innermost package. */
function ownParts(parts: readonly string[]): readonly string[] {
  const at = parts.lastIndexOf('node_modules') + 1;
  return parts.slice(at + (parts[at]?.startsWith('@') ? 2 : 1));
}
