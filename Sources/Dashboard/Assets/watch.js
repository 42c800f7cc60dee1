import { showComparison } from './comparison.js';
import { addCopyButtons } from './elements.js';
import { showList } from './list.js';
import { showRun } from './run.js';

/** Makes the page live that the server sent: a list of runs, one run, or runs over each other. */
const { view, run } = document.body.dataset;
addCopyButtons();
if (view === 'list') showList();
if (view === 'run') showRun(run);
if (view === 'comparison') showComparison();
