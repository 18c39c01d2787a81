/** A small line chart as SVG: for the figures that are a curve. */

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Axes {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** A level that matters, drawn dashed. */
  readonly mark?: { readonly y: number; readonly name: string };
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 56;
const RIGHT = 16;
const TOP = 40;
const BOTTOM = 48;
const COLOURS = ['#1f6feb', '#d1570a', '#2a8a3e'];
const TICKS = 5;

export function lineChart({ title, x, y, mark }: Axes, curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const right = Math.max(...points.map(([at]) => at));
  const top = Math.max(mark?.y ?? 0, ...points.map(([, value]) => value)) * 1.08;
  const toX = (at: number): number => LEFT + (at / right) * (WIDTH - LEFT - RIGHT);
  const toY = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const text = (at: number, level: number, words: string, anchor = 'middle', colour = '#444'): string =>
    `<text x="${at.toFixed(1)}" y="${level.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${words}</text>`;
  const line = (from: readonly [number, number], to: readonly [number, number], style: string): string =>
    `<line x1="${from[0].toFixed(1)}" y1="${from[1].toFixed(1)}" x2="${to[0].toFixed(1)}" y2="${to[1].toFixed(1)}" ${style}/>`;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (top * i) / TICKS).flatMap((value) => [
    line([LEFT, toY(value)], [WIDTH - RIGHT, toY(value)], 'stroke="#ddd"'),
    text(LEFT - 6, toY(value) + 4, value.toFixed(top < 10 ? 1 : 0), 'end'),
  ]);
  const places = [...new Set(points.map(([at]) => at))].map((at) =>
    text(toX(at), HEIGHT - BOTTOM + 16, String(at)),
  );
  const drawn = curves.flatMap(({ name, points: own }, i) => {
    const colour = COLOURS[i % COLOURS.length] as string;
    const path = own.map(([at, value]) => `${toX(at).toFixed(1)},${toY(value).toFixed(1)}`);
    return [
      `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...own.map(
        ([at, value]) =>
          `<circle cx="${toX(at).toFixed(1)}" cy="${toY(value).toFixed(1)}" r="3" fill="${colour}"/>`,
      ),
      text(LEFT + 8 + i * 150, TOP - 8, name, 'start', colour),
    ];
  });
  const marked =
    mark === undefined
      ? []
      : [
          line([LEFT, toY(mark.y)], [WIDTH - RIGHT, toY(mark.y)], 'stroke="#b00" stroke-dasharray="6 4"'),
          text(WIDTH - RIGHT, toY(mark.y) - 5, mark.name, 'end', '#b00'),
        ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 18, title),
    ...ticks,
    ...places,
    ...marked,
    ...drawn,
    text((LEFT + WIDTH) / 2, HEIGHT - 10, x),
    `<text transform="translate(14 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle" fill="#444">${y}</text>`,
    '</svg>\n',
  ].join('\n');
}
