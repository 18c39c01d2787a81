import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/frame.css';
import './styles/desk.css';
import './styles/field.css';

render(<App />, document.getElementById('app') as HTMLElement);
