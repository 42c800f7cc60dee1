import { Animation } from './animation.js';
import { Board } from './board.js';
import { appendNews, Curve } from './curve.js';
import { arrange, make, part, setText } from './elements.js';
import { Feed, fetchJSON } from './feed.js';
import { Histograms } from './histograms.js';
import { Samples } from './samples.js';
import { StatusBar } from './status.js';
import { runAddress } from './words.js';

/** Makes the page of one run live. */
export function showRun(id) {
  const bar = new StatusBar();
  const board = new Board(part('curves'));
  const samples = new Samples(part('samples'), id);
  const animation = new Animation(part('animation'), id, board);
  const histograms = new Histograms(part('histograms'), id);
  /** Metrics without a curve that the server was asked about. */
  const unknown = new Set();
  let [charts, curves, last] = [[], {}, -1];

  const showState = ({ run, words, tiles }) => {
    bar.run(run);
    setText(part('state'), words);
    showTiles(part('tiles'), tiles);
    histograms.isRunning = run.state === 'running';
  };

  const load = async () => {
    const answer = await fetchJSON(runAddress(id, 'run.json'));
    charts = answer.charts;
    curves = Object.fromEntries(
      Object.entries(answer.curves).map(([metric, pieces]) => [metric, new Curve(pieces)]));
    if (answer.step < last) animation.restart();
    last = answer.step;
    showState(answer);
    board.show(charts.map((chart) => chartOf(chart, curves)));
    samples.show(answer.samples, answer.isDrawing);
    animation.show(answer.hasFrames);
    histograms.show(answer.hasHistograms, answer.run.state === 'running');
  };

  const feed = new Feed({
    load,
    address: () => `${runAddress(id, 'events')}?after=${last}`,
    events: {
      points: (news) => {
        last = news.step;
        const strangers = appendNews(curves, news).filter((name) => !unknown.has(name));
        strangers.forEach((name) => unknown.add(name));
        if (strangers.length > 0) feed.open();
        else board.draw();
      },
      state: showState,
      samples: (news) => samples.show(news.samples),
      frames: () => animation.follow(),
    },
    tell: (connection) => {
      bar.connected(connection);
      if (connection !== 'gone') return;
      setText(part('state'), 'This run is gone: its folder was removed.');
    },
  });
}

/** A chart of a board, with those of its lines that have a curve. */
export function chartOf({ name, title, axis, smoothed, lines }, curves) {
  const series = lines.filter(({ metric }) => curves[metric]).map(({ label, metric }, index) =>
    ({ key: metric, label, colour: index, curve: curves[metric] }));
  return { name, title, axis, smoothed, series };
}

/** Writes the tiles, and touches none that stays as it is. */
function showTiles(list, tiles) {
  const old = new Map([...list.children].map((tile) =>
    [tile.querySelector('dt')?.textContent.trim(), tile]));
  arrange(list, tiles.map(({ name, value, note }) => {
    const tile = old.get(name) ?? make('div', {}, make('dt', {}, name), make('dd'));
    const shown = tile.querySelector('dd');
    if (shown.dataset.shown !== `${value} ${note}`) {
      shown.dataset.shown = `${value} ${note}`;
      shown.replaceChildren(value, ...(note ? [make('small', {}, note)] : []));
    }
    return tile;
  }));
}
