/** The figures of each unit, class, area or camera beside each other; of units with their rank. */
import type { FigureName, FigureReport, FigureRow } from '@roadwatch/contract/api';
import { FIGURES } from '@roadwatch/contract/api/vocabulary.ts';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { Change } from './totals.tsx';
import { figureText } from './value.ts';

interface Props {
  readonly report: FigureReport;
  /** Which columns; all when left out. */
  readonly names?: readonly FigureName[];
  /** With how the first share has changed since the period before and the year before. */
  readonly compared?: FigureName;
  readonly most?: number;
  readonly onChoose?: (key: string) => void;
}

export function Groups({ report, names = FIGURES, compared, most = report.rows.length, onChoose }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const ranked = report.by === 'unit';
  const rows = report.rows.slice(0, most);
  const rest = report.omitted + report.rows.length - rows.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a pointer it is scrolled by keys only where it has the focus (WCAG 2.1.1) */}
      <div class="wide" tabIndex={0}>
        <table class="groups">
          <thead>
            <tr>
              {ranked ? <th class="number">{texts.figures.rank}</th> : null}
              <th>{texts.figures.name}</th>
              {names.map((name) => (
                <th key={name} class="number" title={FIGURE_TEXTS[name].meaning[language]}>
                  {FIGURE_TEXTS[name].name[language]}
                </th>
              ))}
              {compared === undefined ? null : (
                <>
                  <th class="number">{texts.figures.before}</th>
                  <th class="number">{texts.figures.yearBefore}</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} data-key={row.key}>
                {ranked ? <td class="number">{row.rank ?? '–'}</td> : null}
                <th scope="row">{nameOf(row)}</th>
                {names.map((name) => (
                  <td key={name} class="number">
                    {figureText(name, row.figures[name], language, texts) ?? '–'}
                  </td>
                ))}
                {compared === undefined ? null : (
                  <>
                    <Since row={row} name={compared} then="before" />
                    <Since row={row} name={compared} then="yearBefore" />
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 ? <p class="hint">{texts.figures.omitted(rest)}</p> : null}
    </>
  );

  function nameOf({ key, name }: FigureRow) {
    if (onChoose === undefined) return name[language];
    return (
      <button type="button" class="quiet" onClick={() => onChoose(key)}>
        {name[language]}
      </button>
    );
  }
}

function Since({ row, name, then }: { row: FigureRow; name: FigureName; then: 'before' | 'yearBefore' }) {
  const earlier = row[then];
  return (
    <td class="number">
      {earlier === null ? '–' : <Change name={name} now={row.figures[name]} then={earlier[name]} />}
    </td>
  );
}
