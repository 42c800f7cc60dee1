import { make, makeSVG } from './elements.js';
import { fetchJSON } from './feed.js';
import { numberText, runAddress } from './words.js';

/** Bars of the shown histograms, histograms shown of a tag, milliseconds between loads. */
const [bins, mostRows, period] = [48, 12, 20000];
/** A chart's size, the height of a histogram, and where the last one stands. */
const [width, height, tall, floor] = [320, 150, 60, 132];

/** The histograms of weights, which are loaded once a reader opens them. */
export class Histograms {
  constructor(place, id) {
    Object.assign(this, { place, id });
    this.figures = make('div', { class: 'figures' });
    this.details = make(
      'details', { class: 'histograms' },
      make('summary', {}, 'Histograms, the newest in front'), this.figures);
    this.details.addEventListener('toggle', () => this.load());
    place.replaceChildren(place.querySelector('h2') ?? make('h2', {}, 'Weights'), this.details);
  }

  show(hasHistograms, isRunning) {
    if (hasHistograms) this.place.hidden = false;
    this.isRunning = isRunning;
  }

  /** Loads all while it is open, again and again while the run goes on. */
  async load() {
    clearTimeout(this.timer);
    if (!this.details.open) return;
    if (!document.hidden) {
      try {
        const { histograms } = await fetchJSON(runAddress(this.id, 'histograms.json'));
        const tags = Object.keys(histograms).sort(new Intl.Collator('en').compare);
        const figures = tags.map((tag) => figure(tag, histograms[tag]));
        this.figures.replaceChildren(...figures);
        if (figures.length === 0) this.figures.append(make('p', {}, 'There are none yet.'));
      } catch (error) {
        console.warn(error);
      }
    }
    if (this.isRunning) this.timer = setTimeout(() => this.load(), period);
  }
}

/** The histograms of a tag over each other: the last in front, those before it behind. */
function figure(tag, all) {
  const count = Math.min(mostRows, all.length);
  const rows = Array.from({ length: count }, (_, i) =>
    all[Math.round(i * (all.length - 1) / Math.max(1, count - 1))]);
  const edges = rows.flatMap((row) => row.edges).filter(Number.isFinite);
  const [low, high] = [Math.min(...edges), Math.max(...edges)];
  const shapes = rows.map((row) => binned(row, low, high));
  const most = Math.max(1e-300, ...shapes.flat());
  const x = (i) => (10 + i / bins * (width - 20)).toFixed(1);
  const paths = shapes.map((shape, index) => {
    const behind = count - 1 - index;
    const base = floor - behind * Math.min(10, (floor - tall - 8) / Math.max(1, count - 1));
    const y = (share) => (base - share / most * tall).toFixed(1);
    const line = shape.map((share, i) => `L${x(i + 0.5)} ${y(share)}`).join('');
    return makeSVG('path', {
      class: behind === 0 ? 'newest' : 'earlier', d: `M${x(0)} ${base}${line}L${x(bins)} ${base}`,
    });
  });
  const texts = [[x(0), 'start', low], [x(bins), 'end', high]].map(([at, anchor, value]) =>
    makeSVG('text', { x: at, y: height - 4, 'text-anchor': anchor }, numberText(value, 3)));
  const words = rows.length ? `steps ${rows[0].step} to ${rows.at(-1).step}` : 'none';
  return make(
    'figure', {}, make('figcaption', {}, tag),
    makeSVG(
      'svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${tag}, ${words}` },
      ...paths, ...texts,
      makeSVG('text', { x: width / 2, y: height - 4, 'text-anchor': 'middle' }, words)));
}

/** A histogram's shares in bars of one width between two values. */
function binned({ edges, counts }, low, high) {
  const shares = new Array(bins).fill(0);
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  const place = (value) => (high > low ? (value - low) / (high - low) * bins : bins / 2);
  counts.forEach((count, i) => {
    const [from, to] = [place(edges[i]), place(edges[i + 1])];
    if (!Number.isFinite(from + to) || count === 0) return;
    for (let bin = Math.floor(from); bin < bins && bin <= to; bin += 1) {
      const overlap = Math.min(to, bin + 1) - Math.max(from, bin);
      shares[bin] += count / total * (to > from ? Math.max(0, overlap) / (to - from) : 1);
    }
  });
  return shares;
}
