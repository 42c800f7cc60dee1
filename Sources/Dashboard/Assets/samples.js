import { arrange, fill, make } from './elements.js';
import { Player, showPicture } from './player.js';
import { pictureAddress, stepText } from './words.js';

/** The most small pictures beside the large one. */
const mostSmall = 12;

/** A run's pictures of samples: one large, others small, and a slider over all. */
export class Samples {
  constructor(place, id) {
    Object.assign(this, { place, id, samples: [], small: new Map() });
    this.image = make('img', { alt: '' });
    this.strip = make('div', { class: 'strip' });
    this.player = new Player({
      label: 'Step of the samples', pause: 700, show: (index) => this.go(index),
    });
    const viewer = make('figure', { class: 'viewer' }, this.image, this.player.element);
    this.content = make('div', { class: 'gallery' }, viewer, this.strip);
  }

  /** Shows samples `{step, path}`; `isDrawing`: drawn on white, which a dark page turns round. */
  show(samples, isDrawing = this.isDrawing) {
    if (samples.length === 0 && this.samples.length === 0) return;
    Object.assign(this, { samples, isDrawing });
    this.image.className = isDrawing ? 'drawing' : 'photo';
    const count = Math.min(mostSmall, samples.length);
    const chosen = Array.from({ length: count }, (_, i) =>
      Math.round(i * (samples.length - 1) / Math.max(1, count - 1)));
    arrange(this.strip, chosen.map((index) => this.smallOne(samples[index])));
    if (!this.content.isConnected) {
      const shown = this.place.querySelector('figure:last-of-type img');
      if (shown) Object.assign(this.image, { src: shown.src, alt: shown.alt });
      fill(this.place, [this.content]);
    }
    this.player.setSteps(samples.map(({ step }) => step));
  }

  smallOne({ step, path }) {
    if (!this.small.has(path)) {
      this.small.set(path, make(
        'button', {
          type: 'button', 'data-step': step,
          onclick: () => {
            this.player.stop();
            this.player.go(this.samples.findIndex((sample) => sample.path === path));
          },
        },
        make('img', {
          alt: '', loading: 'lazy', src: pictureAddress(this.id, path), class: this.image.className,
        }),
        stepText(step)));
    }
    return this.small.get(path);
  }

  go(index) {
    const { step, path } = this.samples[index];
    showPicture(this.image, pictureAddress(this.id, path), `Generated samples, ${stepText(step)}`);
    for (const button of this.strip.children) {
      button.toggleAttribute('data-current', Number(button.dataset.step) === step);
    }
    for (const next of [index - 1, index + 1]) {
      if (this.samples[next]) new Image().src = pictureAddress(this.id, this.samples[next].path);
    }
  }
}
