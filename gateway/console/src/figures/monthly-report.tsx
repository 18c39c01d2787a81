/** The monthly report (月度通报): what a bureau prints, reads out and files; on paper as on the screen. */
import type { FigureName } from '@roadwatch/contract/api';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { follow, navigate } from '../shared/route/route.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { Chart } from './chart.tsx';
import { Definitions } from './definitions.tsx';
import { Until } from './figures.tsx';
import { Groups } from './groups.tsx';
import { monthOf, queryOf } from './question.ts';
import { Totals } from './totals.tsx';
import { useToday } from './use-question.ts';
import { isEmpty, useReport } from './use-report.ts';

const OF_UNITS: readonly FigureName[] = [
  'dispatched',
  'closed',
  'answeredInTime',
  'closedOnTime',
  'extended',
  'reworked',
];
const OF_CLASSES: readonly FigureName[] = [
  'received',
  'filed',
  'precision',
  'closedOnTime',
  'recurred',
  'timeToRepair',
];
const OF_CAMERAS: readonly FigureName[] = ['received', 'filed', 'precision', 'cameraProven'];
const MOST_CAMERAS = 20;

/** `month`: as `2026-11`; anything else is the present one. */
export function MonthlyReport({ month }: { readonly month: string }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { shortTime, fullDay } = useWallClock();
  const today = useToday();
  const span = monthOf(/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(month) ? `${month}-01` : today);
  const question = { ...span, each: 'day', by: 'unit', only: {} } as const;
  const time = useReport(queryOf(question, 'time'));
  const units = useReport(queryOf(question, 'unit'));
  const classes = useReport(queryOf(question, 'class'));
  const cameras = useReport(queryOf(question, 'camera'));
  const name = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(span.from),
  );
  const now = api.now();
  return (
    <section class="page figures-page report">
      <header class="bar no-print">
        <a class="button" href={at('/figures')} onClick={follow}>
          {texts.figures.backToFigures}
        </a>
        <input
          type="month"
          aria-label={texts.figures.report}
          value={span.from.slice(0, 7)}
          onChange={({ currentTarget: { value } }) =>
            value !== '' && navigate(at(`/figures/report/${value}`))
          }
        />
        <button type="button" class="primary" onClick={() => window.print()}>
          {texts.figures.print}
        </button>
      </header>
      <div class="scroll sheet">
        <h1>{texts.figures.reportTitle(name)}</h1>
        <p class="hint">
          {texts.figures.reportOf(span.from, span.to)} · {texts.figures.zone(api.session.timeZone)} ·{' '}
          {texts.figures.madeAt(`${fullDay(now)} ${shortTime(now, now).slice(0, 5)}`)}
        </p>
        <LoadedPage
          loaded={time}
          empty={time.value !== null && isEmpty(time.value)}
          none={texts.figures.nothing}
          noneHint={texts.figures.reportOf(span.from, span.to)}
        >
          {time.value === null ? null : (
            <>
              <Until until={time.value.until} />
              <Totals report={time.value} />
              <div class="charts">
                <Chart
                  title={texts.figures.counts}
                  report={time.value}
                  names={['received', 'filed', 'closed']}
                />
              </div>
              <h2>{texts.figures.ranking}</h2>
              <p class="hint">{texts.figures.rankingHint}</p>
              {units.value === null ? null : (
                <Groups report={units.value} names={OF_UNITS} compared="closedOnTime" />
              )}
              <h2>{texts.figures.byClass}</h2>
              {classes.value === null ? null : <Groups report={classes.value} names={OF_CLASSES} />}
              <h2>{texts.figures.byCamera}</h2>
              {cameras.value === null ? null : (
                <Groups report={cameras.value} names={OF_CAMERAS} most={MOST_CAMERAS} />
              )}
            </>
          )}
        </LoadedPage>
        <Definitions />
      </div>
    </section>
  );
}
