/** The bureau's figures of a period: in all, over time, and by who and where. */
import { FIGURES } from '@roadwatch/contract/api/vocabulary.ts';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { Chart } from './chart.tsx';
import { Definitions } from './definitions.tsx';
import { Groups } from './groups.tsx';
import { PeriodBar } from './period-bar.tsx';
import { GROUPS, type Question, queryOf } from './question.ts';
import { Totals } from './totals.tsx';
import { useQuestion } from './use-question.ts';
import { isEmpty, useReport } from './use-report.ts';

/** Alerts belong to no unit. */
const OF_UNITS = FIGURES.filter((name) => !['received', 'timeToVerdict', 'precision'].includes(name));

export function Figures() {
  const texts = useTexts();
  const language = useLanguage();
  const [question, ask] = useQuestion();
  const time = useReport(queryOf(question, 'time'));
  const empty = time.value !== null && isEmpty(time.value);
  const table = `/api/figures?${queryOf(question, question.by)}&format=csv&lang=${language}`;
  return (
    <section class="page figures-page">
      <header class="bar">
        <h1>{texts.figures.title}</h1>
        <span class="gap" />
        <a class="button" href={at(table)} download>
          {texts.figures.table}
        </a>
        <a class="button" href={at(`/figures/report/${question.from.slice(0, 7)}`)} onClick={follow}>
          {texts.figures.report}
        </a>
      </header>
      <PeriodBar question={question} onAsk={ask} />
      <OnlyNote question={question} onAsk={ask} />
      <LoadedPage
        loaded={time}
        empty={empty}
        none={texts.figures.nothing}
        noneHint={texts.figures.nothingHint}
      >
        {time.value === null ? null : (
          <div class="scroll sheet">
            <Until until={time.value.until} />
            <div class="charts">
              <Chart
                title={texts.figures.counts}
                report={time.value}
                names={['received', 'filed', 'closed']}
              />
              <Chart
                title={texts.figures.shares}
                report={time.value}
                names={['answeredInTime', 'closedOnTime']}
              />
            </div>
            <Totals report={time.value} />
            <GroupTable question={question} onAsk={ask} />
            <Definitions />
          </div>
        )}
      </LoadedPage>
    </section>
  );
}

interface AskProps {
  readonly question: Question;
  readonly onAsk: (question: Question) => void;
}

function GroupTable({ question, onAsk }: AskProps) {
  const texts = useTexts();
  const { by } = question;
  const loaded = useReport(queryOf(question, by));
  // The answer to the question before stands until this one's is there.
  const report = loaded.value?.by === by ? loaded.value : null;
  return (
    <section>
      <header class="bar">
        <h2>{texts.figures.by}</h2>
        <span class="group">
          {GROUPS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === by}
              onClick={() => onAsk({ ...question, by: name })}
            >
              {texts.figures.grouping[name]}
            </button>
          ))}
        </span>
        {by === 'unit' ? <small>{texts.figures.rankingHint}</small> : null}
      </header>
      <LoadedPage
        loaded={{ ...loaded, value: report }}
        empty={report?.rows.length === 0}
        none={texts.figures.noData}
        noneHint={texts.figures.nothingHint}
      >
        {report === null ? null : (
          <Groups
            report={report}
            names={by === 'unit' ? OF_UNITS : FIGURES}
            onChoose={(key) => onAsk({ ...question, only: { ...question.only, [by]: key } })}
          />
        )}
      </LoadedPage>
    </section>
  );
}

/** Of what the figures are alone, and the way back to all. */
function OnlyNote({ question, onAsk }: AskProps) {
  const { figures: texts } = useTexts();
  const names = Object.entries(question.only).map(
    ([group, key]) => `${texts.grouping[group as keyof typeof texts.grouping]} ${key || '–'}`,
  );
  if (names.length === 0) return null;
  return (
    <p class="bar only">
      <strong>{texts.filtered(names.join(', '))}</strong>
      <button type="button" onClick={() => onAsk({ ...question, only: {} })}>
        {texts.all}
      </button>
    </p>
  );
}

/** Says of a period that is not over how far it has come. */
export function Until({ until }: { readonly until: string | null }) {
  const { figures: texts } = useTexts();
  const { shortTime } = useWallClock();
  const api = useApi();
  return until === null ? null : <p class="hint">{texts.unfinished(shortTime(until, api.now()))}</p>;
}
