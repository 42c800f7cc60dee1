/** Numbers, times and addresses as readers see them. */

/** A number with four digits that count; a dash where there is none. */
export function numberText(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  let text;
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    text = value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e');
  } else {
    // Small numbers in a column of others have as many decimals as they.
    const power = Math.floor(Math.log10(Math.max(size, digits > 2 ? 0.1 : 1e-3)) + 1e-9);
    text = value.toFixed(Math.max(0, digits - 1 - power));
    if (size === 0) text = '0';
  }
  return text.replaceAll('-', '−');
}

/** The share of steps done, in 0…1; null where the total is unknown. */
export function shareDone(run) {
  return run.steps > 0 ? Math.min(1, run.step / run.steps) : null;
}

/** `43 %`, and never 100 % before the end. */
export function percentText(share) {
  return `${Math.floor(share * 100)} %`;
}

const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];

/** A duration in seconds as `2 h 10 min`: its two largest units. */
export function durationText(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  let rest = Math.max(0, Math.round(seconds));
  if (rest >= 600) rest = Math.round(rest / 60) * 60;
  const first = Math.max(0, units.findIndex(([, size]) => rest >= size));
  const parts = [];
  for (const [name, size] of units.slice(rest === 0 ? 3 : first).slice(0, 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length === 0) parts.push(`${count} ${name}`);
  }
  return parts.join(' ');
}

/** How long ago a time in seconds since 1970 was. */
export function agoText(time, now = Date.now() / 1000) {
  if (!Number.isFinite(time)) return '–';
  const seconds = now - time;
  if (seconds < 10) return 'just now';
  const [name, size] = units.find(([, size]) => seconds >= size);
  return `${Math.floor(seconds / size)} ${name} ago`;
}

/** A training's speed; a slow one's step in seconds. */
export function rateText(rate) {
  if (!(rate > 0)) return '';
  return rate >= 1 ? `${numberText(rate, 3)} steps/s` : `${durationText(1 / rate)} a step`;
}

export const timeText = (time) =>
  Number.isFinite(time) ? new Date(time * 1000).toLocaleString() : '';

export const stepText = (step) => (step === 0 ? 'before training' : `step ${step}`);

const encoded = (path) => path.split('/').map(encodeURIComponent).join('/');

/** The address of a run's page, or of a file below it. */
export const runAddress = (id, file = '') => `/runs/${encoded(id)}${file && '/'}${encoded(file)}`;

/** The address of a picture in a run's folder. */
export const pictureAddress = (id, path) => runAddress(id, `files/${path}`);
