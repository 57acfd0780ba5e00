import './api/no-eval';
import './ui/tokens.css';
import { mount } from 'svelte';
import { connect } from './api/client';
import { chooseTransport } from './api/choose-transport';
import { loadWords } from './api/words';
import App from './app.svelte';
import { AppState } from './state/app-state.svelte';
import { ViewState } from './state/view.svelte';
import { WordsState } from './state/words.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('no #app');

const app = new AppState(connect(chooseTransport()));
app.start();
// What the browser prefers, until main has said what the settings are.
const words = new WordsState(await loadWords(navigator.language.startsWith('ko') ? 'ko' : 'en'));
mount(App, { target, props: { app, words, view: new ViewState() } });
