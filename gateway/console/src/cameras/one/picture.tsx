/**
 * The camera's picture with what is drawn on it: road, masks and the smallest boxes. Corners are moved by mouse, finger and arrow keys;
 * what the box has already hidden is hidden here, too, and cannot be touched.
 */
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { CameraDetail } from '@roadwatch/contract/api';
import { useRef, useState } from 'preact/hooks';
import { evidenceUrl } from '../../shared/api/field.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { useCameraTexts } from '../texts/index.ts';
import { moved, pointAt, withCorner, withCornerAfter } from './draft.ts';
import { cornersOf, edgesOf, type Held, nearest } from './handles.ts';

export type Tool = 'road' | 'mask' | 'box' | null;
type Heights = { readonly top: number; readonly bottom: number };

interface Props {
  readonly detail: CameraDetail;
  /** What corners are moved of; null: nothing. */
  readonly tool: Tool;
  readonly road: NormalizedPolygon | null;
  readonly masks: readonly NormalizedPolygon[];
  /** The mask that is being drawn. */
  readonly mask: NormalizedPolygon | null;
  readonly heights: Heights | null;
  /** The corner that was touched last. */
  readonly corner: number | null;
  readonly onCorner: (corner: number) => void;
  readonly onShape: (shape: NormalizedPolygon, step: boolean) => void;
  readonly onHeights: (heights: Heights, step: boolean) => void;
}

/** Of a camera that has not told how large its picture is. */
const USUAL = { width: 1280, height: 720 };
/** In the picture, at which the smallest box is shown. */
const ROWS = [0.02, 0.25, 0.5, 0.75, 0.98];

/** Around a corner, on the screen: a finger is wider than what it points at. */
const FINGER_PX = 24;
const MOUSE_PX = 8;
/** A press that has moved further is a swipe. */
const STILL_PX = 10;

/** What is dragged, how far from its middle it was taken hold of, and whether it has moved yet. */
interface Drag {
  readonly of: Held;
  readonly aside: readonly [x: number, y: number];
  readonly begun: boolean;
}

/** SVG has no button, and its attributes mind their case. */
const HANDLE = { role: 'button', tabindex: 0 } as const;

export function Picture(props: Props) {
  const { detail, tool, road, masks, mask, heights, corner, onCorner, onShape, onHeights } = props;
  const texts = useCameraTexts();
  const language = useLanguage();
  const { width = USUAL.width, height = USUAL.height, picture } = detail;
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  // Where a press beside all corners has begun: browsers make no click of a tap that comes soon after a swipe.
  const pressed = useRef<readonly [x: number, y: number] | null>(null);
  const shape = tool === 'road' ? road : tool === 'mask' ? mask : null;
  const corners = shape === null ? [] : cornersOf(shape, { width, height });
  const edges = tool !== 'box' || heights === null ? [] : edgesOf(heights, { width, height });
  /** In the picture's pixels, how many of which one of the screen is. */
  const place = ({ clientX, clientY }: MouseEvent) => {
    // The picture need not fill its frame.
    const shown = (svg.current as SVGSVGElement).getScreenCTM() as DOMMatrix;
    return { x: (clientX - shown.e) / shown.a, y: (clientY - shown.f) / shown.d, perPixel: 1 / shown.a };
  };
  const grab = (event: PointerEvent): void => {
    if (!event.isPrimary) return;
    const { x, y, perPixel } = place(event);
    const reach = size + (event.pointerType === 'mouse' ? MOUSE_PX : FINGER_PX) * perPixel;
    const handle = nearest([...corners, ...edges], [x, y], reach);
    pressed.current = handle === null ? [event.clientX, event.clientY] : null;
    if (handle === null) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    setDrag({ of: handle.of, aside: [handle.x - x, handle.y - y], begun: false });
    if (typeof handle.of === 'number') onCorner(handle.of);
  };
  const pull = (event: PointerEvent): void => {
    if (drag === null || !event.isPrimary) return;
    const { x, y } = place(event);
    const point = pointAt((x + drag.aside[0]) / width, (y + drag.aside[1]) / height);
    // All moves of a drag are one step.
    const step = !drag.begun;
    if (step) setDrag({ ...drag, begun: true });
    if (typeof drag.of === 'number') {
      if (shape !== null) onShape(shape.with(drag.of, point), step);
    } else if (heights !== null) onHeights({ ...heights, [drag.of]: heightAt(point[1], drag.of) }, step);
  };
  const add = (event: PointerEvent): void => {
    const from = pressed.current;
    pressed.current = null;
    if (shape === null || from === null || !event.isPrimary || event.button !== 0) return;
    if (Math.hypot(event.clientX - from[0], event.clientY - from[1]) > STILL_PX) return;
    const { x, y } = place(event);
    const point = pointAt(x / width, y / height);
    const next = withCorner(shape, point);
    onShape(next, true);
    onCorner(next.indexOf(point));
  };
  const pixels = (polygon: NormalizedPolygon): string =>
    polygon.map(([x, y]) => `${x * width},${y * height}`).join(' ');
  const size = width / 90;
  return (
    <svg
      ref={svg}
      class={tool === null ? 'camera-picture' : 'camera-picture drawing'}
      viewBox={`0 0 ${width} ${height}`}
      role="application"
      aria-label={texts.pictureOf(detail.name[language])}
      onPointerUp={add}
      onPointerCancel={() => {
        pressed.current = null;
      }}
      onPointerDown={grab}
      onPointerMove={pull}
      onLostPointerCapture={() => setDrag(null)}
    >
      {picture === null ? (
        <text x={width / 2} y={height / 2} text-anchor="middle" font-size={width / 32}>
          {texts.noPicture}
        </text>
      ) : (
        <image href={evidenceUrl(picture.sha256)} width={width} height={height} preserveAspectRatio="none" />
      )}
      {masks.map((polygon) => (
        <polygon key={pixels(polygon)} class="mask-area" points={pixels(polygon)} />
      ))}
      {road === null ? null : <polygon class="road-area" points={pixels(road)} />}
      {mask === null ? null : <polygon class="mask-area new" points={pixels(mask)} />}
      {heights === null ? null : <SmallestBoxes heights={heights} size={{ width, height }} />}
      {shape?.map(([x, y], index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: it has the role of a button, which SVG lacks
        <circle
          key={index}
          class={index === corner ? 'corner chosen' : 'corner'}
          cx={x * width}
          cy={y * height}
          r={size}
          {...HANDLE}
          aria-label={texts.corner(index + 1, Math.round(x * 100), Math.round(y * 100))}
          onFocus={() => onCorner(index)}
          onKeyDown={(event) => onCornerKey(event, shape, index, onShape)}
        />
      ))}
      {heights === null
        ? null
        : edges.map(({ of, x, y }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: it has the role of a button, which SVG lacks
            <circle
              key={of}
              class="corner"
              cx={x}
              cy={y}
              r={size}
              {...HANDLE}
              aria-label={texts.smallest[of]}
              onKeyDown={(event) => onHeightKey(event, heights, of, onHeights)}
            />
          ))}
    </svg>
  );
}

function heightAt(y: number, edge: 'top' | 'bottom'): number {
  return Math.round((edge === 'top' ? y : 1 - y) * 10_000) / 10_000;
}

function SmallestBoxes({
  heights: { top, bottom },
  size: { width, height },
}: {
  readonly heights: Heights;
  readonly size: { readonly width: number; readonly height: number };
}) {
  return (
    <>
      {ROWS.map((row) => {
        const side = (top + (bottom - top) * row) * height;
        const y = Math.min(height - side, Math.max(0, row * height - side / 2));
        return <rect key={row} class="smallest" x={(width - side) / 2} y={y} width={side} height={side} />;
      })}
    </>
  );
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const STEP = 0.01;
const FINE_STEP = 0.002;

function onCornerKey(
  event: KeyboardEvent,
  shape: NormalizedPolygon,
  index: number,
  onShape: Props['onShape'],
): void {
  const arrow = ARROWS[event.key];
  const by = event.shiftKey ? FINE_STEP : STEP;
  if (arrow !== undefined) onShape(moved(shape, index, [arrow[0] * by, arrow[1] * by]), true);
  else if (event.key === 'Delete' || event.key === 'Backspace') onShape(shape.toSpliced(index, 1), true);
  else if (event.key === 'Enter' || event.key === 'Insert') onShape(withCornerAfter(shape, index), true);
  else return;
  event.preventDefault();
}

function onHeightKey(
  event: KeyboardEvent,
  heights: Heights,
  edge: 'top' | 'bottom',
  onHeights: Props['onHeights'],
): void {
  const arrow = ARROWS[event.key];
  if (arrow === undefined) return;
  event.preventDefault();
  // Up and right are larger.
  const by = (arrow[0] - arrow[1]) * (event.shiftKey ? 0.0005 : 0.0025);
  const height = Math.min(1, Math.max(0, Math.round((heights[edge] + by) * 10_000) / 10_000));
  onHeights({ ...heights, [edge]: height }, true);
}
