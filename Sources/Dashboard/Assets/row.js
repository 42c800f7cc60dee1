import { make, makeSVG, setText } from './elements.js';
import { stateWord } from './status.js';
import {
  agoText, durationText, numberText, percentText, rateText, runAddress, shareDone, timeText,
} from './words.js';

/** The columns, with what they are sorted by; numbers begin with the greatest. */
export const columns = [
  { key: 'name', title: 'Run', value: ({ name }) => name },
  { key: 'state', title: 'State', value: ({ state }) => state },
  { key: 'progress', title: 'Progress', isNumber: true, value: (run) => shareDone(run) },
  { key: 'left', title: 'Time left', value: ({ secondsLeft }) => secondsLeft },
  { key: 'value', title: 'Measure', isNumber: true, value: ({ value }) => value },
  { key: 'seed', title: 'Seed', value: ({ seed }) => seed },
  {
    // All that run change all the time, and would change places.
    key: 'changed', title: 'Changed', isNumber: true,
    value: ({ state, changed }) => (state === 'running' ? Number.MAX_VALUE : changed),
  },
];

/** The most settings shown of a run. */
const mostChips = 6;

/** A run's row of the table. */
export class Row {
  constructor(id, choose) {
    this.check = make('input', { type: 'checkbox', onchange: choose });
    this.folder = make('span', { class: 'faded', hidden: true });
    this.link = make('a', { href: runAddress(id) });
    this.chips = make('div', { class: 'chips' });
    this.reason = make('div', { class: 'reason', hidden: true });
    this.state = make('span', { class: 'state' });
    this.progress = make('progress', { max: 1 });
    this.steps = make('small');
    this.left = make('div');
    this.rate = make('small');
    this.spark = makeSVG('path', {});
    this.value = make('span', { class: 'number' });
    this.measure = make('small');
    this.seed = make('span');
    this.age = make('span');
    const cells = [
      [this.folder, this.link, this.chips, this.reason], [this.state],
      [this.progress, this.steps], [this.left, this.rate],
      [make('div', { class: 'sparkline' }, makeSVG('svg', {
        class: 'spark', viewBox: '0 0 100 24', 'aria-hidden': 'true', preserveAspectRatio: 'none',
      }, this.spark), this.value), this.measure],
      [this.seed], [this.age],
    ];
    this.tr = make(
      'tr', {}, make('td', { class: 'check' }, this.check),
      ...cells.map((content, i) => make('td', { 'data-column': columns[i].key }, ...content)));
  }

  /** Writes what is new of a run. */
  show(run) {
    const json = JSON.stringify(run);
    if (json === this.json) return;
    Object.assign(this, { json, run });
    const settings = run.differences.map(({ key, value }) => `${key} ${value}`);
    this.text = [run.id, stateWord(run.state), run.reason, ...settings].join(' ').toLowerCase();
    this.check.setAttribute('aria-label', `Compare ${run.name}`);
    setText(this.folder, run.group ? `${run.group}/` : '');
    setText(this.link, run.name);
    this.showChips(run.differences);
    setText(this.reason, run.reason);
    this.reason.hidden = !run.reason || run.state === 'running';
    setText(this.state, stateWord(run.state));
    this.state.title = run.reason;
    this.state.dataset.state = run.state;
    this.showProgress(run);
    setText(this.value, numberText(run.value));
    setText(this.measure, run.spark.length ? run.measure : '');
    this.spark.setAttribute('d', sparkPath(run.spark));
    setText(this.seed, String(run.seed ?? '–'));
    this.showAge();
  }

  showProgress(run) {
    const share = shareDone(run);
    this.progress.hidden = share === null;
    this.progress.value = share ?? 0;
    this.progress.setAttribute('aria-label', `Progress of ${run.name}`);
    const steps = run.steps ? `${run.step} of ${run.steps}` : `step ${run.step}`;
    setText(this.steps, share === null ? steps : `${percentText(share)} · ${steps}`);
    setText(this.left, run.state === 'running' ? durationText(run.secondsLeft) : '');
    setText(this.rate, run.state === 'running' ? rateText(run.rate) : '');
  }

  showChips(differences) {
    const text = JSON.stringify(differences);
    if (text === this.chipsText) return;
    this.chipsText = text;
    const names = shortNames(differences.map(({ key }) => key));
    const chips = differences.slice(0, mostChips).map(({ key, value }, i) =>
      make('span', { title: `${key}: ${value}` }, `${names[i]} `, make('b', {}, String(value))));
    const more = differences.length - chips.length;
    this.chips.replaceChildren(...chips, ...(more > 0 ? [make('span', {}, `${more} more`)] : []));
  }

  showFolder(isSeen) {
    const isHidden = !isSeen || !this.run.group;
    if (this.folder.hidden !== isHidden) this.folder.hidden = isHidden;
  }

  /** Writes how long ago the run changed last, which is another time every minute. */
  showAge() {
    const { state, changed, begun } = this.run;
    setText(this.age, state === 'running' ? 'now' : agoText(changed));
    this.age.title = [['begun', begun], ['changed', changed]]
      .filter(([, time]) => Number.isFinite(time))
      .map(([word, time]) => `${word} ${timeText(time)}`).join('\n');
  }
}

/** The shortest endings of dotted names that tell them apart. */
function shortNames(names) {
  return names.map((name) => {
    const parts = name.split('.');
    for (let count = 1; count < parts.length; count += 1) {
      const ending = parts.slice(-count).join('.');
      const isShared = (other) => other !== name && `.${other}`.endsWith(`.${ending}`);
      if (!names.some(isShared)) return ending;
    }
    return name;
  });
}

/** A line through values, 100 wide and 24 high; what is no number is a gap. */
function sparkPath(values) {
  const numbers = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const y = (value) => (high > low ? 22 - (value - low) / (high - low) * 20 : 12).toFixed(1);
  const x = (i) => (i / Math.max(1, values.length - 1) * 98 + 1).toFixed(1);
  return values.map((value, i) => (value === null ? ''
    : `${i > 0 && values[i - 1] !== null ? 'L' : 'M'}${x(i)} ${y(value)}`)).join('');
}
