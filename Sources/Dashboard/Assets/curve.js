/** The most pieces that a curve keeps: more are merged by pairs. */
const mostPieces = 2048;

/** A metric over steps, in pieces: the extremes and the mean of some steps that follow another. */
export class Curve {
  /** `pieces` has arrays `first`, `last`, `low`, `high`, `mean`; null stands for no number. */
  constructor(pieces = { first: [], last: [], low: [], high: [], mean: [] }) {
    for (const name of ['first', 'last', 'low', 'high', 'mean']) this[name] = [...pieces[name]];
    /** Steps between a piece's first and last one. */
    this.width = 0;
    let spacing = Infinity;
    for (let i = 0; i < this.length; i += 1) {
      this.width = Math.max(this.width, this.last[i] - this.first[i]);
      if (i > 0) spacing = Math.min(spacing, this.first[i] - this.last[i - 1]);
    }
    this.count = this.first.map((first, i) => 1 + (this.last[i] - first) / spacing);
    this.version = 0;
  }

  get length() { return this.first.length; }

  /** The first and last step; null where there are none. */
  get range() { return this.length ? [this.first[0], this.last[this.length - 1]] : null; }

  /** The step in a piece's middle. */
  middle(i) { return (this.first[i] + this.last[i]) / 2; }

  /** Adds the pieces of another curve; those of steps that are known are left out. */
  join(other) {
    for (let i = 0; i < other.length; i += 1) this.add(other.piece(i));
    this.version += 1;
  }

  add(piece) {
    const end = this.length - 1;
    if (end >= 0 && piece.first <= this.last[end]) return;
    if (end >= 0 && this.width > 0 && piece.last - this.first[end] <= this.width) {
      this.put(end, this.piece(end), piece);
    } else {
      for (const [name, part] of Object.entries(piece)) this[name].push(part);
      this.width = Math.max(this.width, piece.last - piece.first);
    }
    if (this.length > mostPieces) this.halve();
  }

  piece(i) {
    return {
      first: this.first[i], last: this.last[i], low: this.low[i], high: this.high[i],
      mean: this.mean[i], count: this.count[i],
    };
  }

  /** Writes what two pieces that follow another have in common. What is no number is left out. */
  put(i, a, b) {
    const [one, two] = [a, b].map((piece) => (piece.mean === null ? 0 : piece.count));
    this.first[i] = a.first;
    this.last[i] = b.last;
    this.count[i] = a.count + b.count;
    this.low[i] = one && two ? Math.min(a.low, b.low) : one ? a.low : b.low;
    this.high[i] = one && two ? Math.max(a.high, b.high) : one ? a.high : b.high;
    this.mean[i] = one && two ? (a.mean * one + b.mean * two) / (one + two) : one ? a.mean : b.mean;
  }

  halve() {
    const count = Math.floor(this.length / 2);
    for (let i = 0; i < count; i += 1) {
      this.put(i, this.piece(2 * i), this.piece(2 * i + 1));
      this.width = Math.max(this.width, this.last[i] - this.first[i]);
    }
    const rest = this.length % 2 ? this.piece(this.length - 1) : null;
    if (rest) this.put(count, rest, { ...rest, mean: null, count: 0 });
    for (const name of ['first', 'last', 'low', 'high', 'mean', 'count']) {
      this[name].length = count + (rest ? 1 : 0);
    }
  }

  /** The index of the last piece that begins at a step or before it; −1 where none does. */
  indexBefore(step) {
    let [from, to] = [0, this.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.first[middle] <= step) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  /** The index of the piece nearest to a step; −1 where there is none. */
  nearest(step) {
    const i = this.indexBefore(step);
    if (i < 0) return this.length ? 0 : -1;
    return i + 1 < this.length && this.middle(i + 1) - step < step - this.middle(i) ? i + 1 : i;
  }

  /** The mean at a step, between the middles of pieces; null outside and beside gaps. */
  valueAt(step) {
    let i = Math.max(0, this.indexBefore(step));
    if (i > 0 && this.middle(i) > step) i -= 1;
    const after = Math.min(i + 1, this.length - 1);
    const [a, b] = [this.mean[i] ?? null, this.mean[after] ?? null];
    if (a === null || b === null) return null;
    const span = this.middle(after) - this.middle(i);
    const share = span > 0 ? (step - this.middle(i)) / span : 0;
    return a + (b - a) * Math.min(1, Math.max(0, share));
  }

  /** `low`, `high` or `mean`, smoothed with a weight in 0…1; kept until the curve changes. */
  smoothed(name, weight) {
    const key = `${this.version} ${weight}`;
    this.kept ??= {};
    if (this.kept[name]?.key !== key) {
      this.kept[name] = { key, values: smoothed(this[name], weight) };
    }
    return this.kept[name].values;
  }

  /** The mean of curves ± one standard deviation, at the steps that all of them cover. */
  static meanOf(curves) {
    const ranges = curves.map((curve) => curve.range);
    const from = Math.max(...ranges.map(([first]) => first));
    const to = Math.min(...ranges.map(([, last]) => last));
    const pieces = { first: [], last: [], low: [], high: [], mean: [] };
    for (let i = 0; i < curves[0].length; i += 1) {
      const step = curves[0].middle(i);
      if (step < from || step > to) continue;
      const values = curves.map((curve) => curve.valueAt(step));
      const isWhole = values.every((value) => value !== null);
      const mean = isWhole ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const deviation = Math.sqrt(squares / (values.length - 1));
      pieces.first.push(step);
      pieces.last.push(step);
      pieces.mean.push(mean);
      pieces.low.push(isWhole ? mean - deviation : null);
      pieces.high.push(isWhole ? mean + deviation : null);
    }
    return new Curve(pieces);
  }
}

/**
 * Adds news, pieces of `curves` by their metric, to the curves that there are.
 *
 * Returns the metrics that have no curve, which are left out, or get one where `isOpen`.
 */
export function appendNews(curves, { curves: news }, isOpen = false) {
  const strangers = Object.keys(news).filter((metric) => !curves[metric]);
  if (isOpen) strangers.forEach((metric) => { curves[metric] = new Curve(); });
  for (const [metric, pieces] of Object.entries(news)) curves[metric]?.join(new Curve(pieces));
  return strangers;
}

/**
 * An exponential moving average whose start is not drawn towards zero, as TensorBoard's:
 * `sᵢ = w·sᵢ₋₁ + (1 − w)·vᵢ`, over `1 − wⁱ`.
 */
function smoothed(values, weight) {
  if (weight === 0) return values;
  let [sum, power] = [0, 1];
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    power *= weight;
    return sum / (1 - power);
  });
}
