import { linearScale, logScale, niceTicks } from './scale.js';

/** Pixels around the axes. */
const [topMargin, rightMargin, bottomMargin] = [8, 10, 38];

/** Lines over steps on a canvas, with their axes. */
export class Plot {
  constructor(canvas) { Object.assign(this, { canvas, range: [0, 1], box: null }); }

  /**
   * Draws all anew, as large as the canvas is.
   *
   * - `series`: those of a chart that are seen.
   * - `range`: the first and the last step shown.
   * - `weight`: of the smoothing, in 0…1.
   */
  draw({ series, range, weight, axis, isLog, colours }) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    Object.assign(this, { range, colours });
    const pen = this.cleared(width, height);
    const parts = series.map((one) => visiblePart(one, range, weight));
    const { least, greatest, usual } = extent(parts, range);
    const isEmpty = !(least <= greatest);
    const count = height / 34;
    const scale = isEmpty ? linearScale(0, 1, 1)
      : isLog ? logScale(least, greatest, usual, count) : linearScale(least, greatest, count);
    const widths = scale.ticks.map(({ text }) => pen.measureText(text).width);
    const left = Math.ceil(isEmpty ? 12 : Math.max(12, ...widths)) + 26;
    this.box = { left, right: width - rightMargin, top: topMargin, bottom: height - bottomMargin };
    this.yOf = (value) => this.box.bottom - scale.share(value) * (this.box.bottom - topMargin);
    this.drawGrid(pen, isEmpty ? [] : scale.ticks);
    this.drawTexts(pen, axis, isEmpty ? { ...scale, note: 'no values to show' } : scale);
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, this.box.right - left, this.box.bottom + 1);
    pen.clip();
    for (const part of parts) if (!part.isThin) this.drawBand(pen, part);
    for (const part of parts) this.drawLine(pen, part);
    pen.restore();
  }

  /** A pen for the empty canvas, whose unit is one pixel of the page. */
  cleared(width, height) {
    const ratio = devicePixelRatio || 1;
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== columns || this.canvas.height !== rows) {
      Object.assign(this.canvas, { width: columns, height: rows });
    }
    const pen = this.canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `11px ${this.colours.font}`;
    pen.lineWidth = 1;
    pen.textBaseline = 'middle';
    return pen;
  }

  drawGrid(pen, ticks) {
    const { left, right, top, bottom } = this.box;
    pen.strokeStyle = this.colours.line;
    pen.fillStyle = this.colours.faded;
    pen.textAlign = 'right';
    pen.beginPath();
    const texts = [];
    for (const { value, text } of ticks) {
      const y = Math.round(this.yOf(value)) + 0.5;
      if (texts.some((other) => Math.abs(other - y) < 12)) continue;
      texts.push(y);
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.fillText(text, left - 6, y);
    }
    pen.textAlign = 'center';
    for (const { value } of niceTicks(...this.range, (right - left) / 70)) {
      if (!Number.isInteger(value)) continue;
      const x = Math.round(this.xOf(value)) + 0.5;
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      const half = pen.measureText(String(value)).width / 2;
      pen.fillText(String(value), Math.min(x, right + rightMargin - half), bottom + 11);
    }
    pen.stroke();
  }

  drawTexts(pen, axis, { isLog, note }) {
    const { left, right, top, bottom } = this.box;
    pen.fillStyle = this.colours.faded;
    pen.textAlign = 'right';
    pen.fillText(note, right, bottom + 29, (right - left) / 2 - 20);
    pen.fillStyle = this.colours.ink;
    pen.textAlign = 'center';
    pen.fillText('step', (left + right) / 2, bottom + 29);
    pen.translate(9, (top + bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(isLog ? `${axis}, log` : axis, 0, 0, bottom - top);
    pen.rotate(Math.PI / 2);
    pen.translate(-9, -(top + bottom) / 2);
  }

  drawBand(pen, { curve, begin, end, low, high, colour }) {
    pen.fillStyle = pen.strokeStyle = colour;
    for (const [first, last] of stretches(low, begin, end)) {
      pen.beginPath();
      for (let i = first; i < last; i += 1) {
        pen.lineTo(this.xOf(curve.first[i]), this.yOf(high[i]));
        if (curve.last[i] > curve.first[i]) pen.lineTo(this.xOf(curve.last[i]), this.yOf(high[i]));
      }
      for (let i = last - 1; i >= first; i -= 1) {
        if (curve.last[i] > curve.first[i]) pen.lineTo(this.xOf(curve.last[i]), this.yOf(low[i]));
        pen.lineTo(this.xOf(curve.first[i]), this.yOf(low[i]));
      }
      pen.globalAlpha = 0.16;
      pen.fill();
      pen.globalAlpha = 0.22;
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  drawLine(pen, { curve, begin, end, mean, colour, isThin, dash }) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = isThin ? 1 : 1.75;
    pen.globalAlpha = isThin ? 0.5 : 1;
    pen.lineJoin = 'round';
    pen.setLineDash(dash);
    for (const [first, last] of stretches(mean, begin, end)) {
      pen.beginPath();
      if (last === first + 1) {  // A line through one point is none.
        pen.arc(this.xOf(curve.middle(first)), this.yOf(mean[first]), 2.5, 0, 7);
        pen.fill();
      }
      for (let i = first; i < last; i += 1) {
        pen.lineTo(this.xOf(curve.middle(i)), this.yOf(mean[i]));
      }
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /** The place of a step in pixels from the left. */
  xOf(step) {
    const [from, to] = this.range;
    return this.box.left + (step - from) / (to - from) * (this.box.right - this.box.left);
  }

  /** The step at a place in pixels from the left; those beside the axes are at their ends. */
  stepAt(x) {
    const [from, to] = this.range;
    const share = (x - this.box.left) / (this.box.right - this.box.left);
    return from + Math.min(1, Math.max(0, share)) * (to - from);
  }
}

/** What of a series lies within some steps, and one piece more on each side. */
function visiblePart({ curve, colour, paint, isThin, isMean }, [from, to], weight) {
  const bandWeight = isMean ? weight : 0;
  return {
    curve, isThin, colour: paint, dash: colour >= 7 ? [5, 3] : [],
    begin: Math.max(0, curve.indexBefore(from)),
    end: Math.min(curve.length, curve.indexBefore(to) + 2),
    mean: curve.smoothed('mean', weight),
    low: curve.smoothed('low', bandWeight), high: curve.smoothed('high', bandWeight),
  };
}

/** Ranges of indices whose values are numbers. */
function stretches(values, begin, end) {
  const found = [];
  for (let i = begin; i < end; i += 1) {
    if (values[i] === null) continue;
    if (i > begin && values[i - 1] !== null) found[found.length - 1][1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

/** The least and the greatest value within some steps, and the median size of the means. */
function extent(parts, [from, to]) {
  let [least, greatest] = [Infinity, -Infinity];
  const sizes = [];
  for (const { curve, isThin, begin, end, mean, low, high } of parts) {
    for (let i = begin; i < end; i += 1) {
      if (mean[i] === null || curve.last[i] < from || curve.first[i] > to) continue;
      sizes.push(Math.abs(mean[i]));
      least = Math.min(least, mean[i], isThin ? mean[i] : low[i]);
      greatest = Math.max(greatest, mean[i], isThin ? mean[i] : high[i]);
    }
  }
  return { least, greatest, usual: sizes.sort((a, b) => a - b)[sizes.length >> 1] };
}
