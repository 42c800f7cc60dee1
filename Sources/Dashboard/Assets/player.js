import { make, setText } from './elements.js';
import { stepText } from './words.js';

/** A slider over steps, with buttons that go to the previous and next one, and play them. */
export class Player {
  /**
   * - `label`: what is shown, for readers of the slider.
   * - `show`: is called with an index into the steps.
   * - `pause`: milliseconds from one to the next while it plays.
   */
  constructor({ label, show, pause }) {
    Object.assign(this, { show, pause, steps: [], index: -1, timer: null });
    const button = (text, name, act) => make(
      'button', { type: 'button', 'aria-label': name, title: name, onclick: act }, text);
    this.playButton = button('▶', 'Play', () => (this.timer ? this.stop() : this.play()));
    this.slider = make('input', {
      type: 'range', min: 0, max: 0, value: 0, 'aria-label': label,
      oninput: () => { this.stop(); this.go(Number(this.slider.value)); },
    });
    this.output = make('output');
    this.element = make(
      'div', { class: 'player' },
      button('‹', 'Previous', () => { this.stop(); this.go(this.index - 1); }), this.playButton,
      button('›', 'Next', () => { this.stop(); this.go(this.index + 1); }),
      this.slider, this.output);
  }

  /** Takes other steps. Who looked at the last one goes to the new last one. */
  setSteps(steps) {
    const wasLast = this.index === this.steps.length - 1;
    const step = this.steps[this.index];
    this.steps = steps;
    this.slider.max = Math.max(0, steps.length - 1);
    const known = steps.findLastIndex((one) => one <= step);
    this.go(wasLast && !this.timer ? steps.length - 1 : Math.max(0, known));
  }

  /** Shows the step of an index. */
  go(index) {
    if (this.steps.length === 0) return;
    this.index = Math.min(this.steps.length - 1, Math.max(0, index));
    this.slider.value = this.index;
    const text = stepText(this.steps[this.index]);
    this.slider.setAttribute('aria-valuetext', text);
    setText(this.output, text);
    this.show(this.index);
  }

  /** Plays from here, and from the start where this is the end. */
  play() {
    if (this.timer || this.steps.length < 2) return;
    if (this.index === this.steps.length - 1) this.go(0);
    this.timer = setInterval(() => {
      if (document.hidden) return;
      if (this.index < this.steps.length - 1) this.go(this.index + 1);
      else this.stop();
    }, this.pause);
    this.showPlaying();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.showPlaying();
  }

  showPlaying() {
    const name = this.timer ? 'Pause' : 'Play';
    setText(this.playButton, this.timer ? '❚❚' : '▶');
    this.playButton.setAttribute('aria-label', name);
    this.playButton.title = name;
  }
}

/** Shows a picture once it is loaded, unless another was asked for meanwhile. */
export async function showPicture(image, address, alt) {
  if (image.dataset.wanted === address) return;
  image.dataset.wanted = address;
  const loaded = new Image();
  loaded.src = address;
  try {
    await loaded.decode();
  } catch {
    return;  // The one before stays.
  }
  if (image.dataset.wanted !== address) return;
  Object.assign(image, { src: address, alt });
}
