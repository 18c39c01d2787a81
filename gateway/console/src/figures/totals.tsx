/** Every figure of the whole period, with what it is reckoned from and how it stood before. */
import type { Figure, FigureName, FigureReport } from '@roadwatch/contract/api';
import { FIGURES } from '@roadwatch/contract/api/vocabulary.ts';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { changeOf, figureText } from './value.ts';

export function Totals({ report: { total, before, yearBefore } }: { readonly report: FigureReport }) {
  const texts = useTexts();
  const language = useLanguage();
  const days = (span: { from: string; to: string }): string => texts.figures.reportOf(span.from, span.to);
  return (
    <table class="totals">
      <thead>
        <tr>
          <th>{texts.figures.figure}</th>
          <th class="number">{texts.figures.value}</th>
          <th class="number" title={days(before)}>
            {texts.figures.before}
          </th>
          <th class="number">{texts.figures.change}</th>
          <th class="number" title={days(yearBefore)}>
            {texts.figures.yearBefore}
          </th>
          <th class="number">{texts.figures.change}</th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map((name) => {
          const now = total.figures[name];
          return (
            <tr key={name} title={FIGURE_TEXTS[name].meaning[language]} data-figure={name}>
              <th scope="row">{FIGURE_TEXTS[name].name[language]}</th>
              <td class="number value">
                <Value name={name} figure={now} />
              </td>
              <Compared name={name} now={now} then={total.before?.[name]} />
              <Compared name={name} now={now} then={total.yearBefore?.[name]} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface ValueProps {
  readonly name: FigureName;
  readonly figure: Figure;
}

/** A share and a median stand beside what they are reckoned from. */
function Value({ name, figure }: ValueProps) {
  const texts = useTexts();
  const language = useLanguage();
  const text = figureText(name, figure, language, texts);
  if (text === null) return <span class="none">{texts.figures.noData}</span>;
  if (FIGURE_TEXTS[name].kind === 'count') return <>{text}</>;
  return (
    <>
      {text} <small>{texts.figures.of(new Intl.NumberFormat(language).format(figure.of))}</small>
    </>
  );
}

interface ComparedProps {
  readonly name: FigureName;
  readonly now: Figure;
  readonly then: Figure | undefined;
}

function Compared({ name, now, then = { value: null, of: 0 } }: ComparedProps) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <>
      <td class="number">{figureText(name, then, language, texts) ?? '–'}</td>
      <td class="number">
        <Change name={name} now={now} then={then} />
      </td>
    </>
  );
}

export function Change({ name, now, then }: { name: FigureName; now: Figure; then: Figure }) {
  const texts = useTexts();
  const change = changeOf(name, now, then, useLanguage(), texts);
  return change === null ? <>–</> : <span class={`change ${change.tone}`}>{change.text}</span>;
}
