/** The map's colours, which are those of the page: read from its styles, in its light or dark, since a canvas knows no variables. */

const NAMES = [
  'map-ground',
  'map-land',
  'map-water',
  'map-green',
  'map-road',
  'map-road-edge',
  'map-line',
  'map-label',
  'map-camera',
  'map-area',
  'panel',
  'text',
  'accent',
  'good',
  'warn',
  'bad',
] as const;
type ColourName = (typeof NAMES)[number];
export type Colours = Readonly<Record<ColourName, string>>;

/** As `rgb(...)`: the browser has chosen between light and dark by then. */
export function readColours(): Colours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const read = (name: ColourName): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Record<ColourName, string>;
  probe.remove();
  return colours;
}

/** Calls when light becomes dark or dark light, until the returned function is called. */
export function onColoursChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  system.addEventListener('change', changed);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', changed);
  };
}
