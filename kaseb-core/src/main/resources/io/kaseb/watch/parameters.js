// Parameters and results: what mattered, all parameters beside each other, ranks.
import { number, shown } from './trials.js';
import { theme, base, axis, parameterAxis } from './theme.js';

const MOST_LINES = 1000, MOST_AXES = 12, AXIS_WIDTH = 75, MOST_RANKS = 4000;

// As many axes as are read beside each other on a window of this width.
const axes = () => Math.max(3, Math.min(MOST_AXES, Math.floor(innerWidth / AXIS_WIDTH) - 1));

export function few(t) {
  return t.ranked().length < 2 ? 'This needs two trials with a result.' : t.varied().length ? '' : 'No parameter differs between trials.';
}

// Parameters that differ, the most important first.
export function ordered(t) {
  const share = t.importance ?? {};
  const of = (name) => Object.entries(share).reduce((s, [path, v]) =>
    path === name || path.endsWith('/' + name) ? Math.max(s, v) : s, 0);
  return [...t.varied()].sort((a, b) => of(b) - of(a));
}

export const importance = {
  id: 'importance', title: 'Importance',
  enough: (t) => Object.keys(t.importance ?? {}).length ? '' : t.ranked().length < 8 ? 'This needs eight trials with a result.'
    : t.importance ? 'No parameter differs between trials.' : 'Weighing the parameters…',
  key: (t) => JSON.stringify([t.importance, t.overview.goals[0].name]),
  say: (t) => 'The share of the variance of ' + t.overview.goals[0].name + ' that each parameter explains by itself.',
  height: (t) => 50 + 26 * Math.min(MOST_AXES, Object.keys(t.importance).length),
  option: (t) => {
    const rows = Object.entries(t.importance).slice(0, MOST_AXES).reverse();
    return base({
      // The library's own room for the names is too small for some fonts.
      legend: { show: false }, grid: { left: 14 + Math.min(160, 7.5 * rows.reduce((n, r) => Math.max(n, r[0].length), 0)), right: 48, top: 4, bottom: 24, containLabel: false },
      tooltip: Object.assign(base().tooltip, { formatter: (p) => p.name + '\n' + (100 * p.value).toFixed(1) + ' %' }),
      xAxis: axis('', { min: 0, scale: false, axisLabel: { color: theme.soft, hideOverlap: true, formatter: (v) => Math.round(100 * v) + ' %' } }),
      yAxis: axis('', { type: 'category', data: rows.map((r) => r[0]), splitLine: { show: false },
        axisLabel: { color: theme.ink, width: 160, overflow: 'truncate', interval: 0 } }),
      series: [{ type: 'bar', barMaxWidth: 14, data: rows.map((r) => r[1]), itemStyle: { color: theme.main },
        label: { show: true, position: 'right', color: theme.soft, formatter: (p) => Math.round(100 * p.value) + ' %' } }]
    });
  }
};

const TOPS = [['100', 'all'], ['50', 'the best half'], ['20', 'the best 20 %'], ['10', 'the best 10 %'], ['5', 'the best 5 %'], ['1', 'the best 1 %']];

function top(t, chosen) {
  const ranked = t.ranked();
  return ranked.slice(0, Math.max(1, Math.ceil(ranked.length * Number(chosen.top ?? 100) / 100)));
}

// Five values along an axis, its ends among them: those of the library's choice lie on the ends' texts.
function scale(a) {
  const of = (v) => a.log ? Math.log(v) : v, back = (v) => a.log ? Math.exp(v) : v, span = of(a.high) - of(a.low);
  const whole = Number.isInteger(a.low) && Number.isInteger(a.high);
  const inner = [.25, .5, .75].map((share) => back(of(a.low) + share * span)).map((v) => whole ? Math.round(v) : v);
  return [a.low, ...inner.filter((v) => v > a.low && v < a.high), a.high];
}

// A number in few characters.
function short(v) { return v && Math.abs(v) < .001 ? v.toExponential(1).replace('.0e', 'e') : Number.isInteger(v) ? String(v) : number(v, 3); }

// The parameters that have an axis: those that the reader put in order, then the most important.
function shownAxes(t, chosen) {
  const all = ordered(t), first = (chosen.order ?? []).filter((name) => all.includes(name));
  return [...first, ...all.filter((name) => !first.includes(name))].slice(0, axes());
}

export const parallel = {
  id: 'parallel', title: 'Parameters beside each other', wide: true, tall: true, enough: few,
  axes: shownAxes,
  // Most trials of a long search are none of the best that are drawn.
  key: (t, chosen) => JSON.stringify([top(t, chosen).slice(0, MOST_LINES), shownAxes(t, chosen).map((name) => [name, t.axis(name).low, t.axis(name).high, t.axis(name).options])]),
  choices: () => [{ key: 'top', label: 'Show ', options: TOPS }],
  say: (t, chosen) => {
    const n = top(t, chosen).length;
    return 'A line for each trial, ' + (n > MOST_LINES ? 'the best ' + MOST_LINES + ' of ' + n : n)
      + (t.varied().length > axes() ? ', over the ' + axes() + ' parameters that matter most' : '')
      + '. Draw along an axis with the mouse to keep the trials that pass there. Pale to orange: worse to better.';
  },
  option: (t, chosen) => {
    const ids = top(t, chosen).slice(0, MOST_LINES), names = shownAxes(t, chosen), goal = t.overview.goals[0];
    const ends = { nameTextStyle: { color: theme.soft, fontSize: 11, width: 90, overflow: 'break' }, axisLabel: { color: theme.soft, fontSize: 10 },
      axisLine: { lineStyle: { color: theme.faint } }, axisTick: { show: false }, splitLine: { show: false } };
    const dims = names.map((name, i) => {
      const a = t.axis(name);
      return Object.assign({ dim: i, name: name.replace(/_/g, ' ') }, ends, a.numeric ? { type: a.log ? 'log' : 'value', min: a.low, max: a.high,
        axisLabel: { color: theme.soft, fontSize: 10, customValues: scale(a), formatter: short } } : { type: 'category', data: a.options });
    });
    dims.push(Object.assign({ dim: names.length, name: goal.name, scale: true, inverse: !goal.maximize }, ends));
    const rows = ids.map((id) => [...names.map((name) => t.axis(name).numeric ? t.place(name, id) : shown(t.raws(name)[id])), t.value(id), id]).reverse();
    const values = ids.map((id) => t.value(id));
    const low = Math.min(...values), high = Math.max(...values);
    return base({
      legend: { show: false },
      parallel: { left: 40, right: 50, top: 46, bottom: 20, parallelAxisDefault: { nameLocation: 'end', nameGap: 12,
        areaSelectStyle: { width: 16, borderColor: theme.best, color: theme.best, opacity: .25 } } },
      parallelAxis: dims,
      visualMap: { show: false, min: low, max: high > low ? high : low + 1, dimension: names.length,
        inRange: { color: goal.maximize ? theme.ramp : [...theme.ramp].reverse() } },
      series: [{ type: 'parallel', data: rows, smooth: false, inactiveOpacity: .03, progressive: 400,
        lineStyle: { width: rows.length > 300 ? .8 : 1.4, opacity: rows.length > 300 ? .35 : .7 } }]
    });
  }
};

// Places of values among all, so that skewed values spread out.
export const ranks = {
  id: 'ranks', title: 'Rank', enough: (t) => few(t) || (t.varied().length > 1 ? '' : 'This needs two parameters that differ.'),
  choices: (t) => pair(t),
  say: (t) => 'Two parameters of ' + (t.ranked().length > MOST_RANKS ? MOST_RANKS + ' of ' + t.ranked().length + ' trials, evenly from the best to the last' : 'each trial')
    + ', coloured by the place of its result. Pale to orange: last to first.',
  option: (t, c) => {
    const ranked = t.ranked(), n = Math.max(1, ranked.length - 1), x = t.axis(c.x), y = t.axis(c.y);
    const data = [];
    const step = Math.max(1, ranked.length / MOST_RANKS);
    for (let i = 0; i < ranked.length / step; i++) {
      const place = Math.floor(i * step), id = ranked[place], a = t.place(c.x, id), b = t.place(c.y, id);
      if (a !== null && b !== null) data.push([a, b, 1 - place / n, id]);
    }
    return base({
      legend: { show: false }, grid: { left: 8, right: 24, top: 10, bottom: 34, containLabel: true },
      tooltip: Object.assign(base().tooltip, { formatter: (p) => 'trial ' + p.value[3] + ': ' + number(t.value(p.value[3])) }),
      xAxis: parameterAxis(x), yAxis: parameterAxis(y, { name: '' }),
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: theme.ramp } },
      series: [{ type: 'scatter', data: data.reverse(), progressive: 0, symbolSize: data.length > 2000 ? 3 : 7 }]
    });
  },
  pick: (p) => p.value[3]
};

export function pair(t) {
  const names = ordered(t).map((name) => [name]);
  return [{ key: 'x', label: 'Across ', options: names }, { key: 'y', label: 'Up ', options: [...names.slice(1), ...names.slice(0, 1)] }];
}

