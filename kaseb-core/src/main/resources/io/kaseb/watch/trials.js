// An experiment's trials, kept in columns and brought up to date by messages of what has changed.
// A trial's number is its place in every column.
export const STATES = ['waiting', 'running', 'succeeded', 'failed', 'canceled', 'stopped early'];
export const SUCCEEDED = 2, RUNNING = 1, WAITING = 0, FAILED = 3;
const IMPORTED = 3;

export class Trials {
  constructor() {
    this.clear();
  }

  clear() {
    Object.assign(this, { n: 0, version: '', overview: null, state: [], seconds: [], step: [], violation: [],
      source: [], parent: [], values: [], raw: new Map(), reasons: new Map(), times: new Map(), notes: new Map(), errors: new Map(),
      curves: new Map(), sample: null, hasReports: false, hasAll: false, extra: new Set(), news: 0, derived: {}, order: null, moved: new Set(), axes: new Map() });
  }

  // Takes a message; returns the numbers of the trials that it changed.
  apply(message) {
    if (message.whole) this.clear();
    this.version = message.version;
    if (message.overview) this.overview = message.overview;
    const t = message.trials, ids = t.ids;
    const columns = t.values.map((column) => new Float64Array(unpacked(column)));
    while (this.values.length < this.overview.goals.length) this.values.push([]);
    ids.forEach((id, i) => {
      this.state[id] = t.states[i];
      this.seconds[id] = t.seconds[i];
      this.step[id] = t.steps[i];
      this.violation[id] = Number(t.violations[i]);
      this.source[id] = t.sources[i];
      this.parent[id] = t.parents[i];
      columns.forEach((column, g) => { this.values[g][id] = column[i]; });
      if (t.notes[id] === undefined) this.notes.delete(id);
      this.n = Math.max(this.n, id + 1);
    });
    for (const [name, column] of Object.entries(t.parameters)) {
      if (!this.raw.has(name)) this.raw.set(name, []);
      const to = this.raw.get(name);
      if (column.floats !== undefined) {
        const numbers = new Float64Array(unpacked(column.floats));
        ids.forEach((id, i) => { if (!Number.isNaN(numbers[i])) to[id] = numbers[i]; });
      }
      else ids.forEach((id, i) => { if (column.indices[i] >= 0) to[id] = column.options[column.indices[i]]; });
    }
    for (const key of ['reasons', 'times', 'notes', 'errors'])
      for (const [id, value] of Object.entries(t[key])) this[key].set(Number(id), value);
    if (message.curves) this.applyCurves(message.curves, true);
    for (const id of ids) this.moved.add(id);
    if (ids.length || message.overview) { this.news++; this.derived = {}; }
    return ids;
  }

  // Takes reports; those that are newer than a whole reading stay, but a trial that has ended has none
  // that are newer. A message with some trials' alone tells how they were chosen; what all have beyond
  // them is extra.
  applyCurves(message, isNewer) {
    const all = new Float32Array(unpacked(message.values));
    let at = 0;
    const isSample = message.of !== undefined, isAll = !isNewer && !isSample;
    message.trials.forEach((id, i) => {
      const values = all.subarray(at, at += message.counts[i]);
      if (isAll && !this.curves.has(id)) this.extra.add(id);
      if (isNewer || !this.curves.has(id) || this.state[id] > RUNNING) this.curves.set(id, { values, steps: message.steps[id] ?? null });
    });
    if (isSample) this.sample = message.of > message.trials.length || message.thinned
      ? { of: message.of, drawn: message.trials.length, best: message.best, latest: message.latest, points: message.thinned ? message.points : 0 } : null;
    this.hasReports ||= isSample || isAll;
    this.news++;
  }

  // Computes something once for each state of the data.
  once(key, make) {
    if (!(key in this.derived)) this.derived[key] = make();
    return this.derived[key];
  }

  maximize(g = 0) { return this.overview.goals[g].maximize; }
  value(id, g = 0) { return this.values[g][id]; }

  // A value as it is written: one that was measured with its standard error, as in 1.31 ± 0.04.
  told(id, g = 0) {
    const error = this.errors.get(id)?.[g];
    return number(this.value(id, g)) + (error > 0 ? ' ± ' + number(error, 2) : '');
  }

  has(id, g = 0) { return !Number.isNaN(this.values[g][id]); }
  imported(id) { return this.source[id] === IMPORTED; }

  // Whether a trial's value counts: it kept the constraints and did not fail.
  counts(id) { return this.has(id) && this.state[id] !== FAILED && !(this.violation[id] > 0); }
  whole(id) { return this.state[id] === SUCCEEDED && this.counts(id); }

  // Numbers of the trials that count, best first: whole ones, then the others by how far they came.
  // What has changed is put into its place in the order of before: sorting all anew for one trial
  // would be most of the work.
  ranked() {
    return this.once('ranked', () => {
      const before = this.before(), stands = (id) => this.counts(id) && this.state[id] !== RUNNING;
      if (!this.order || this.moved.size > 500) {
        this.order = [];
        for (let id = 0; id < this.n; id++) if (stands(id)) this.order.push(id);
        this.order.sort(before);
      } else if (this.moved.size) {
        const order = this.order.filter((id) => !this.moved.has(id));
        for (const id of this.moved) {
          if (!stands(id)) continue;
          let low = 0, high = order.length;
          while (low < high) {
            const middle = (low + high) >> 1;
            if (before(order[middle], id) < 0) low = middle + 1; else high = middle;
          }
          order.splice(low, 0, id);
        }
        this.order = order;
      }
      this.moved.clear();
      return this.order;
    });
  }

  // The order of ranks.
  before() {
    const sign = this.maximize() ? -1 : 1, v = this.values[0], kind = (id) => this.state[id] === SUCCEEDED ? 0 : 1;
    return (a, b) => kind(a) - kind(b) || (kind(a) ? this.step[b] - this.step[a] : 0) || sign * (v[a] - v[b]) || a - b;
  }

  best() { return this.ranked()[0] ?? -1; }

  // Points [number, best value so far] where it changed, over whole trials.
  bestSoFar() {
    return this.once('best', () => {
      const points = [], max = this.maximize();
      let best = NaN;
      for (let id = 0; id < this.n; id++) {
        const v = this.values[0][id];
        if (this.whole(id) && !(max ? v <= best : v >= best)) points.push([id, best = v]);
      }
      if (points.length) points.push([this.n - 1, best]);
      return points;
    });
  }

  // Numbers of the whole trials that none beats in two goals, by the first of them.
  front(x = 0, y = 1) {
    return this.once('front ' + x + ' ' + y, () => {
      if (this.values.length < 2) return [];
      const loss = (id, g) => this.maximize(g) ? -this.values[g][id] : this.values[g][id], ids = [];
      for (let id = 0; id < this.n; id++) if (this.whole(id) && this.has(id, x) && this.has(id, y)) ids.push(id);
      ids.sort((a, b) => loss(a, x) - loss(b, x) || loss(a, y) - loss(b, y) || a - b);
      const front = [];
      let least = Infinity;
      for (const id of ids) if (loss(id, y) < least) { least = loss(id, y); front.push(id); }
      return front;
    });
  }

  // What a parameter's axis needs: numbers with their range, or options in order. A trial's parameters
  // never change: only those of new trials are looked at.
  axis(name) {
    return this.once('axis ' + name, () => {
      let known = this.axes.get(name);
      if (!known) this.axes.set(name, known = { until: 0, seen: new Map(), low: Infinity, high: -Infinity, numeric: true, any: 0 });
      const raw = this.raw.get(name) ?? [], seen = known.seen;
      for (; known.until < this.n; known.until++) {
        const v = raw[known.until];
        if (v === undefined) continue;
        known.any++;
        if (typeof v === 'number') { known.low = Math.min(known.low, v); known.high = Math.max(known.high, v); }
        else { known.numeric = false; }
        if (seen.size < 500) seen.set(shown(v), v);
      }
      const { low, high, numeric, any } = known, options = numeric ? [] : [...seen.keys()].sort();
      const spec = this.overview.space.find((s) => s.name === name || s.path === name);
      const log = numeric && low > 0 && (spec ? !!spec.log : high / low > 100);
      return { name, numeric, options, low, high, log, whole: numeric && !!spec?.whole, varies: seen.size > 1, any };
    });
  }

  names() { return [...this.raw.keys()]; }
  varied() { return this.once('varied', () => this.names().filter((name) => this.axis(name).varies)); }
  raws(name) { return this.raw.get(name) ?? []; }

  // A parameter's value as a chart places it: a number, or the place of an option; null for none.
  place(name, id) {
    const v = this.raws(name)[id];
    if (v === undefined) return null;
    const a = this.axis(name);
    return a.numeric ? v : this.once('places ' + name, () => new Map(a.options.map((o, i) => [o, i]))).get(shown(v)) ?? null;
  }

  // A trial's parameters by name, as they were.
  parameters(id) {
    const of = {};
    for (const [name, raw] of this.raw) if (raw[id] !== undefined) of[name] = raw[id];
    return of;
  }
}

// Numbers come as their bytes in base64.
function unpacked(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

export function shown(v) {
  if (v === null || v === undefined) return '';
  if (typeof v === 'number') return number(v);
  return typeof v === 'object' ? JSON.stringify(v) : String(v);
}

export function number(v, digits = 5) {
  return typeof v !== 'number' || Number.isNaN(v) ? '' : String(Number(v.toPrecision(digits)));
}

export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (seconds < 10) return number(seconds, 2) + ' s';
  if (s < 120) return s + ' s';
  const m = Math.round(s / 60);
  return m < 120 ? m + ' min' : Math.floor(m / 60) + ' h ' + m % 60 + ' min';
}
