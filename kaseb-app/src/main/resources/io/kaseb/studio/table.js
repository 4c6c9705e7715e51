// All trials as a table: searched, sorted, paged, with the columns that are wanted.
import { button, el, field, say } from './dom.js';
import { STATES, number, shown } from './trials.js';
import { compareTrials, copyButtons, kill, openTrial } from './trial.js';

const PAGE = 50, SHOWN_AT_FIRST = 4, HELP = 'A number, a state or a word; name=value, name<2, name>=0.1, name=0.1..0.5; several apart by blanks.';

// Reads a search into tests of a trial; throws where it makes no sense.
export function tests(t, text) {
  const goals = t.overview.goals.map((g) => g.name);
  const read = (name) => {
    const own = { id: (id) => id, trial: (id) => id, state: (id) => STATES[t.state[id]], step: (id) => t.step[id], seconds: (id) => t.seconds[id],
      value: (id) => t.value(id), note: (id) => t.notes.get(id) ?? '', reason: (id) => t.reasons.get(id) ?? '' };
    if (own[name]) return own[name];
    if (goals.includes(name)) return (id) => t.value(id, goals.indexOf(name));
    if (t.raw.has(name)) return (id) => t.raws(name)[id];
    throw new Error('there is no column ' + name);
  };
  return text.trim().split(/\s+/).filter(Boolean).map((word) => {
    const m = word.match(/^([^<>=]+)(<=|>=|<|>|=)(.+)$/);
    if (!m) {
      if (/^\d+$/.test(word)) return (id) => id === Number(word);
      const low = word.toLowerCase();
      return (id) => STATES[t.state[id]].includes(low) || (t.notes.get(id) ?? '').toLowerCase().includes(low)
        || t.names().some((name) => { const v = t.raws(name)[id]; return typeof v !== 'number' && shown(v).toLowerCase().includes(low); });
    }
    const of = read(m[1]), range = m[3].match(/^(-?[\d.eE+-]+)\.\.(-?[\d.eE+-]+)$/), n = Number(m[3]);
    if (range) return (id) => of(id) >= Number(range[1]) && of(id) <= Number(range[2]);
    if (m[2] !== '=' && Number.isNaN(n)) throw new Error(m[3] + ' is no number');
    return { '<': (id) => of(id) < n, '>': (id) => of(id) > n, '<=': (id) => of(id) <= n, '>=': (id) => of(id) >= n,
      '=': (id) => { const v = of(id); return typeof v === 'number' ? v === n : shown(v).toLowerCase() === m[3].toLowerCase(); } }[m[2]];
  });
}

export class TrialTable {
  constructor(experiment, trials) {
    Object.assign(this, { experiment, trials, at: 0, sort: 'rank', down: false, chosen: new Set(), columns: null });
    this.search = el('input', { type: 'search', size: 30, oninput: () => { this.at = 0; this.draw(); } });
    this.state = el('select', { onchange: () => { this.at = 0; this.draw(); } }, new Option('all', ''), STATES.map((s, i) => new Option(s, i)));
    this.head = el('tr');
    this.body = el('tbody');
    this.foot = el('div', { className: 'bar' });
    this.tools = el('div', { className: 'bar' });
    this.picker = el('details', {}, el('summary', { textContent: 'Columns' }), el('div', { className: 'bar' }));
    this.none = el('p', { className: 'empty' });
    this.scroll = el('div', { className: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Trials' } }, el('table', {}, el('thead', {}, this.head), this.body));
    this.element = el('div', {}, el('div', { className: 'bar' }, field('Search', this.search), field('State', this.state)),
      el('p', { className: 'soft', textContent: HELP }), this.picker, this.tools, this.scroll, this.none, this.foot);
  }

  all() {
    const t = this.trials, goals = t.overview.goals;
    return [['trial', 'Trial', (id) => id, (id) => button(String(id), () => openTrial(this.experiment, t, id), { className: 'plain', aria: { label: 'Open trial ' + id } })],
      ['state', 'State', (id) => STATES[t.state[id]]],
      ...goals.map((g, i) => ['goal ' + g.name, g.name, (id) => t.value(id, i), (id) => t.told(id, i)]),
      ['step', 'Step', (id) => t.step[id]], ['seconds', 'Seconds', (id) => t.seconds[id]],
      ...t.names().map((name) => ['p ' + name, name, (id) => t.raws(name)[id]]),
      ['note', 'Note', (id) => t.notes.get(id) ?? ''], ['reason', 'Reason', (id) => t.reasons.get(id) ?? '']];
  }

  rows() {
    const t = this.trials, pass = tests(t, this.search.value), state = this.state.value;
    let ids = [];
    for (let id = 0; id < t.n; id++) if ((state === '' || t.state[id] === Number(state)) && pass.every((p) => p(id))) ids.push(id);
    if (this.sort === 'rank') {
      const place = t.once('places', () => new Map(t.ranked().map((id, i) => [id, i])));
      ids.sort((a, b) => (place.get(a) ?? Infinity) - (place.get(b) ?? Infinity) || a - b);
    } else {
      const of = this.all().find((c) => c[0] === this.sort)?.[2] ?? ((id) => id), sign = this.down ? -1 : 1;
      const empty = (v) => v === undefined || v === '' || Number.isNaN(v);
      ids.sort((a, b) => {
        const x = of(a), y = of(b);
        if (empty(x) || empty(y)) return empty(x) - empty(y) || a - b;
        return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : shown(x).localeCompare(shown(y))) || a - b;
      });
    }
    return ids;
  }

  update() {
    // Somebody who reads or types is not disturbed more than once in a while.
    if (this.timer) return;
    this.timer = setTimeout(() => { this.timer = 0; if (this.element.isConnected) this.draw(); }, 1000);
  }

  draw() {
    const t = this.trials, all = this.all();
    if (!this.columns) {
      const some = t.varied().slice(0, SHOWN_AT_FIRST).map((n) => 'p ' + n);
      this.columns = new Set(all.map((c) => c[0]).filter((k) => !k.startsWith('p ') && k !== 'reason').concat(some));
    }
    let ids = [];
    this.none.textContent = '';
    try { ids = this.rows(); } catch (e) { this.none.textContent = 'The search makes no sense: ' + e.message + '.'; }
    this.at = Math.max(0, Math.min(this.at, Math.floor((ids.length - 1) / PAGE)));
    const cols = all.filter((c) => this.columns.has(c[0])), best = t.best();
    this.offer(all);
    this.head.replaceChildren(el('th', { scope: 'col', textContent: 'Choose' }), ...cols.map((c) => this.heading(c)));
    const focus = this.body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    const cell = (c, id) => {
      const v = c[2](id);
      return el('td', {}, c[3] ? c[3](id) : typeof v === 'number' ? number(v) : shown(v).split('\n')[0]);
    };
    this.body.replaceChildren(...ids.slice(this.at * PAGE, (this.at + 1) * PAGE).map((id) =>
      el('tr', { className: id === best ? 'best' : '' }, el('td', {}, this.box(id)), cols.map((c) => cell(c, id)))));
    if (focus) this.body.querySelector('[aria-label=' + CSS.escape(focus) + ']')?.focus();
    this.scroll.hidden = !ids.length;
    if (!ids.length && !this.none.textContent) this.none.textContent = t.n ? 'No trial fits.' : 'No trial has begun yet.';
    this.none.hidden = ids.length > 0;
    this.pages(ids.length);
    this.choice();
  }

  heading([key, title]) {
    const sorted = this.sort === key;
    return el('th', { scope: 'col', aria: { sort: sorted ? (this.down ? 'descending' : 'ascending') : 'none' } },
      button(title + (sorted ? (this.down ? ' ↓' : ' ↑') : ''), () => {
        this.down = sorted ? !this.down : false;
        this.sort = key;
        this.draw();
        [...this.head.querySelectorAll('button')].find((b) => b.textContent.startsWith(title))?.focus();
      }));
  }

  box(id) {
    return el('input', { type: 'checkbox', checked: this.chosen.has(id), aria: { label: 'choose trial ' + id }, onchange: (e) => {
      if (e.target.checked) this.chosen.add(id); else this.chosen.delete(id);
      this.choice();
    } });
  }

  offer(all) {
    const place = this.picker.querySelector('.bar'), key = all.map((c) => c[0]).join('\n');
    if (this.offered === key) return;
    this.offered = key;
    place.replaceChildren(...all.slice(1).map(([k, title]) => el('label', {}, title, el('input', { type: 'checkbox', checked: this.columns.has(k), onchange: (e) => {
      if (e.target.checked) this.columns.add(k); else this.columns.delete(k);
      this.draw();
    } }))));
  }

  choice() {
    const ids = [...this.chosen].sort((a, b) => a - b), t = this.trials, key = ids.join() + ids.map((id) => t.state[id]);
    if (this.choiceKey === key) return;
    this.choiceKey = key;
    this.tools.replaceChildren(...!ids.length ? [el('span', { className: 'soft', textContent: 'Choose trials to compare, copy or cancel them.' })] : [
      el('span', { textContent: ids.length + ' chosen' }),
      ids.length > 1 && ids.length <= 8 && button('Compare side by side', () => compareTrials(t, ids)),
      ...(ids.length === 1 ? copyButtons(t, ids[0], 'the parameters') : []),
      ids.some((id) => t.state[id] < 2) && button('Cancel the unfinished', async () => { for (const id of ids) if (t.state[id] < 2) await kill(this.experiment, id); }),
      button('Choose none', () => { this.chosen.clear(); this.draw(); say(''); })].filter(Boolean));
  }

  pages(n) {
    const last = Math.max(0, Math.ceil(n / PAGE) - 1);
    const go = (to) => { this.at = Math.max(0, Math.min(last, to)); this.draw(); };
    const jump = el('input', { type: 'number', min: 1, max: last + 1, value: this.at + 1, onchange: (e) => go(Number(e.target.value) - 1) });
    if (this.foot.contains(document.activeElement) && document.activeElement.tagName === 'INPUT') return;
    this.foot.replaceChildren(el('span', { className: 'soft', textContent: n + ' trials' }), ...last ? [
      button('Back', () => go(this.at - 1), { disabled: this.at === 0 }), field('Page of ' + (last + 1), jump), button('On', () => go(this.at + 1), { disabled: this.at === last })] : []);
  }
}
