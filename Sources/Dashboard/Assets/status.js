import { make, setText } from './elements.js';
import { durationText, percentText, shareDone } from './words.js';

const words = {
  connecting: 'connecting …', live: 'live', reconnecting: 'reconnecting …', gone: 'gone',
  finished: 'finished', interrupted: 'interrupted', failed: 'failed', stale: 'stale',
  unreadable: 'unreadable',
};

/** The word for a state, of a run or of the connection. */
export const stateWord = (state) => (state === 'running' ? 'running' : words[state] ?? state);

/** A bar at the window's lower edge: whether the page is live, and how far its training is. */
export class StatusBar {
  constructor() {
    this.word = make('span', { role: 'status' }, words.connecting);
    this.detail = make('span', { class: 'faded' });
    this.bar = make('div', { class: 'status', 'data-state': 'connecting' }, this.word, this.detail);
    document.body.append(this.bar);
    this.title = document.title;
    this.connection = 'connecting';
  }

  /** Tells the connection's state: `live`, `reconnecting` or `gone`. */
  connected(connection) {
    this.connection = connection;
    if (connection === 'gone') document.title = `gone · ${this.title}`;
    this.show();
  }

  /** Tells how far a run is. */
  run(run) {
    const share = shareDone(run);
    const progress = share === null ? `step ${run.step}` : percentText(share);
    this.state = run.state === 'running' ? 'live' : run.state;
    const isKnown = Number.isFinite(run.secondsLeft);
    const left = isKnown ? ` · ${durationText(run.secondsLeft)} left` : '';
    this.note = run.state === 'running' ? progress + left : `step ${run.step}`;
    document.title = `${run.state === 'running' ? progress : stateWord(run.state)} · ${run.name}`;
    this.show();
  }

  /** Tells something of several runs. */
  several(runs) {
    const count = runs.filter((run) => run.state === 'running').length;
    this.state = count > 0 || runs.length === 0 ? 'live'
      : runs.every((run) => run.state === runs[0].state) ? runs[0].state : 'live';
    this.note = count > 0 ? `${count} running` : '';
    document.title = count > 0 ? `${count} running · ${this.title}` : this.title;
    this.show();
  }

  show() {
    const state = this.connection === 'live' ? this.state ?? 'live' : this.connection;
    this.bar.dataset.state = state;
    setText(this.word, words[state] ?? state);
    setText(this.detail, this.connection === 'gone' ? '' : this.note ?? '');
  }
}
