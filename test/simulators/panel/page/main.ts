import '../../../../renderer/ipc/no-eval.ts';
import '../../../../renderer/theme/tokens.css';
import '../../../../renderer/theme/base.css';
import { mount } from 'svelte';
import Panel from './Panel.svelte';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no place for the panel');
mount(Panel, { target });
