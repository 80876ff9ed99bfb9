import './ipc/no-eval.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/cut-edges.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { firstWords } from './i18n/first-words.ts';
import { connectToCore } from './ipc/connect.ts';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no place for the app');
const client = connectToCore();
mount(App, { target, props: { client, language: await firstWords() } });
