/** The way to the figures, whose charts come with them. */
import { LazyPage } from '../shared/lazy-page.tsx';

/** `month`: of the monthly report; null: the figures. */
export function FiguresPage({ month }: { readonly month: string | null }) {
  return (
    <LazyPage load={() => import('./pages.ts')}>
      {({ Figures, MonthlyReport }) => (month === null ? <Figures /> : <MonthlyReport month={month} />)}
    </LazyPage>
  );
}
