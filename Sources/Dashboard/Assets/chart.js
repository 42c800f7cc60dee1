import { make, setText } from './elements.js';
import { Plot } from './plot.js';
import { numberText } from './words.js';

/** The fewest pixels that a drag needs to be a zoom. */
const shortestDrag = 6;

/**
 * One chart of a board: its lines on a canvas, a legend that hides lines, and a crosshair.
 *
 * A series has `key` (those of one key share an entry of the legend), `label`, `colour` (a number),
 * `curve`, and where it is so `isThin` (a single run's, without a band) and `isMean` (its band is a
 * deviation, which is smoothed as the line is).
 */
export class Chart {
  constructor(board, name) {
    Object.assign(this, { board, name, hidden: new Set(), series: [] });
    this.caption = make('span');
    this.legend = make('div', { class: 'legend' });
    this.canvas = make('canvas');
    this.plot = new Plot(this.canvas);
    this.cross = make('div', { class: 'cross', hidden: true });
    this.selection = make('div', { class: 'selection', hidden: true });
    this.readout = make('div', { class: 'readout', hidden: true });
    this.area = make(
      'div', { class: 'area', tabindex: '0', role: 'group' },
      this.canvas, this.selection, this.cross, this.readout);
    const enlarge = make(
      'button', { type: 'button', class: 'enlarge', 'aria-pressed': 'false', title: 'Enlarge' },
      '⤢');
    enlarge.setAttribute('aria-label', 'Enlarge this chart');
    enlarge.addEventListener('click', () => {
      enlarge.setAttribute('aria-pressed', String(this.figure.classList.toggle('wide')));
    });
    this.figure = make(
      'figure', { class: 'chart' }, make('figcaption', {}, this.caption, enlarge),
      make('div', { class: 'plot' }, this.legend, this.area));
    new ResizeObserver(() => this.draw()).observe(this.area);
    this.listen();
  }

  /** Shows other series, or the same ones with other curves. */
  show({ title, axis, smoothed, series }) {
    const keys = (all) => all.map(({ key, colour }) => `${key} ${colour}`).join();
    const isNew = keys(series) !== keys(this.series);
    Object.assign(this, { title, axis, isSmoothed: smoothed, series });
    setText(this.caption, title);
    if (isNew) this.showLegend();
  }

  showLegend() {
    const entries = new Map();
    for (const one of this.series) {
      if (!entries.has(one.key) || !one.isThin) entries.set(one.key, one);
    }
    this.legend.replaceChildren(...[...entries.values()].map(({ key, label, colour, note }) => {
      const button = make(
        'button', { type: 'button', title: note, 'aria-pressed': String(!this.hidden.has(key)) },
        this.swatch(colour), label);
      button.addEventListener('click', () => {
        if (!this.hidden.delete(key)) this.hidden.add(key);
        button.setAttribute('aria-pressed', String(!this.hidden.has(key)));
        this.board.draw();
      });
      return button;
    }));
  }

  swatch(colour) { return make('i', { class: 'swatch', 'data-colour': colour % 7 }); }

  /** The series that are seen, with at least one piece. */
  get visible() {
    return this.series.filter(({ key, curve, isThin }) =>
      !this.hidden.has(key) && curve.length > 0 && !(isThin && this.board.hidesThin));
  }

  /** How strongly its lines are smoothed. */
  get weight() { return this.isSmoothed ? this.board.smoothing : 0; }

  draw() {
    const { board } = this;
    this.plot.draw({
      series: this.visible.map((one) => ({ ...one, paint: board.colours.series[one.colour % 7] })),
      range: board.shownRange, weight: this.weight, axis: this.axis, isLog: board.isLog,
      colours: board.colours,
    });
    this.placeCross();
    this.describe();
  }

  // Crosshair

  /** The step with values that is nearest to another, or `offset` pieces away from there. */
  snapped(step, offset = 0) {
    const places = this.visible.map(({ curve }) =>
      curve.middle(Math.min(curve.length - 1, Math.max(0, curve.nearest(step) + offset))));
    const ahead = places.filter((place) => offset === 0 || (place - step) * offset > 0);
    const distance = (place) => Math.abs(place - step);
    return ahead.reduce(
      (best, one) => (distance(one) < distance(best) ? one : best), ahead[0] ?? step);
  }

  /** Puts the crosshair where the board has it; values only in the chart that is pointed at. */
  placeCross() {
    const { cross, crossChart, shownRange: [from, to] } = this.board;
    const isSeen = cross !== null && this.plot.box && cross >= from && cross <= to;
    this.cross.hidden = !isSeen;
    this.readout.hidden = !isSeen || crossChart !== this || this.visible.length === 0;
    if (!isSeen) return;
    const x = this.plot.xOf(cross);
    this.cross.style.transform = `translateX(${x}px)`;
    this.cross.style.height = `${this.plot.box.bottom}px`;
    if (this.readout.hidden) return;
    this.showReadout(cross);
    const [width, room] = [this.readout.offsetWidth, this.area.clientWidth];
    const isRight = x > (this.plot.box.left + this.plot.box.right) / 2;
    const place = Math.max(0, Math.min(room - width, isRight ? x - 10 - width : x + 10));
    this.readout.style.transform = `translateX(${place}px)`;
  }

  showReadout(step) {
    const { weight } = this;
    const rows = this.visible.map(({ curve, label, colour, isMean, isThin }) => {
      const [first, last] = curve.range;
      const i = step < first || step > last ? -1 : curve.nearest(step);
      const raw = i < 0 ? null : curve.mean[i];
      const value = i < 0 ? null : curve.smoothed('mean', weight)[i];
      const note = isMean && raw !== null ? `± ${numberText(curve.high[i] - raw, 2)}`
        : weight > 0 && raw !== null ? numberText(raw) : '';
      return make(
        'div', { class: isThin ? 'thin' : null }, this.swatch(colour), make('span', {}, label),
        make('b', {}, numberText(value)), make('small', {}, note));
    });
    const heading = `step ${Math.round(step)}${weight > 0 ? ', smoothed and measured' : ''}`;
    this.readout.replaceChildren(make('div', {}, heading), ...rows);
  }

  /** Says in words what the chart shows. */
  describe() {
    const values = this.visible.filter(({ isThin }) => !isThin).map(({ curve, label }) =>
      `${label} ${numberText(curve.mean[curve.length - 1])} at step ${curve.range[1]}`);
    this.area.setAttribute('aria-label', `${this.title}. ${values.join(', ') || 'No values'}.`);
  }

  // What readers do

  listen() {
    const xOf = (event) => event.clientX - this.area.getBoundingClientRect().left;
    const endDrag = () => { this.dragged = null; this.selection.hidden = true; };
    const actions = {
      pointermove: (event) => {
        if (!this.plot.box || this.visible.length === 0) return;
        const x = xOf(event);
        this.readout.removeAttribute('role');
        this.board.point(this.snapped(this.plot.stepAt(x)), this);
        if (this.dragged != null && Math.abs(x - this.dragged) >= shortestDrag) this.select(x);
      },
      pointerdown: (event) => {
        if (event.button !== 0) return;
        this.dragged = xOf(event);
        this.area.setPointerCapture(event.pointerId);
        actions.pointermove(event);
      },
      pointerup: (event) => {
        const x = xOf(event);
        if (this.dragged != null && Math.abs(x - this.dragged) >= shortestDrag) {
          this.board.zoom(this.dragTo(x));
        }
        endDrag();
      },
      pointercancel: endDrag,
      pointerleave: ({ pointerType }) => {  // A finger that is lifted leaves its values.
        if (this.dragged == null && pointerType === 'mouse') this.board.point(null, null);
      },
      dblclick: () => this.board.zoom(null),
      keydown: (event) => { if (this.press(event)) event.preventDefault(); },
      blur: () => this.board.point(null, null),
    };
    for (const [name, act] of Object.entries(actions)) this.area.addEventListener(name, act);
  }

  /** The steps between a drag's start and a place in pixels, in order. */
  dragTo(x) {
    return [this.dragged, x].map((end) => this.plot.stepAt(end)).sort((a, b) => a - b);
  }

  /** Marks the steps between a drag's start and a place in pixels. */
  select(x) {
    const ends = this.dragTo(x).map((step) => this.plot.xOf(step));
    this.selection.hidden = false;
    this.selection.style.left = `${ends[0]}px`;
    this.selection.style.width = `${ends[1] - ends[0]}px`;
    this.selection.style.height = `${this.plot.box.bottom}px`;
  }

  /** Does what a key stands for; false where it stands for nothing. */
  press({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    if (ctrlKey || metaKey || altKey || !this.plot.box || this.visible.length === 0) return false;
    const [from, to] = this.board.shownRange;
    const here = this.board.cross ?? to;
    const moves = {
      ArrowLeft: () => this.snapped(here, shiftKey ? -10 : -1),
      ArrowRight: () => this.snapped(here, shiftKey ? 10 : 1),
      Home: () => this.snapped(from), End: () => this.snapped(to),
    };
    if (moves[key]) {
      this.readout.setAttribute('role', 'status');
      this.board.point(Math.min(to, Math.max(from, moves[key]())), this);
    } else if (key === '+' || key === '=' || key === '-') {
      this.board.zoomAround(here, key === '-' ? 2 : 0.5);
    } else if (key === 'Escape' || key === '0') {
      this.board.zoom(null);
    } else {
      return false;
    }
    return true;
  }
}
