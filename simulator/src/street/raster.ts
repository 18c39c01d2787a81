/** Fills polygons into a picture, smooth at their edges, and remembers what they hide. */

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array | Uint8ClampedArray;
  /** Set to 255 where something opaque was drawn. */
  readonly hidden?: Uint8Array;
}

export interface Paint {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** 0 to 1. */
  readonly alpha: number;
  /** `over` covers, `multiply` darkens by the colour as a share of 255, `add` is light. */
  readonly mode: 'over' | 'multiply' | 'add';
}

/** Lines sampled in each row of pixels. */
const SCANS = 3;

let coverage = new Float32Array(0);

/** @param points x and y in turn, pixels; any simple polygon */
export function fillPolygon(canvas: Canvas, points: readonly number[], paint: Paint): void {
  const { width, height } = canvas;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < points.length; i += 2) {
    top = Math.min(top, points[i] as number);
    bottom = Math.max(bottom, points[i] as number);
  }
  if (coverage.length < width + 2) coverage = new Float32Array(width + 2);
  const first = Math.max(0, Math.floor(top));
  const last = Math.min(height - 1, Math.floor(bottom));
  const crossings: number[] = [];
  for (let y = first; y <= last; y++) {
    let left = width;
    let right = -1;
    for (let scan = 0; scan < SCANS; scan++) {
      const line = y + (scan + 0.5) / SCANS;
      cross(points, line, crossings);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = Math.max(0, crossings[i] as number);
        const to = Math.min(width, crossings[i + 1] as number);
        if (to <= from) continue;
        const a = Math.floor(from);
        const b = Math.min(width - 1, Math.floor(to));
        for (let x = a; x <= b; x++) {
          const share = Math.min(to, x + 1) - Math.max(from, x);
          coverage[x] = (coverage[x] as number) + Math.max(0, share) / SCANS;
        }
        left = Math.min(left, a);
        right = Math.max(right, b);
      }
    }
    for (let x = left; x <= right; x++) {
      blend(canvas, y * width + x, paint, Math.min(1, coverage[x] as number));
      coverage[x] = 0;
    }
  }
}

/** Where the outline crosses a line, from left to right. */
function cross(points: readonly number[], y: number, out: number[]): void {
  out.length = 0;
  const n = points.length;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
    const y1 = points[j + 1] as number;
    const y2 = points[i + 1] as number;
    if (y1 <= y === y2 <= y) continue;
    const x1 = points[j] as number;
    out.push(x1 + (((points[i] as number) - x1) * (y - y1)) / (y2 - y1));
  }
  out.sort((a, b) => a - b);
}

function blend(canvas: Canvas, pixel: number, paint: Paint, share: number): void {
  const { rgb, hidden } = canvas;
  const at = pixel * 3;
  const alpha = paint.alpha * share;
  const red = rgb[at] as number;
  const green = rgb[at + 1] as number;
  const blue = rgb[at + 2] as number;
  if (paint.mode === 'over') {
    rgb[at] = red + (paint.red - red) * alpha;
    rgb[at + 1] = green + (paint.green - green) * alpha;
    rgb[at + 2] = blue + (paint.blue - blue) * alpha;
    if (hidden && alpha > 0.5) hidden[pixel] = 255;
  } else if (paint.mode === 'multiply') {
    rgb[at] = red * (1 - alpha * (1 - paint.red / 255));
    rgb[at + 1] = green * (1 - alpha * (1 - paint.green / 255));
    rgb[at + 2] = blue * (1 - alpha * (1 - paint.blue / 255));
  } else {
    rgb[at] = Math.min(255, red + paint.red * alpha);
    rgb[at + 1] = Math.min(255, green + paint.green * alpha);
    rgb[at + 2] = Math.min(255, blue + paint.blue * alpha);
  }
}

/** The outline of the smallest convex shape around points given as x and y in turn (Andrew's monotone chain). */
export function convexHull(points: readonly number[]): number[] {
  const sorted: [number, number][] = [];
  for (let i = 0; i < points.length; i += 2) sorted.push([points[i] as number, points[i + 1] as number]);
  sorted.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (order: [number, number][]): [number, number][] => {
    const hull: [number, number][] = [];
    for (const p of order) {
      while (
        hull.length > 1 &&
        turn(hull.at(-2) as [number, number], hull.at(-1) as [number, number], p) <= 0
      ) {
        hull.pop();
      }
      hull.push(p);
    }
    return hull.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())].flat();
}

function turn(
  o: readonly [number, number],
  a: readonly [number, number],
  b: readonly [number, number],
): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}
