// Results against one parameter, against two, and one goal against another.
import { RUNNING, STATES, number } from './trials.js';
import { theme, base, axis, parameterAxis } from './theme.js';
import { few, ordered, pair } from './parameters.js';

const LARGEST = 4000, CELLS = 24;

export const slice = {
  id: 'slice', title: 'Slice', enough: few,
  choices: (t) => [{ key: 'x', label: 'Parameter ', options: ordered(t).map((name) => [name]) }],
  say: (t) => t.overview.goals[0].name + ' of each trial against one parameter; hollow or grey: not run to the end.',
  pick: (p) => p.value[2],
  frame: (t, _, open) => ({ open, y: spread(t.ranked().map((id) => t.value(id))) }),
  option: (t, c, frame) => {
    const whole = [], cut = [], a = t.axis(c.x);
    for (const id of t.ranked()) {
      const x = t.place(c.x, id);
      if (x !== null && !frame.open.has(id)) (t.whole(id) ? whole : cut).push([x, t.value(id), id]);
    }
    const n = frame.n = whole.length + cut.length;
    const series = (name, data, style) => ({ name, type: 'scatter', data, symbolSize: n > LARGEST ? 3 : n > 1000 ? 4 : 7,
      large: n > LARGEST, itemStyle: n > LARGEST ? { color: style.borderColor ?? theme.main, opacity: .5 } : style });
    return base({
      tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[2] + ': ' + t.told(p.value[2]) }),
      grid: { left: 8, right: 24, top: 34, bottom: 34, containLabel: true },
      xAxis: parameterAxis(a), yAxis: axis('', between(frame.y)),
      series: [series('not run to the end', cut, { color: 'transparent', borderColor: theme.faint, borderWidth: 1.5 }),
        series('whole', whole, { color: theme.main, opacity: .8 })]
    });
  },
  live: (t, c, frame, ids) => {
    const marks = [], a = t.axis(c.x);
    frame.options ??= a.options.length;
    // Another option is another place on the axis.
    if (frame.options !== a.options.length) return null;
    for (const id of ids) {
      const x = t.place(c.x, id), whole = t.whole(id);
      if (x === null || !t.counts(id) || t.state[id] === RUNNING) continue;
      marks.push({ id, name: whole ? 'whole' : 'not run to the end', at: [x, t.value(id)], size: frame.n > 1000 ? 4 : 7, tip: 'trial ' + id + ': ' + t.told(id),
        fill: whole ? theme.main : 'transparent', stroke: whole ? null : theme.faint, opacity: .8 });
    }
    return marks;
  }
};

// The ends of an axis for values, with some room, and its options: what is on the layer counts as what is not.
function spread(values) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity), high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = .05 * (high - low || Math.abs(low) || 1);
  return [low - room, high + room];
}

function between([min, max]) {
  return { min, max, axisLabel: { color: theme.soft, fontSize: 12, hideOverlap: true, formatter: (v) => number(v, 4), showMinLabel: false, showMaxLabel: false } };
}

// Few whole numbers have a cell each.
const apart = (a) => a.whole && a.high - a.low < CELLS;

// A value's cell along an axis.
function cell(a, v) {
  if (!a.numeric) return v;
  if (apart(a)) return v - a.low;
  const of = (x) => a.log ? Math.log(x) : x, span = of(a.high) - of(a.low);
  return span > 0 ? Math.min(CELLS - 1, Math.floor(CELLS * (of(v) - of(a.low)) / span)) : 0;
}

function labels(a) {
  if (!a.numeric) return a.options;
  if (apart(a)) return Array.from({ length: a.high - a.low + 1 }, (_, i) => String(a.low + i));
  const of = (x) => a.log ? Math.log(x) : x, back = (x) => a.log ? Math.exp(x) : x;
  return Array.from({ length: CELLS }, (_, i) => {
    const v = back(of(a.low) + (i + .5) / CELLS * (of(a.high) - of(a.low)));
    return a.whole ? String(Math.round(v)) : number(v, 3);
  });
}

export const contour = {
  id: 'contour', title: 'Contour', enough: (t) => few(t) || (t.varied().length > 1 ? '' : 'This needs two parameters that differ.'),
  choices: (t) => pair(t),
  say: (t) => 'The best ' + t.overview.goals[0].name + ' in each field of two parameters. Pale to orange: worse to better. Fields without a trial are empty.',
  option: (t, c) => {
    const x = t.axis(c.x), y = t.axis(c.y), best = new Map(), max = t.maximize();
    let low = Infinity, high = -Infinity;
    for (const id of t.ranked()) {
      const a = t.place(c.x, id), b = t.place(c.y, id);
      if (a === null || b === null) continue;
      const key = cell(x, a) + ' ' + cell(y, b), v = t.value(id), was = best.get(key);
      if (!was || (max ? v > was[2] : v < was[2])) best.set(key, [cell(x, a), cell(y, b), v, id]);
    }
    const data = [...best.values()];
    for (const d of data) { low = Math.min(low, d[2]); high = Math.max(high, d[2]); }
    const plain = { splitLine: { show: false }, scale: false };
    return base({
      legend: { show: false }, grid: { left: 8, right: 24, top: 10, bottom: 34, containLabel: true },
      tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[3] + ': ' + t.told(p.value[3]) }),
      xAxis: axis(c.x, Object.assign({ type: 'category', data: labels(x) }, plain)),
      yAxis: axis('', Object.assign({ type: 'category', data: labels(y) }, plain)),
      visualMap: { show: false, min: low, max: high > low ? high : low + 1, dimension: 2,
        inRange: { color: max ? theme.ramp : [...theme.ramp].reverse() } },
      series: [{ type: 'heatmap', data }]
    });
  },
  pick: (p) => p.value[3]
};

// The two goals that are set against each other; one against itself says nothing.
function goals(c) {
  const x = Number(c.x ?? 0), y = Number(c.y ?? 1);
  return x === y ? [x, x ? 0 : 1] : [x, y];
}

export const pareto = {
  id: 'pareto', title: 'Pareto front', wide: true,
  enough: (t) => t.values.length < 2 ? 'One goal: there is a best trial and no front.' : t.ranked().length ? '' : 'No trial has a result yet.',
  choices: (t) => {
    if (t.values.length < 3) return [];
    const names = t.overview.goals.map((g, i) => [i, g.name]);
    return [{ key: 'x', label: 'Across ', options: names }, { key: 'y', label: 'Up ', options: [...names.slice(1), names[0]] }];
  },
  say: (t, c) => 'Each trial by ' + goals(c).map((g) => t.overview.goals[g]).map((g) => g.name + ' (' + (g.maximize ? 'more' : 'less') + ' is better)').join(' and ')
    + '. The line joins those that no other one beats in both.',
  pick: (p) => p.seriesType === 'scatter' ? p.value[2] : -1,
  frame: (t, c, open) => {
    const [x, y] = goals(c), all = t.ranked().concat([...open].filter((id) => t.counts(id))).filter((id) => t.has(id, x) && t.has(id, y));
    return { open, front: t.front(x, y), x: spread(all.map((id) => t.value(id, x))), y: spread(all.map((id) => t.value(id, y))) };
  },
  option: (t, c, frame) => {
    const [x, y] = goals(c), at = (id) => [t.value(id, x), t.value(id, y), id], front = frame.front.map(at), all = [];
    for (let id = 0; id < t.n; id++) if (t.counts(id) && t.has(id, x) && t.has(id, y) && !frame.open.has(id)) all.push(at(id));
    frame.n = all.length;
    return base({
      tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[2] + ', ' + STATES[t.state[p.value[2]]] + '\n'
        + t.told(p.value[2], x) + ', ' + t.told(p.value[2], y) }),
      grid: { left: 8, right: 24, top: 52, bottom: 34, containLabel: true },
      xAxis: axis(t.overview.goals[x].name, between(frame.x)), yAxis: axis(t.overview.goals[y].name, Object.assign({ nameLocation: 'end', nameGap: 10, nameTextStyle: { color: theme.soft, fontSize: 12, align: 'left' } }, between(frame.y))),
      series: [{ name: 'trials', type: 'scatter', data: all, symbolSize: all.length > LARGEST ? 3 : 6, large: all.length > LARGEST,
        itemStyle: { color: theme.faint } },
      { name: 'front', type: 'line', data: front, symbolSize: 8, color: theme.best, z: 4 }]
    });
  },
  live: (t, c, frame, ids) => {
    const [x, y] = goals(c), marks = [], loss = (id, g) => t.maximize(g) ? -t.value(id, g) : t.value(id, g);
    for (const id of ids) {
      if (!t.counts(id) || !t.has(id, x) || !t.has(id, y)) continue;
      // One that no other beats is part of the front.
      if (t.whole(id) && !frame.front.some((f) => f !== id && loss(f, x) <= loss(id, x) && loss(f, y) <= loss(id, y)) && !frame.front.includes(id)) return null;
      marks.push({ id, name: 'trials', at: [t.value(id, x), t.value(id, y)], size: frame.n > LARGEST ? 4 : 6, fill: theme.faint, z: 3,
        tip: 'trial ' + id + ', ' + STATES[t.state[id]] + '\n' + t.told(id, x) + ', ' + t.told(id, y) });
    }
    return marks;
  }
};
