import { Chart } from './chart.js';
import { arrange, fill, make, oncePerFrame, setText } from './elements.js';

/** Charts with one range of steps, one crosshair and one row of controls. */
export class Board {
  /** `hasThin`: whether readers may hide the lines of single runs. */
  constructor(place, hasThin = false) {
    Object.assign(this, { place, range: null, cross: null, crossChart: null, isLog: false });
    this.charts = new Map();
    this.smoothing = 0.6;
    this.hidesThin = false;
    this.draw = oncePerFrame(() => this.drawNow());
    this.figures = make('div', { class: 'figures' });
    this.controls = this.makeControls(hasThin);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => { this.colours = colours(); this.draw(); });
    this.colours = colours();
  }

  makeControls(hasThin) {
    const box = (text, act) => make(
      'label', {}, make('input', {
        type: 'checkbox', checked: text === 'each run',
        onchange: (event) => { act(event.target.checked); this.draw(); },
      }), text);
    const value = make('output', {}, this.smoothing.toFixed(2));
    const slider = make('input', {
      type: 'range', min: 0, max: 0.99, step: 0.01, value: this.smoothing,
      oninput: () => {
        this.smoothing = Number(slider.value);
        setText(value, this.smoothing.toFixed(2));
        this.draw();
      },
    });
    this.zoomOut = make(
      'button', { type: 'button', disabled: true, onclick: () => this.zoom(null) }, 'All steps');
    return make(
      'div', { class: 'controls' }, make('label', {}, 'smoothing', slider, value),
      box('log scale', (isOn) => { this.isLog = isOn; }),
      hasThin ? box('each run', (isOn) => { this.hidesThin = !isOn; }) : null,
      this.zoomOut,
      make('span', { class: 'hint' }, 'Drag to zoom, double click to see all steps. In a chart: arrow keys, + and −.'));
  }

  /** Shows charts `{name, title, axis, smoothed, series}`, in this order. */
  show(charts) {
    if (charts.length === 0 && this.charts.size === 0) return;
    for (const chart of charts) {
      if (!this.charts.has(chart.name)) this.charts.set(chart.name, new Chart(this, chart.name));
      this.charts.get(chart.name).show(chart);
    }
    const names = new Set(charts.map(({ name }) => name));
    for (const name of [...this.charts.keys()]) if (!names.has(name)) this.charts.delete(name);
    arrange(this.figures, charts.map(({ name }) => this.charts.get(name).figure));
    fill(this.place, [this.controls, this.figures]);
    this.draw();
  }

  drawNow() {
    let [from, to] = this.range ?? [Infinity, -Infinity];
    if (!this.range) {
      for (const { visible } of this.charts.values()) {
        for (const { curve } of visible) {
          from = Math.min(from, curve.range[0]);
          to = Math.max(to, curve.range[1]);
        }
      }
    }
    if (!(from <= to)) [from, to] = [0, 1];
    this.shownRange = from < to ? [from, to] : [from - 1, to + 1];
    for (const chart of this.charts.values()) chart.draw();
  }

  /** Puts the crosshair of all charts at a step, pointed at in one of them. */
  point(step, chart) {
    Object.assign(this, { cross: step, crossChart: chart });
    for (const one of this.charts.values()) one.placeCross();
  }

  /** Shows some steps; null for all. */
  zoom(range) {
    this.range = range && range[1] > range[0] ? range : null;
    this.zoomOut.disabled = this.range === null;
    this.draw();
  }

  /** Shows a range that is `factor` times as wide, around a step. */
  zoomAround(step, factor) {
    const range = this.range;
    const [from, to] = this.shownRange;
    this.range = null;
    this.drawNow();
    const [least, most] = this.shownRange;
    this.range = range;
    const width = Math.max(2, (to - from) * factor);
    if (width >= most - least) return this.zoom(null);
    const begin = Math.min(most - width, Math.max(least, step - (step - from) * factor));
    return this.zoom([begin, begin + width]);
  }

  shownRange = [0, 1];
}

/** The colours of charts, which the style sheet names. */
function colours() {
  const style = getComputedStyle(document.body);
  const named = (name) => style.getPropertyValue(name).trim();
  return {
    ink: named('--ink'), faded: named('--faded'), line: named('--grid'), font: style.fontFamily,
    series: [0, 1, 2, 3, 4, 5, 6].map((i) => named(`--series-${i}`)),
  };
}
