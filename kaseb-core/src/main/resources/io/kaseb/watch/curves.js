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
    if (values.length < 2) continue;
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    last = Math.max(last, steps ? steps[steps.length - 1] : values.length);
  }
  const room = .03 * (high - low || 1);
  return { low: low - room, high: high + room, last };
}

const bestCurves = (t) => t.ranked().filter((id) => t.curves.has(id)).slice(0, NAMED);
const faintness = (n) => n > 2000 ? .05 : n > 500 ? .12 : n > 60 ? .3 : .6;

function sampled(t, c) {
  const s = t.sample;
  if (!s || c.reports === 'all') return s && !t.hasAll ? ' Loading all reports…' : '';
  return (s.of > s.drawn ? ' Of ' + s.of + ' trials with reports ' + s.drawn + ' are drawn: the best ' + s.best + ', the latest ' + s.latest
    + ', those at work and some of the others.' : '') + (s.points ? ' Of each at most ' + s.points + ' points, the lowest and highest among them.' : '')
    + ' A trial that is opened shows all its reports.';
}

export const curves = {
  id: 'curves', title: 'On the way', wide: true, tall: true,
  enough: (t) => {
    for (const c of t.curves.values()) if (c.values.length > 1) return '';
    return t.overview.budget > 1 && !t.hasReports ? 'Loading the reports…' : 'No trial has reported twice.';
  },
  say: (t, c) => t.overview.goals[0].name + ' at each report. Grey: stopped early. Coloured: the best ' + NAMED + '.' + sampled(t, c),
  // All of many are there for who asks.
  choices: (t) => t.sample && t.askForAll ? [{ key: 'reports', label: 'Draw ', options: [['some', 'some'], ['all', 'all, slowly']] }] : [],
  pick: (p) => p.seriesType === 'line' && p.seriesName.startsWith('trial ') ? Number(p.seriesName.replace('trial ', '')) : -1,
  frame: (t, c, open) => {
    if (c.reports === 'all') t.askForAll();
    return Object.assign(bounds(t), { open, best: bestCurves(t).join() });
  },
  option: (t, c, frame) => {
    const groups = { 'stopped early': [], whole: [], running: [] }, best = bestCurves(t), named = new Set(best), { low, high, last } = frame;
    const isLeft = (id) => named.has(id) || frame.open.has(id) || c.reports !== 'all' && t.extra.has(id);
    for (const [id, { values }] of t.curves) if (values.length > 1 && !isLeft(id)) groups[groupOf(t, id)].push(id);
    frame.faint = Object.fromEntries(Object.entries(groups).map(([name, ids]) => [name, name === 'running' ? .9 : faintness(ids.length)]));
    const lines = (name, z) => groups[name].length ? { name, type: 'lines', coordinateSystem: 'cartesian2d', polyline: true,
      large: true, largeThreshold: 0, silent: true, data: packed(t, groups[name]), z, color: colourOf(name),
      lineStyle: { color: colourOf(name), opacity: frame.faint[name], width: 1 } }
      // One that runs has them all in its legend, as the layer may have them; large lines without data fail.
      : t.overview.running ? { name, type: 'line', data: [], symbol: 'none', color: colourOf(name) } : null;
    const drawn = Object.keys(groups).map((name, i) => lines(name, i + 1)).filter(Boolean);
    return base({
      tooltip: Object.assign(base().tooltip, { formatter: (p) => p.seriesName + '\nstep ' + p.value[0] + ': ' + number(p.value[1]) }),
      xAxis: axis('step', { min: 1, max: Math.max(2, last), minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { min: low, max: high, axisLabel: { color: theme.soft, formatter: (v) => number(v, 4), showMinLabel: false, showMaxLabel: false } }),
      series: [...drawn, ...best.map((id, i) => ({ name: 'trial ' + id, type: 'line', data: pairs(t.curves.get(id)),
        symbolSize: 4, showSymbol: t.curves.get(id).values.length < 40, z: 5, color: theme.colours[i + 1], lineStyle: { width: 2 } }))]
    });
  },
  live: (t, _, frame, ids) => {
    if (bestCurves(t).join() !== frame.best) return null;
    const marks = [], named = new Set(frame.best.split(',').map(Number));
    for (const id of ids) {
      const c = t.curves.get(id);
      if (!c || c.values.length < 2 || named.has(id)) continue;
      const line = pairs(c), name = groupOf(t, id);
      if (line[line.length - 1][0] > frame.last || line.some(([, v]) => v < frame.low || v > frame.high)) return null;
      marks.push({ id, name, line, stroke: colourOf(name), opacity: Math.max(.3, frame.faint[name]), z: name === 'running' ? 4 : 3 });
    }
    return marks;
  }
};

function groupOf(t, id) { return t.state[id] === SUCCEEDED ? 'whole' : t.state[id] === RUNNING ? 'running' : 'stopped early'; }

function colourOf(name) { return { 'stopped early': theme.faint, whole: theme.main, running: theme.busy }[name]; }

// One trial's reports, of a goal that is chosen: { steps, values: [of each goal] }.
export function reportsChart(t, id, reports) {
  const goal = (c) => Number(c.goal ?? 0);
  return {
    id: 'reports', title: 'Reports',
    enough: () => reports.steps.length ? '' : 'It has reported nothing.',
    choices: () => t.overview.goals.length < 2 ? [] : [{ key: 'goal', label: 'Goal ', options: t.overview.goals.map((g, i) => [i, g.name]) }],
    say: (_, c) => t.overview.goals[goal(c)].name + ' at each of its ' + reports.steps.length + ' reports.',
    option: (_, c) => base({
      legend: { show: false }, grid: { left: 8, right: 24, top: 10, bottom: 28, containLabel: true },
      tooltip: Object.assign(base().tooltip, { trigger: 'axis', formatter: ([p]) => 'step ' + p.value[0] + ': ' + number(p.value[1]) }),
      xAxis: axis('step', { minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { axisLabel: { color: theme.soft, formatter: (v) => number(v, 4) } }),
      series: [{ name: 'trial ' + id, type: 'line', symbolSize: 4, showSymbol: reports.steps.length < 40, color: theme.main, lineStyle: { width: 2 },
        data: reports.steps.map((step, i) => [step, Number(reports.values[goal(c)][i])]) }]
    })
  };
}
