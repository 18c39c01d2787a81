/** Figures over time: a chart for the eye, and the same as a table for whoever cannot use it. */
import type { FigureName, FigureReport } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { figureText } from './value.ts';

interface Props {
  readonly title: string;
  readonly report: FigureReport;
  readonly names: readonly FigureName[];
}

const HEIGHT = 220;
/** Told apart by their dashes too, not by colour alone. */
const LINES = [
  { color: '--accent', dash: [] },
  { color: '--warn', dash: [8, 4] },
  { color: '--good', dash: [2, 4] },
] as const;

export function Chart({ title, report, names }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const key = names.join();
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const tone = (name: string) => getComputedStyle(element).getPropertyValue(name) || '#888';
    const share = FIGURE_TEXTS[names[0] as FigureName].kind === 'share';
    const label = (value: number | null | undefined, name: FigureName): string =>
      figureText(name, { value: value ?? null }, language, texts) ?? texts.figures.noData;
    const axis = {
      stroke: () => tone('--dim'),
      grid: { stroke: () => tone('--line'), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        // Days as numbers: midnight in UTC stands for the day of the city, so that no zone of a screen shifts it.
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: { y: { range: (_plot, _least, most) => [0, share ? 1 : Math.max(1, most * 1.1)] } },
        axes: [
          {
            ...axis,
            values: (_plot, marks) => marks.map((at) => new Date(at * 1000).toISOString().slice(5, 10)),
          },
          {
            ...axis,
            size: 56,
            // There is no half an alert.
            values: (_plot, marks) =>
              marks.map((at) => (share || Number.isInteger(at) ? label(at, names[0] as FigureName) : '')),
          },
        ],
        series: [
          {
            label: texts.figures.part[report.each],
            value: (_plot, at) => (at === null ? '' : new Date(at * 1000).toISOString().slice(0, 10)),
          },
          ...names.map((name, at) => {
            const { color, dash } = LINES[at % LINES.length] as (typeof LINES)[number];
            return {
              label: FIGURE_TEXTS[name].name[language],
              stroke: () => tone(color),
              dash: [...dash],
              width: 2,
              points: { show: report.rows.length < 40 },
              value: (_plot: uPlot, value: number | null, _line: number, at: number | null) =>
                at === null ? '' : label(value, name),
            };
          }),
        ],
      },
      [
        report.rows.map((row) => Date.parse(row.key) / 1000),
        ...names.map((name) => report.rows.map((row) => row.figures[name].value)),
      ],
      element,
    );
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    // The colours of paper and of the other theme are others.
    const redraw = (): void => plot.redraw();
    const media = ['print', '(prefers-color-scheme: dark)'].map((query) => matchMedia(query));
    for (const each of media) each.addEventListener('change', redraw);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      fit.disconnect();
      theme.disconnect();
      for (const each of media) each.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [report, key, language, texts]);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={frame} aria-hidden="true" />
      <details>
        <summary>{texts.figures.chartTable}</summary>
        <table>
          <thead>
            <tr>
              <th>{texts.figures.part[report.each]}</th>
              {names.map((name) => (
                <th key={name}>{FIGURE_TEXTS[name].name[language]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.rows.map((row) => (
              <tr key={row.key}>
                <td class="figures">{row.key}</td>
                {names.map((name) => (
                  <td key={name} class="figures">
                    {figureText(name, row.figures[name], language, texts) ?? texts.figures.noData}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
