/** How a unit keeps its times, as it may see for itself. */
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useTexts } from '../../shared/texts/language.ts';

export function UnitFigures() {
  const { unitDesk: texts } = useTexts();
  const api = useApi();
  const { value: figures } = useLoaded(() => api.tickets.figures(), ['ticket'], 'figures');
  if (figures === null) return null;
  const share = ({ inTime, late }: { readonly inTime: number; readonly late: number }): string =>
    inTime + late === 0 ? texts.noFigure : texts.share(inTime, inTime + late);
  return (
    <dl class="unit-figures figures" title={texts.ofLast}>
      <dt>{texts.open}</dt>
      <dd>{figures.open}</dd>
      <dt>{texts.overdue}</dt>
      <dd class={figures.overdue > 0 ? 'late' : ''}>
        {figures.overdue > 0 ? '▲ ' : ''}
        {figures.overdue}
      </dd>
      <dt>{texts.inTime}</dt>
      <dd>{share(figures.response)}</dd>
      <dt>{texts.repairedInTime}</dt>
      <dd>{share(figures.repair)}</dd>
    </dl>
  );
}
