/** Keeps a page as new as the server: loads all, follows events, starts over where it must. */

/** What was asked for is no longer there. */
export class Gone extends Error {}

/** What the server has at an address. */
export async function fetchJSON(address) {
  const answer = await fetch(address, { cache: 'no-store' });
  if (answer.status === 404) throw new Gone(address);
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return answer.json();
}

/** Delays between attempts, in milliseconds. */
const firstDelay = 1000;
const longestDelay = 10000;

export class Feed {
  /**
   * - `load`: fetches all that the page shows; what it throws is tried again, `Gone` ends.
   * - `address`: of the events that come after what was loaded; without it `load` is repeated.
   * - `period`: the milliseconds between repeated loads.
   * - `events`: what to do with the data of each event, by its name.
   * - `tell`: is called with `live`, `reconnecting` or `gone`.
   */
  constructor({ load, address, period, events = {}, tell = () => {} }) {
    Object.assign(this, { load, address, period, events, tell, turn: 0, delay: firstDelay });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.close();
      else this.open();
    });
    this.open();
  }

  /** Loads all and follows from there. A hidden page waits until it is seen. */
  async open() {
    this.close();
    if (this.isOver || document.hidden) return;
    const turn = this.turn;
    try {
      await this.load();
    } catch (error) {
      if (turn !== this.turn) return;
      if (error instanceof Gone) this.end();
      else this.retry(error);
      return;
    }
    if (turn !== this.turn) return;
    if (this.address) {
      this.follow();
    } else {
      this.tell('live');
      this.timer = setTimeout(() => this.open(), this.period());
    }
  }

  follow() {
    const source = this.source = new EventSource(this.address());
    source.addEventListener('open', () => { this.delay = firstDelay; this.tell('live'); });
    // Events without an id are not sent again, so a broken connection begins with a load.
    source.addEventListener('error', () => this.retry());
    // A server that has not seen yet what was loaded would ask for the next load at once.
    source.addEventListener('again', () => {
      this.close();
      this.timer = setTimeout(() => this.open(), firstDelay / 2);
    });
    source.addEventListener('gone', () => this.end());
    for (const [name, act] of Object.entries(this.events)) {
      source.addEventListener(name, (event) => act(JSON.parse(event.data)));
    }
  }

  retry(error) {
    if (error) console.warn(error);
    this.close();
    this.tell('reconnecting');
    this.timer = setTimeout(() => this.open(), this.delay);
    this.delay = Math.min(2 * this.delay, longestDelay);
  }

  /** Stops until the next `open`. */
  close() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.source?.close();
  }

  /** Stops for good. */
  end() {
    this.isOver = true;
    this.close();
    this.tell('gone');
  }
}
