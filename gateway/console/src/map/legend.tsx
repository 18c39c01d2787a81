/** What the signs of the map mean. */
import { useTexts } from '../shared/texts/language.ts';

const SIGNS = ['pothole', 'other', 'ticket', 'overdue', 'seeing', 'dim', 'blind', 'cone'] as const;

export function Legend() {
  const { map: texts } = useTexts();
  return (
    <details class="map-legend">
      <summary>{texts.legend}</summary>
      <ul>
        {SIGNS.map((sign) => (
          <li key={sign}>
            <Sign sign={sign} />
            {texts.signs[sign]}
          </li>
        ))}
      </ul>
    </details>
  );
}

const DRAWN: Readonly<Record<(typeof SIGNS)[number], string>> = {
  pothole: 'M10 19C8 15 4 13 4 8a6 6 0 0 1 12 0c0 5-4 7-6 11z',
  other: 'M10 19C8 15 4 13 4 8a6 6 0 0 1 12 0c0 5-4 7-6 11z',
  ticket: 'M5 2h10a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z',
  overdue: 'M5 2h10a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z',
  seeing: 'M10 5a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  dim: 'M10 3l7 7-7 7-7-7z',
  blind: 'M10 3l8 14H2z',
  cone: 'M2 10L18 3v14z',
};

function Sign({ sign }: { readonly sign: (typeof SIGNS)[number] }) {
  return (
    <svg class={`sign sign-${sign}`} viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path d={DRAWN[sign]} />
    </svg>
  );
}
