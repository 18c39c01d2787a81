import { render } from 'preact';
import { WallApp } from './wall-app.tsx';
import '../styles/base.css';
import '../styles/map.css';
import '../styles/wall.css';

document.documentElement.dataset.theme = 'dark';
render(<WallApp />, document.getElementById('wall') as HTMLElement);
