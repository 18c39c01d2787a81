/** What is loaded together, and only there: the pages of the figures with their charts and styles. */
import './figures.css';

export { Figures } from './figures.tsx';
export { MonthlyReport } from './monthly-report.tsx';
