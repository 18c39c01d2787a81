/** The still with the damage marked: a box, what it is in English and Chinese, and how sure the model is. */
import { type DamageClass, damageClass, type NormalizedBox } from '@roadwatch/contract';
import sharp from 'sharp';

export interface Mark {
  readonly box: NormalizedBox;
  readonly damageClass: DamageClass;
  /** 0 to 1; left out when nothing was found there. */
  readonly score?: number;
}

const COLOUR = '#ffd400';
const INK = '#111';

/** As SVG of the still's size. `chinese`: whether this machine has a font for it. */
export function overlaySvg(
  { width, height }: { readonly width: number; readonly height: number },
  { box, damageClass: name, score }: Mark,
  chinese: boolean,
): string {
  const { en, zh } = damageClass(name);
  const percent = score === undefined ? '' : ` ${Math.round(score * 100)}%`;
  const label = `${chinese ? `${zh} ` : ''}${en}${percent}`;
  const stroke = Math.max(2, Math.round(width / 500));
  const size = Math.max(12, Math.round(width / 60));
  const margin = stroke * 2;
  const x = Math.max(0, box[0] * width - margin);
  const y = Math.max(0, box[1] * height - margin);
  const boxWidth = Math.min(width - x, box[2] * width + 2 * margin);
  const boxHeight = Math.min(height - y, box[3] * height + 2 * margin);
  const labelWidth = Math.min(width, textWidth(label, size) + size);
  const labelHeight = Math.round(size * 1.5);
  const labelX = Math.min(x, width - labelWidth);
  const labelY = y >= labelHeight ? y - labelHeight : Math.min(height - labelHeight, y + boxHeight);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" fill="none" stroke="${INK}" stroke-width="${stroke * 2}"/>
<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" fill="none" stroke="${COLOUR}" stroke-width="${stroke}"/>
<rect x="${labelX}" y="${labelY}" width="${labelWidth}" height="${labelHeight}" fill="${COLOUR}"/>
<text x="${labelX + size / 2}" y="${labelY + size * 1.1}" font-family="'Noto Sans CJK SC','WenQuanYi Zen Hei','DejaVu Sans',sans-serif" font-size="${size}" fill="${INK}">${label}</text>
</svg>`;
}

/** A Chinese character is as wide as it is high, a Latin one a little over half of that. */
function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? size : size * 0.6), 0);
}

let chineseFont: Promise<boolean> | null = null;

/** Whether Chinese can be drawn: without a font every character comes out as the same box, so two that differ look alike. */
export function canDrawChinese(): Promise<boolean> {
  const draw = (text: string): Promise<Buffer> =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="2" y="32" font-size="32">${text}</text></svg>`,
      ),
    )
      .extractChannel(3)
      .raw()
      .toBuffer();
  chineseFont ??= Promise.all([draw('坑'), draw('一')]).then(([a, b]) => !a.equals(b));
  return chineseFont;
}
