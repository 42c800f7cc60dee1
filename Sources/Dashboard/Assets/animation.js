import { make, oncePerFrame } from './elements.js';
import { fetchJSON } from './feed.js';
import { Player } from './player.js';
import { runAddress } from './words.js';

/** The most frames that are kept: of more, every second one goes. */
const mostFrames = 2000;

/** A training in the plane: generated points over real ones, step by step. */
export class Animation {
  /** `board`: whose colours the points have. */
  constructor(place, id, board) {
    Object.assign(this, { place, id, board, frames: [], last: -1 });
    this.draw = oncePerFrame(() => this.drawNow());
    this.canvas = make('canvas', { role: 'img' });
    this.player = new Player({ label: 'Step of the animation', pause: 50, show: this.draw });
    place.replaceChildren(
      place.querySelector('h2') ?? make('h2', {}, 'Animation'),
      make(
        'figure', { class: 'viewer' },
        make('figcaption', {}, 'Generated points in colour, real ones in grey'),
        this.canvas, this.player.element));
    new ResizeObserver(this.draw).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.draw);
    new IntersectionObserver((entries) => {
      this.isSeen = entries.some(({ isIntersecting }) => isIntersecting);
      if (this.isSeen) this.follow();
    }, { rootMargin: '100px' }).observe(place);
  }

  /** Whether there is anything to show; loads nothing before it is seen. */
  show(hasFrames) {
    if (hasFrames) this.place.hidden = false;
  }

  /** Starts over, where steps were taken back. */
  restart() {
    Object.assign(this, { frames: [], last: -1 });
    if (this.isSeen) this.follow();
  }

  /** Loads what came after the last frame; one load at a time. */
  async follow() {
    this.place.hidden = false;
    this.isAsked = this.isLoading;
    if (this.isLoading || !this.isSeen) return;
    this.isLoading = true;
    const isFirst = this.last < 0;
    try {
      const after = isFirst ? '' : `?after=${this.last}`;
      const news = await fetchJSON(runAddress(this.id, 'frames.json') + after);
      if (isFirst) Object.assign(this, { range: news.range, real: news.real });
      this.frames.push(...news.frames.map(({ step, points }) =>
        ({ step, points: Float32Array.from(points) })));
      while (this.frames.length > mostFrames) {
        this.frames = this.frames.filter((_, i) => (this.frames.length - 1 - i) % 2 === 0);
      }
      this.last = this.frames.at(-1)?.step ?? -1;
      this.player.setSteps(this.frames.map(({ step }) => step));
      const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (isFirst && !isCalm) this.player.play();
    } catch (error) {
      console.warn(error);
    } finally {
      this.isLoading = false;
    }
    if (this.isAsked) this.follow();
  }

  drawNow() {
    const frame = this.frames[this.player.index];
    const side = this.canvas.clientWidth;
    if (!frame || !side) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    const pen = this.canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [left, right, bottom, top] = this.range;
    const scale = side / Math.max(right - left, top - bottom);
    const dots = (points, colour, alpha, radius) => {
      pen.fillStyle = colour;
      pen.globalAlpha = alpha;
      for (let i = 0; i + 1 < points.length; i += 2) {
        const x = side / 2 + (points[i] - (left + right) / 2) * scale;
        const y = side / 2 - (points[i + 1] - (bottom + top) / 2) * scale;
        pen.beginPath();
        pen.arc(x, y, radius, 0, 7);
        pen.fill();
      }
    };
    const { colours } = this.board;
    dots(this.real, colours.faded, 0.4, 1.8);
    dots(frame.points, colours.series[1], 0.85, 2.4);
    this.canvas.setAttribute('aria-label', `Generated points over real ones, step ${frame.step}`);
  }
}
