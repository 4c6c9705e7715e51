// How the search went: every trial's value with the best so far, how long trials took, and when.
import { STATES, number, duration } from './trials.js';
import { theme, base, axis } from './theme.js';

const MANY = 1000, LARGE = 4000;

export function stateColours() {
  return [theme.faint, theme.busy, theme.main, theme.warn, theme.faint, theme.faint];
}

const HOLLOW = [true, false, false, false, true, true];

function symbolOf(state) { return state === 3 ? 'triangle' : state === 4 ? 'diamond' : 'circle'; }

function sizeOf(n) { return n > LARGE ? 3 : n > MANY ? 4 : 7; }

// Points of each state; trials without a value stand at the bottom.
function points(t, value, floor, open) {
  const by = STATES.map(() => []);
  for (let id = 0; id < t.n; id++) {
    if (open.has(id)) continue;
    const v = value(id);
    if (!Number.isNaN(v)) by[t.state[id]].push([id, v]);
    else if (floor !== null) by[t.state[id]].push([id, floor]);
  }
  return by;
}

// States that come while a search runs are in the legend from the start: the layer has their points.
function stateSeries(t, by) {
  const colours = stateColours();
  return by.map((data, s) => ({
    name: STATES[s], type: 'scatter', data, symbolSize: sizeOf(t.n), large: t.n > LARGE, symbol: symbolOf(s), z: s === 1 ? 4 : 2,
    itemStyle: t.n > LARGE ? { color: colours[s], opacity: .6 } : HOLLOW[s]
      ? { color: 'transparent', borderColor: colours[s], borderWidth: 1.5 } : { color: colours[s], opacity: .85 }
  })).filter((s, state) => s.data.length || t.overview.running && state < 3 || t.state.includes(state));
}

// The mark of a trial's point; smaller ones than the eye finds are no use for what is new.
function mark(t, id, value, tip) {
  const s = t.state[id], colour = stateColours()[s], size = Math.max(4, sizeOf(t.n));
  return { id, name: STATES[s], at: [id, value], size, symbol: symbolOf(s), tip,
    fill: HOLLOW[s] ? (t.n > LARGE ? colour : 'transparent') : colour, stroke: HOLLOW[s] ? colour : null };
}

// The end of the axis of trials: one that runs has room for those to come, so that they can be added.
function lastTrial(t) {
  const room = t.overview.running ? Math.max(5, Math.ceil(t.n / 20)) : 0;
  return Math.max(1, t.n - 1, Math.min(t.n - 1 + room, t.overview.max_trials - 1));
}

function told(t, id) { return 'trial ' + id + ', ' + STATES[t.state[id]] + '\n' + (t.has(id) ? t.told(id) : 'no value'); }

function range(t) {
  let low = Infinity, high = -Infinity;
  for (let id = 0; id < t.n; id++) if (t.has(id)) { low = Math.min(low, t.value(id)); high = Math.max(high, t.value(id)); }
  return low <= high ? [low, high] : [0, 1];
}

export const history = {
  id: 'history', title: 'Trials and the best so far', wide: true, tall: true,
  enough: (t) => t.n ? '' : 'No trial has begun yet.',
  say: (t) => t.overview.goals[0].name + ' of each trial in the order of their start; '
    + (t.maximize() ? 'more' : 'less') + ' is better. Hollow or grey: not run to the end.' + (t.values[0].some((v) => Number.isNaN(v)) ? ' Trials without a value stand at the bottom.' : ''),
  pick: (p) => p.seriesType === 'scatter' ? p.value[0] : -1,
  frame: (t, _, open) => {
    const [low, high] = range(t), room = .06 * (high - low || Math.abs(low) || 1);
    return { open, last: lastTrial(t), floor: low - room, low: low - 1.5 * room, high: high + room };
  },
  option: (t, _, frame) => base({
    tooltip: Object.assign(base().tooltip, { formatter: (p) => told(t, p.value[0]) }),
    xAxis: axis('trial', { min: 0, max: frame.last, minInterval: 1, splitLine: { show: false } }),
    yAxis: axis('', { min: frame.low, max: frame.high, axisLabel: { color: theme.soft, formatter: (v) => number(v, 4), showMinLabel: false, showMaxLabel: false } }),
    series: [...stateSeries(t, points(t, (id) => t.value(id), frame.floor, frame.open)), {
      name: 'best so far', type: 'line', data: [], symbol: 'none', color: theme.best, lineStyle: { width: 2, color: theme.best } }]
  }),
  // The best so far is all on the layer: a trial that ends late changes it in its midst, and it has few corners.
  live: (t, _, frame, ids) => {
    const marks = [], corners = [], best = t.bestSoFar();
    for (const id of ids) {
      if (id > frame.last) return null;
      marks.push(mark(t, id, t.has(id) ? t.value(id) : frame.floor, told(t, id)));
    }
    best.forEach(([id, v], i) => { if (i) corners.push([id, best[i - 1][1]]); corners.push([id, v]); });
    if (corners.length) marks.push({ id: -1, name: 'best so far', line: corners, stroke: theme.best, width: 2, z: 5 });
    return marks;
  }
};

export const durations = {
  id: 'durations', title: 'Durations',
  enough: (t) => t.n ? '' : 'No trial has begun yet.',
  say: () => 'Seconds of work of each trial.',
  pick: (p) => p.value[0],
  frame: (t, _, open) => ({ open, last: lastTrial(t), high: 1.1 * t.seconds.reduce((most, s) => Math.max(most, s), 0) || 1 }),
  option: (t, _, frame) => base({
    tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[0] + '\n' + duration(p.value[1]) }),
    xAxis: axis('trial', { min: 0, max: frame.last, minInterval: 1, splitLine: { show: false } }),
    yAxis: axis('', { min: 0, max: frame.high, axisLabel: { color: theme.soft, formatter: (v) => duration(v), showMaxLabel: false } }),
    series: stateSeries(t, points(t, (id) => t.seconds[id] > 0 ? t.seconds[id] : NaN, null, frame.open))
  }),
  live: (t, _, frame, ids) => {
    const marks = [];
    for (const id of ids) {
      if (id > frame.last) return null;
      if (t.seconds[id] > 0) marks.push(mark(t, id, t.seconds[id], 'trial ' + id + '\n' + duration(t.seconds[id])));
    }
    return marks;
  }
};

// Bars of work on as few lines as there were trials at work at once.
function lanes(t) {
  const spans = [];
  for (const [id, times] of t.times) for (const [began, ended] of times) {
    const end = ended || (t.state[id] === 1 ? Date.now() : 0);
    if (end) spans.push([id, began, end]);
  }
  spans.sort((a, b) => a[1] - b[1]);
  const free = [];
  return spans.map(([id, began, end]) => {
    let lane = free.findIndex((f) => f <= began);
    if (lane < 0) lane = free.length;
    free[lane] = end;
    return [began, end, lane, id];
  });
}

export const timeline = {
  id: 'timeline', title: 'Timeline',
  enough: (t) => t.times.size ? '' : 'No times are known: they are kept for experiments begun with this version or a later one.',
  say: () => 'When each trial was at work; a line for each place of work.',
  pick: (p) => p.value?.[3] ?? -1,
  height: (t) => 60 + 22 * Math.min(16, 1 + lanes(t).reduce((n, s) => Math.max(n, s[2]), 0)),
  frame: (t, _, open) => {
    const spans = lanes(t), first = spans.reduce((a, s) => Math.min(a, s[0]), Infinity), last = spans.reduce((b, s) => Math.max(b, s[1]), first + 1);
    return { open, first, last: t.overview.running ? last + Math.max(5000, (last - first) / 20) : last, count: spans.reduce((n, s) => Math.max(n, s[2] + 1), 1) };
  },
  option: (t, _, frame) => {
    const colours = stateColours();
    return base({
      legend: { show: false },
      tooltip: Object.assign(base().tooltip, { formatter: (p) => spent(t, p.value) }),
      grid: { left: 8, right: 16, top: 8, bottom: 24, containLabel: true },
      xAxis: axis('', { type: 'time', min: frame.first, max: frame.last, splitLine: { show: false } }),
      yAxis: axis('', { type: 'value', min: 0, max: frame.count, scale: false, show: false }),
      series: [{ type: 'custom', data: lanes(t).filter((s) => !frame.open.has(s[3])), encode: { x: [0, 1], y: 2 }, clip: true,
        renderItem: (_, api) => {
          const a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(1), api.value(2) + 1]);
          return { type: 'rect', shape: { x: a[0], y: b[1] + 1, width: Math.max(1, b[0] - a[0]), height: Math.max(1, a[1] - b[1] - 2) },
            style: { fill: colours[t.state[api.value(3)]], opacity: .8 } };
        } }]
    });
  },
  live: (t, _, frame, ids) => {
    const colours = stateColours(), spans = lanes(t).filter((s) => ids.has(s[3]));
    return spans.some((s) => s[1] > frame.last || s[2] >= frame.count) ? null
      : spans.map((s) => ({ id: s[3], name: '', bar: [s[0], s[1], s[2], s[2] + 1], fill: colours[t.state[s[3]]], tip: spent(t, s) }));
  }
};

function spent(t, [began, ended, , id]) { return 'trial ' + id + ', ' + STATES[t.state[id]] + '\n' + duration((ended - began) / 1000); }
