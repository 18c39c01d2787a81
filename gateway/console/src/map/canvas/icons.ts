/** The signs on the map, drawn once for each colour: their shapes differ too, so that nothing rests on colour alone. */
import type { Colours } from './colours.ts';

/** Finer than most screens, so that signs are sharp on all. */
const RATIO = 3;

export interface Icon {
  readonly name: string;
  readonly image: ImageData;
  readonly pixelRatio: number;
}

export function icons(colours: Colours): readonly Icon[] {
  return [
    icon('camera-good', 18, (to) => ring(to, colours['map-camera'], colours.panel)),
    icon('camera-warn', 20, (to) => diamond(to, colours.warn, colours.panel)),
    icon('camera-bad', 20, (to) => triangle(to, colours.bad, colours.panel)),
    icon('alert-pothole', 40, (to) => pin(to, colours.bad, colours.panel)),
    icon('alert-other', 40, (to) => pin(to, colours.warn, colours.panel)),
    icon('ticket-calm', 30, (to) => order(to, colours.accent, colours.panel)),
    icon('ticket-soon', 30, (to) => order(to, colours.warn, colours.panel)),
    icon('ticket-late', 30, (to) => order(to, colours.bad, colours.panel)),
  ];
}

function icon(name: string, size: number, draw: (to: CanvasRenderingContext2D) => void): Icon {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * RATIO;
  const to = canvas.getContext('2d') as CanvasRenderingContext2D;
  // Every sign is drawn on a square of 100.
  to.scale((size * RATIO) / 100, (size * RATIO) / 100);
  to.lineJoin = 'round';
  draw(to);
  return { name, image: to.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: RATIO };
}

function outlined(to: CanvasRenderingContext2D, fill: string, edge: string, width: number): void {
  to.strokeStyle = edge;
  to.lineWidth = width;
  to.stroke();
  to.fillStyle = fill;
  to.fill();
}

function ring(to: CanvasRenderingContext2D, colour: string, edge: string): void {
  to.beginPath();
  to.arc(50, 50, 32, 0, 2 * Math.PI);
  outlined(to, colour, edge, 26);
  to.beginPath();
  to.arc(50, 50, 12, 0, 2 * Math.PI);
  to.fillStyle = edge;
  to.fill();
}

function diamond(to: CanvasRenderingContext2D, colour: string, edge: string): void {
  to.beginPath();
  for (const [x, y] of [
    [50, 10],
    [90, 50],
    [50, 90],
    [10, 50],
  ] as const)
    to.lineTo(x, y);
  to.closePath();
  outlined(to, colour, edge, 18);
}

function triangle(to: CanvasRenderingContext2D, colour: string, edge: string): void {
  to.beginPath();
  for (const [x, y] of [
    [50, 10],
    [90, 84],
    [10, 84],
  ] as const)
    to.lineTo(x, y);
  to.closePath();
  outlined(to, colour, edge, 18);
}

/** Its tip is at the bottom, in the middle. */
function pin(to: CanvasRenderingContext2D, colour: string, edge: string): void {
  to.beginPath();
  to.moveTo(50, 96);
  to.bezierCurveTo(40, 74, 18, 64, 18, 38);
  to.arc(50, 38, 32, Math.PI, 2 * Math.PI);
  to.bezierCurveTo(82, 64, 60, 74, 50, 96);
  to.closePath();
  outlined(to, colour, edge, 9);
  to.fillStyle = edge;
  to.fillRect(45, 18, 10, 26);
  to.beginPath();
  to.arc(50, 55, 6, 0, 2 * Math.PI);
  to.fill();
}

/** A sheet with what is to be done. */
function order(to: CanvasRenderingContext2D, colour: string, edge: string): void {
  to.beginPath();
  to.roundRect(16, 10, 68, 80, 14);
  outlined(to, colour, edge, 12);
  to.fillStyle = edge;
  for (const [y, width] of [
    [30, 40],
    [46, 40],
    [62, 24],
  ] as const)
    to.fillRect(30, y, width, 7);
}
