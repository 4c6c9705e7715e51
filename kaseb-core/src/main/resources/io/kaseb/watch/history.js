// How the search went: every trial's value with the best so far, how long trials took, and when.
import { STATES, number, duration } from './trials.js';
import { theme, base, axis } from './theme.js';

const MANY = 1000, LARGE = 4000;

export function stateColours() {
  return [theme.faint, theme.busy, theme.main, theme.warn, theme.faint, theme.faint];
}

// Points of each state; trials without a value stand at the bottom.
function points(t, value, floor) {
  const by = STATES.map(() => []);
  for (let id = 0; id < t.n; id++) {
    const v = value(id);
    if (!Number.isNaN(v)) by[t.state[id]].push([id, v]);
    else if (floor !== null) by[t.state[id]].push([id, floor]);
  }
  return by;
}

function stateSeries(by, more) {
  const colours = stateColours(), hollow = [true, false, false, false, true, true], n = by.reduce((sum, d) => sum + d.length, 0);
  return by.map((data, s) => Object.assign({
    name: STATES[s], type: 'scatter', data, symbolSize: n > LARGE ? 3 : n > MANY ? 4 : 7, large: n > LARGE,
    symbol: s === 3 ? 'triangle' : s === 4 ? 'diamond' : 'circle', z: s === 1 ? 4 : 2,
    itemStyle: n > LARGE ? { color: colours[s], opacity: .6 } : hollow[s]
      ? { color: 'transparent', borderColor: colours[s], borderWidth: 1.5 } : { color: colours[s], opacity: .85 }
  }, more)).filter((s) => s.data.length);
}

const tell = (t) => (p) => p.seriesName === 'best so far' ? 'best so far ' + number(p.value[1])
  : 'trial ' + p.value[0] + ', ' + STATES[t.state[p.value[0]]] + '\n' + (t.has(p.value[0]) ? number(t.value(p.value[0])) : 'no value');

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
  option: (t) => {
    const [low, high] = range(t), floor = low - .06 * (high - low || Math.abs(low) || 1);
    return base({
      tooltip: Object.assign(base().tooltip, { formatter: tell(t) }),
      xAxis: axis('trial', { min: 0, max: Math.max(1, t.n - 1), minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { axisLabel: { color: theme.soft, formatter: (v) => number(v, 4) } }),
      series: [...stateSeries(points(t, (id) => t.value(id), floor)), {
        name: 'best so far', type: 'line', step: 'end', showSymbol: false, data: t.bestSoFar(), z: 5,
        color: theme.best, lineStyle: { width: 2, color: theme.best } }]
    });
  }
};

export const durations = {
  id: 'durations', title: 'Durations',
  enough: (t) => t.n ? '' : 'No trial has begun yet.',
  say: () => 'Seconds of work of each trial.',
  pick: (p) => p.value[0],
  option: (t) => base({
    tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[0] + '\n' + duration(p.value[1]) }),
    xAxis: axis('trial', { min: 0, max: Math.max(1, t.n - 1), minInterval: 1, splitLine: { show: false } }),
    yAxis: axis('', { min: 0, axisLabel: { color: theme.soft, formatter: (v) => duration(v) } }),
    series: stateSeries(points(t, (id) => t.seconds[id] > 0 ? t.seconds[id] : NaN, null))
  })
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
  option: (t) => {
    const spans = lanes(t), count = spans.reduce((n, s) => Math.max(n, s[2] + 1), 1), colours = stateColours();
    return base({
      legend: { show: false },
      tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[3] + ', ' + STATES[t.state[p.value[3]]] + '\n'
        + duration((p.value[1] - p.value[0]) / 1000) }),
      grid: { left: 8, right: 16, top: 8, bottom: 24, containLabel: true },
      xAxis: axis('', { type: 'time', splitLine: { show: false } }),
      yAxis: axis('', { type: 'value', min: 0, max: count, scale: false, show: false }),
      series: [{ type: 'custom', data: spans, encode: { x: [0, 1], y: 2 }, clip: true,
        renderItem: (_, api) => {
          const a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(1), api.value(2) + 1]);
          return { type: 'rect', shape: { x: a[0], y: b[1] + 1, width: Math.max(1, b[0] - a[0]), height: Math.max(1, a[1] - b[1] - 2) },
            style: { fill: colours[t.state[api.value(3)]], opacity: .8 } };
        } }]
    });
  }
};
