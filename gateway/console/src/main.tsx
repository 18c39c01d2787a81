import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/shell.css';
import './styles/pages.css';
import './styles/account.css';
import './styles/desk.css';
import './styles/queue.css';
import './styles/facts.css';
import './styles/evidence.css';
import './styles/verdicts.css';
import './styles/tickets.css';
import './styles/live.css';
import './styles/admin.css';
import './styles/narrow.css';

render(<App />, document.getElementById('app') as HTMLElement);
