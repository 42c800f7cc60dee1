import { arrange, fill, make, oncePerFrame, part, setText } from './elements.js';
import { Feed, fetchJSON } from './feed.js';
import { columns, Row } from './row.js';
import { StatusBar, stateWord } from './status.js';

const states = ['running', 'finished', 'interrupted', 'failed', 'stale', 'unreadable'];

/** The most runs that the server holds beside each other. */
const mostCompared = 20;
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Makes the table of runs live. */
export const showList = () => new RunList(part('runs'));

/** A table of runs that readers search, sort, group and filter; the address keeps how. */
class RunList {
  constructor(place) {
    Object.assign(this, { place, rows: new Map(), bodies: new Map(), isFirst: true });
    this.bar = new StatusBar();
    this.render = oncePerFrame(() => this.renderNow());
    this.makeControls();
    this.makeTable();
    this.readAddress();
    addEventListener('hashchange', () => { this.readAddress(); this.render(); });
    setInterval(() => this.rows.forEach((row) => row.showAge()), 10000);
    new Feed({
      load: async () => {
        const { runs } = await fetchJSON('/runs.json');
        const ids = new Set(runs.map(({ id }) => id));
        this.change(runs, [...this.rows.keys()].filter((id) => !ids.has(id)));
      },
      address: () => '/events',
      events: { runs: ({ changed, removed }) => this.change(changed, removed) },
      tell: (connection) => this.bar.connected(connection),
    });
  }

  change(changed, removed) {
    for (const id of removed) this.rows.delete(id);
    for (const run of changed) {
      if (!this.rows.has(run.id)) this.rows.set(run.id, new Row(run.id, () => this.showChosen()));
      this.rows.get(run.id).show(run);
    }
    this.render();
  }

  makeControls() {
    this.search = make('input', {
      type: 'search', placeholder: 'Search names and settings', 'aria-label': 'Search runs',
      oninput: () => this.changed(),
    });
    this.states = make('div', { class: 'states', role: 'group', 'aria-label': 'State' });
    this.grouped = make('input', { type: 'checkbox', onchange: () => this.changed() });
    this.count = make('output', { class: 'faded' });
    this.compare = make('button', {
      type: 'button', class: 'main', disabled: true, onclick: () => this.goToComparison(),
    }, 'Compare');
    this.controls = make(
      'div', { class: 'controls' }, this.search, this.states,
      make('label', {}, this.grouped, 'group by folder'), this.count, this.compare);
  }

  makeTable() {
    this.heads = columns.map(({ key, title, isNumber }) => {
      const button = make('button', {
        type: 'button', onclick: () => {
          const isSame = this.sort === key;
          this.isDown = isSame ? !this.isDown : Boolean(isNumber);
          this.sort = key;
          this.changed();
        },
      }, title);
      return make('th', { scope: 'col', 'data-column': key }, button);
    });
    const head = make('tr', {}, make('th', { scope: 'col', class: 'check' }), ...this.heads);
    head.firstChild.setAttribute('aria-label', 'Compare');
    this.table = make('table', { class: 'runs' }, make('thead', {}, head));
    this.nothing = make('p', { class: 'faded nothing', hidden: true });
    this.card = make('div', { class: 'card' }, this.table, this.nothing);
  }

  // The address

  readAddress() {
    const words = new URLSearchParams(location.hash.slice(1));
    this.search.value = words.get('search') ?? '';
    this.state = words.get('state') ?? '';
    this.grouped.checked = words.get('group') !== 'none';
    const sort = words.get('sort') ?? '-changed';
    this.isDown = sort.startsWith('-');
    this.sort = sort.replace('-', '');
    this.closed = new Set(words.getAll('closed'));
  }

  /** Renders, and writes into the address what differs from the usual. */
  changed() {
    const words = new URLSearchParams();
    if (this.search.value) words.set('search', this.search.value);
    if (this.state) words.set('state', this.state);
    if (!this.grouped.checked) words.set('group', 'none');
    const sort = (this.isDown ? '-' : '') + this.sort;
    if (sort !== '-changed') words.set('sort', sort);
    for (const group of this.closed) words.append('closed', group);
    const text = words.toString();
    history.replaceState(null, '', text ? `#${text}` : location.pathname + location.search);
    this.render();
  }

  // Rendering

  renderNow() {
    const all = [...this.rows.values()];
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((row) => words.every((word) => row.text.includes(word)));
    const shown = found.filter(({ run }) => !this.state || run.state === this.state);
    this.showStates(found);
    const bodies = this.groups(this.sorted(shown)).map((group) => this.body(group));
    arrange(this.table, [this.table.tHead, ...bodies]);
    fill(this.place, [this.controls, this.card]);
    this.heads.forEach((head) => {
      const isSorted = head.dataset.column === this.sort;
      if (isSorted) head.setAttribute('aria-sort', this.isDown ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    setText(this.count, shown.length === all.length ? `${all.length} runs`
      : `${shown.length} of ${all.length} runs`);
    this.nothing.hidden = shown.length > 0;
    setText(this.nothing, all.length ? 'No run is like that.' : 'There are no runs yet.');
    this.bar.several(all.map(({ run }) => run));
    this.showChosen();
  }

  sorted(rows) {
    const { value } = columns.find(({ key }) => key === this.sort) ?? columns[0];
    const sign = this.isDown ? -1 : 1;
    const order = (a, b) => {
      if (a === b) return 0;
      if (a === null || b === null) return a === null ? 1 : -1;  // What is unknown comes last.
      return sign * (typeof a === 'string' ? collator.compare(a, b) : a - b);
    };
    return rows.map((row) => ({ row, value: value(row.run) ?? null }))
      .sort((a, b) => order(a.value, b.value) || collator.compare(a.row.run.id, b.row.run.id))
      .map(({ row }) => row);
  }

  /** Rows by the folder that holds them, the top first; all in one where nobody wants groups. */
  groups(rows) {
    const groups = new Map([['', []]]);
    for (const row of rows) {
      const name = this.grouped.checked ? row.run.group : '';
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    }
    return [...groups].map(([name, rows]) => ({ name, rows })).filter(({ rows }) => rows.length);
  }

  /** The part of the table for a group; of a closed one the head alone. */
  body({ name, rows }) {
    if (!this.bodies.has(name)) this.bodies.set(name, this.newBody(name));
    const { body, head, button, note, check } = this.bodies.get(name);
    const isClosed = name !== '' && this.closed.has(name);
    button.setAttribute('aria-expanded', String(!isClosed));
    const running = rows.filter(({ run }) => run.state === 'running').length;
    setText(note, `${rows.length} runs${running ? `, ${running} running` : ''}`);
    Object.assign(check, { rows });
    rows.forEach((row) => row.showFolder(!this.grouped.checked));
    const trs = isClosed ? [] : rows.map(({ tr }) => tr);
    arrange(body, name === '' ? trs : [head, ...trs]);
    return body;
  }

  newBody(name) {
    const check = make('input', {
      type: 'checkbox', 'aria-label': `Compare all of ${name}`,
      onchange: () => {
        for (const row of check.rows) row.check.checked = check.checked;
        this.showChosen();
      },
    });
    const button = make('button', {
      type: 'button', onclick: () => {
        if (!this.closed.delete(name)) this.closed.add(name);
        this.changed();
      },
    }, name);
    const note = make('span', { class: 'faded' });
    const head = make(
      'tr', { class: 'group' }, make('td', { class: 'check' }, check),
      make('th', { scope: 'rowgroup', colspan: columns.length }, button, ' ', note));
    return { body: make('tbody'), head, button, note, check };
  }

  /** Buttons for the states that there are, with their numbers of runs. */
  showStates(rows) {
    const present = states.filter((state) =>
      state === this.state || rows.some(({ run }) => run.state === state));
    this.stateButtons ??= new Map(['', ...states].map((state) => [state, make('button', {
      type: 'button', 'data-state': state,
      onclick: () => { this.state = state === this.state ? '' : state; this.changed(); },
    })]));
    for (const [state, button] of this.stateButtons) {
      const count = rows.filter(({ run }) => !state || run.state === state).length;
      setText(button, `${state ? stateWord(state) : 'all'} ${count}`);
      button.setAttribute('aria-pressed', String(state === this.state));
    }
    arrange(this.states, ['', ...present].map((state) => this.stateButtons.get(state)));
  }

  // Comparing

  get chosen() { return [...this.rows.values()].filter(({ check }) => check.checked); }

  showChosen() {
    const count = this.chosen.length;
    const isMany = count > mostCompared;
    this.compare.disabled = count < 2 || isMany;
    const text = isMany ? `Compare at most ${mostCompared}` : count ? `Compare ${count}` : 'Compare';
    setText(this.compare, text);
    this.compare.title = count < 2 ? 'Choose two runs or more' : '';
    for (const { check } of this.bodies.values()) {
      const chosen = (check.rows ?? []).filter((row) => row.check.checked).length;
      check.checked = chosen > 0 && chosen === check.rows.length;
      check.indeterminate = chosen > 0 && chosen < check.rows.length;
    }
  }

  goToComparison() {
    const runs = this.chosen.map(({ run }) => `run=${encodeURIComponent(run.id)}`);
    location.href = `/compare?${runs.join('&')}`;
  }
}
