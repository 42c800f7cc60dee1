import { Board } from './board.js';
import { appendNews, Curve } from './curve.js';
import { fill, make, part, setText } from './elements.js';
import { Feed, fetchJSON } from './feed.js';
import { Player, showPicture } from './player.js';
import { stateWord, StatusBar } from './status.js';
import { pictureAddress, runAddress, stepText } from './words.js';

/** Streams of events at a time: browsers allow six connections, and pictures need some. */
const mostStreams = 4;
/** Milliseconds between looks at runs without a stream: at those that go on, and at others. */
const [period, longPeriod] = [5000, 60000];

/** The most letters of a group's name in a legend. */
const longestLabel = 40;

/** Makes the page live that shows runs over each other. */
export async function showComparison() {
  const bar = new StatusBar();
  let comparison;
  try {
    comparison = await fetchJSON(`/compare.json${location.search}`);
  } catch {
    return bar.connected('gone');
  }
  const { runs, groups, charts } = comparison;
  /** What is known of each run: `{run, curves, samples, step, isDrawing}`, and its `connection`. */
  const known = new Map(runs.map((run) => [run.id, { run, curves: {}, samples: [], step: -1 }]));
  const board = new Board(part('curves'), groups.some(({ runs }) => runs.length > 1));
  const pictures = new Pictures(part('samples'), runs);
  const show = () => {
    board.show(chartsOf(charts, groups, known));
    pictures.show([...known.values()]);
    const all = [...known.values()].map(({ run }) => run);
    bar.several(all);
    showStates(part('state'), all);
  };
  const tell = () => {
    const all = [...known.values()].map(({ connection }) => connection);
    const worst = ['reconnecting', 'live'].find((one) => all.includes(one));
    bar.connected(all.includes(undefined) ? 'connecting' : worst ?? 'gone');
  };
  let streams = 0;
  for (const [id, one] of known) {
    const hasStream = one.run.state === 'running' && streams < mostStreams;
    if (hasStream) streams += 1;
    new Feed({
      load: async () => {
        const answer = await fetchJSON(runAddress(id, 'run.json'));
        const curves = Object.entries(answer.curves).map(([name, one]) => [name, new Curve(one)]);
        Object.assign(one, answer, { curves: Object.fromEntries(curves) });
        show();
      },
      period: () => (one.run.state === 'running' ? period : longPeriod),
      address: hasStream ? () => `${runAddress(id, 'events')}?after=${one.step}` : null,
      events: {
        points: (news) => {
          one.step = news.step;
          appendNews(one.curves, news, true);
          show();
        },
        state: ({ run }) => { one.run = run; show(); },
        samples: ({ samples }) => { one.samples = samples; show(); },
      },
      tell: (connection) => { one.connection = connection; tell(); },
    });
  }
}

/** One chart a metric, one colour a group: the mean of its runs, their deviation, and each run. */
function chartsOf(charts, groups, known) {
  const lines = charts.flatMap((chart) => chart.lines.map((line) => ({ chart, ...line })));
  const isFirst = ({ metric }, i) => lines.findIndex((one) => one.metric === metric) === i;
  return lines.filter(isFirst).map(({ chart, metric, label }) => ({
    name: metric, axis: chart.axis, smoothed: chart.smoothed,
    title: chart.lines.length > 1 ? `${chart.title}: ${label}` : chart.title,
    series: groups.flatMap((group, colour) => {
      const each = group.runs.map((id) => known.get(id))
        .filter((one) => one?.curves[metric]?.length > 0)
        .map(({ run, curves }) => ({
          key: `group ${colour}`, label: run.name, colour, curve: curves[metric], isThin: true,
        }));
      const main = {
        key: `group ${colour}`, label: groupName(group, known), note: group.label, colour,
      };
      if (group.runs.length === 1) {
        return each.map(({ curve }) => ({ ...main, curve }));
      }
      if (each.length < 2) return each;
      const mean = Curve.meanOf(each.map(({ curve }) => curve));
      return [...each, { ...main, curve: mean, isMean: true }];
    }),
  })).filter(({ series }) => series.length > 0);
}

/** A group's label; of one too long for a legend, what the names of its runs begin with. */
function groupName({ label, runs }, known) {
  if (label.length <= longestLabel) return label;
  const names = runs.map((id) => known.get(id)?.run.name ?? id);
  let [common] = names;
  while (!names.every((name) => name.startsWith(common))) common = common.slice(0, -1);
  return runs.length > 1 ? `${common}… (${runs.length} runs)` : common;
}

/** Says of each run how far it is. */
function showStates(place, runs) {
  place.replaceChildren(...runs.flatMap(({ id, state, step }, i) => [
    i > 0 ? ' · ' : '', make('a', { href: runAddress(id) }, id),
    ` ${stateWord(state)} at step ${step}`,
  ]));
}

/** Samples of runs side by side, at one step or shortly before it. */
class Pictures {
  constructor(place, runs) {
    this.place = place;
    this.player = new Player({
      label: 'Step of the samples', pause: 900, show: (index) => this.go(this.player.steps[index]),
    });
    this.figures = new Map(runs.map(({ id, name }) => {
      const [image, note] = [make('img', { alt: '' }), make('small', { class: 'faded' })];
      return [id, {
        image, note, figure: make('figure', {}, make('figcaption', {}, `${name} `, note), image),
      }];
    }));
  }

  /** Shows what is known of all runs. */
  show(all) {
    this.all = all.filter(({ samples }) => samples.length > 0);
    const steps = this.all.flatMap(({ samples }) => samples.map(({ step }) => step));
    const sorted = [...new Set(steps)].sort((a, b) => a - b);
    if (sorted.length === 0) return;
    if (!this.player.element.isConnected) {
      fill(this.place, [this.player.element, make(
        'div', { class: 'figures samples' },
        ...[...this.figures.values()].map(({ figure }) => figure))]);
    }
    for (const { run, samples } of all) {
      this.figures.get(run.id).figure.hidden = samples.length === 0;
    }
    this.player.setSteps(sorted);
  }

  go(step) {
    for (const { run, samples, isDrawing } of this.all) {
      const { image, note } = this.figures.get(run.id);
      const sample = samples.findLast((one) => one.step <= step) ?? samples[0];
      image.className = isDrawing ? 'drawing' : 'photo';
      setText(note, stepText(sample.step));
      showPicture(
        image, pictureAddress(run.id, sample.path), `${run.name}, ${stepText(sample.step)}`);
    }
  }
}
