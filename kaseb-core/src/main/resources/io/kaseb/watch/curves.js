// How trials came to their results. All curves of a kind are one series of packed numbers, so that
// a million points are drawn at once.
import { SUCCEEDED, RUNNING, number } from './trials.js';
import { theme, base, axis } from './theme.js';

const NAMED = 5;

// Curves packed as [count, x, y, x, y ...]
function packed(t, ids) {
  let size = 0;
  for (const id of ids) size += 1 + 2 * t.curves.get(id).values.length;
  const flat = new Float64Array(size);
  let at = 0;
  for (const id of ids) {
    const { values, steps } = t.curves.get(id);
    flat[at++] = values.length;
    for (let i = 0; i < values.length; i++) { flat[at++] = steps ? steps[i] : i + 1; flat[at++] = values[i]; }
  }
  return flat;
}

const pairs = (c) => Array.from(c.values, (v, i) => [c.steps ? c.steps[i] : i + 1, v]);

function bounds(t) {
  let low = Infinity, high = -Infinity, last = 1;
  for (const { values, steps } of t.curves.values()) {
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    last = Math.max(last, steps ? steps[steps.length - 1] : values.length);
  }
  const room = .03 * (high - low || 1);
  return { low: low - room, high: high + room, last };
}

export const curves = {
  id: 'curves', title: 'On the way', wide: true, tall: true,
  enough: (t) => {
    for (const c of t.curves.values()) if (c.values.length > 1) return '';
    return 'No trial has reported twice.';
  },
  say: (t) => t.overview.goals[0].name + ' at each report. Grey: stopped early. Coloured: the best ' + NAMED + '.',
  option: (t) => {
    const whole = [], cut = [], live = [], best = t.ranked().filter((id) => t.curves.has(id)).slice(0, NAMED);
    const named = new Set(best), { low, high, last } = bounds(t);
    for (const [id, c] of t.curves) {
      if (c.values.length < 2 || named.has(id)) continue;
      (t.state[id] === SUCCEEDED ? whole : t.state[id] === RUNNING ? live : cut).push(id);
    }
    const lines = (name, ids, color, opacity, z) => ({ name, type: 'lines', coordinateSystem: 'cartesian2d', polyline: true,
      large: true, largeThreshold: 0, silent: true, data: packed(t, ids), z, color,
      lineStyle: { color, opacity, width: 1 } });
    const thin = (n) => n > 2000 ? .05 : n > 500 ? .12 : n > 60 ? .3 : .6;
    const drawn = [];
    if (cut.length) drawn.push(lines('stopped early', cut, theme.faint, thin(cut.length), 1));
    if (whole.length) drawn.push(lines('whole', whole, theme.main, thin(whole.length), 2));
    if (live.length) drawn.push(lines('running', live, theme.busy, .9, 3));
    return base({
      tooltip: Object.assign(base().tooltip, { formatter: (p) => p.seriesName + '\nstep ' + p.value[0] + ': ' + number(p.value[1]) }),
      xAxis: axis('step', { min: 1, max: Math.max(2, last), minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { min: low, max: high, axisLabel: { color: theme.soft, formatter: (v) => number(v, 4), showMinLabel: false, showMaxLabel: false } }),
      series: [...drawn, ...best.map((id, i) => ({ name: 'trial ' + id, type: 'line', data: pairs(t.curves.get(id)),
        symbolSize: 4, showSymbol: t.curves.get(id).values.length < 40, z: 5, color: theme.colours[i + 1], lineStyle: { width: 2 } }))]
    });
  }
};
