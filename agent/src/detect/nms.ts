/** Non-maximum suppression: of boxes of one class that lie on each other, the best one stays. */
import type { PixelBox } from './box.ts';

/** Greedy, per class, highest score first; boxes whose IoU with a kept one is above `iou` go. */
export function suppress(boxes: readonly PixelBox[], iou: number): PixelBox[] {
  const kept: PixelBox[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    const covered = kept.some((better) => better.classIndex === box.classIndex && overlap(better, box) > iou);
    if (!covered) kept.push(box);
  }
  return kept;
}

function overlap(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: PixelBox): number => (box.x2 - box.x1) * (box.y2 - box.y1);
  return (width * height) / (area(a) + area(b) - width * height);
}
