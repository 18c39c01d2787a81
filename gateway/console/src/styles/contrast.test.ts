/** WCAG 2.2, 1.4.3: text has a contrast of at least 4.5 to 1 to what it stands on, in light and in dark. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('base.css', import.meta.url), 'utf8');

function tone(name: string, theme: 'light' | 'dark'): string {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const single = new RegExp(`--${name}: (#\\w{6});`).exec(css)?.[1];
  const found = pair?.[theme === 'light' ? 1 : 2] ?? single;
  if (found === undefined) throw new Error(`base.css has no --${name}`);
  return found;
}

/** WCAG 2.2, relative luminance of sRGB. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = ['text', 'dim', 'accent', 'good', 'warn', 'bad'];
const GROUNDS = ['ground', 'panel', 'raised', 'selected'];
const PAIRS = [
  ...TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ['on-accent', 'accent-strong'] as const,
  ['on-accent', 'bad-ground'] as const,
  ['on-stage', 'stage'] as const,
];

test.each(PAIRS)('%s can be read on %s', (text, ground) => {
  for (const theme of ['light', 'dark'] as const)
    expect(contrast(tone(text, theme), tone(ground, theme)), theme).toBeGreaterThanOrEqual(4.5);
});
