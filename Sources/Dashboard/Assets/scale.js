import { numberText } from './words.js';

/** Round numbers between two, about as many as asked. */
export function niceTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  const start = Math.ceil(low / step - 1e-6);
  // Where values hardly differ, the next whole number may be none that a double can hold.
  for (let k = 0; k <= 2 * count && (start + k) * step <= high + 1e-6 * step; k += 1) {
    const i = start + k;
    const value = i * step;
    const isPlain = Math.abs(value) < 1e6 && digits < 6;
    const text = isPlain ? value.toFixed(digits).replace('-', '−') : numberText(value, 3);
    ticks.push({ value, text: i === 0 ? '0' : text });
  }
  return ticks;
}

/**
 * A scale: `share` takes values to 0…1, `ticks` have a `value` and a `text`, and `note` says what
 * a reader has to know. `to` makes distances of values those on paper.
 */
function scale(to, low, high, pad, ticks, isLog = false, note = '') {
  const [from, span] = [to(low) - pad, to(high) - to(low) + 2 * pad];
  const share = (value) => (to(value) - from) / span;
  const isInside = ({ value }) => share(value) > -0.001 && share(value) < 1.001;
  return { share, ticks: ticks.filter(isInside), isLog, note };
}

export function linearScale(low, high, count) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Smoothing makes a constant differ in its last digits.
  const pad = high - low > 1e-9 * size ? 0.05 * (high - low) : 0.1 * size || 1;
  return scale((value) => value, low, high, pad, niceTicks(low - pad, high + pad, count));
}

/**
 * A logarithmic scale. Where values have both signs, or are 0, it is linear around 0, up to a power
 * of ten well below the usual size of the values.
 */
export function logScale(low, high, usual, count) {
  if (low > 0 || high < 0) return powersScale(low, high, count);
  const largest = Math.max(-low, high);
  if (largest === 0) return linearScale(low, high, count);
  const decade = (size) => Math.floor(Math.log10(size));
  const most = decade(largest) - 1;
  const bend = Math.min(most, Math.max(most - 8, decade(usual || largest) - 1));
  const to = (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / 10 ** bend);
  const powers = multiples(bend, decade(largest), [1]);
  const ticks = [0, ...powers.flatMap((value) => [value, -value])].map(tick);
  const note = `linear within ±${numberText(10 ** bend, 1)}`;
  return scale(to, low, high, 0.05 * (to(high) - to(low)), ticks, true, note);
}

/** A logarithmic scale of values that have one sign. */
function powersScale(low, high, count) {
  const sign = Math.sign(low);
  const [small, large] = sign > 0 ? [low, high] : [-high, -low];
  const to = (value) => sign * Math.log10(Math.max(sign * value, Number.MIN_VALUE));
  const decades = Math.log10(large / small);
  const pad = 0.05 * decades || 0.1;
  const values = decades < 1
    ? niceTicks(low, decades > 1e-9 ? high : low + Math.abs(low), count)
    : multiples(Math.floor(Math.log10(small)), Math.log10(large), decades < 2.5 ? [1, 2, 5] : [1])
      .map((value) => tick(sign * value));
  return scale(to, low, high, pad, values, true);
}

/** Powers of ten between two exponents, at most about seven, times factors. */
function multiples(least, greatest, factors) {
  const every = Math.ceil((greatest - least + 1) / 7);
  const found = [];
  for (let power = least; power <= greatest; power += every) {
    found.push(...factors.map((factor) => factor * 10 ** power));
  }
  return found;
}

const tick = (value) => ({ value, text: numberText(value, 1) });
