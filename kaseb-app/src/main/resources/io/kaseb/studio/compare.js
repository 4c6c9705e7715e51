// Several experiments beside each other.
import { api, el, main, badge } from './dom.js';
import { Trials, duration, number } from './trials.js';
import { Panel } from './panel.js';
import { base, axis, theme } from './theme.js';

const EVERY = 5000;

// The best so far of every experiment, by trials begun or by seconds of work.
const chart = {
  id: 'bests', title: 'The best so far', wide: true, tall: true,
  enough: (all) => all.each.some(([, t]) => t.bestSoFar().length) ? '' : 'None of them has a whole trial yet.',
  choices: () => [{ key: 'by', label: 'Along ', options: [['trials', 'trials'], ['work', 'seconds of work']] }],
  say: (all) => new Set(all.each.map(([, t]) => t.overview.goals[0].name)).size > 1
    ? 'They have different goals: their values do not compare.' : all.each[0][1].overview.goals[0].name + ' of the best whole trial so far.',
  option: (all, c) => base({
    tooltip: Object.assign(base().tooltip, { trigger: 'axis', valueFormatter: (v) => number(v) }),
    xAxis: axis(c.by === 'work' ? 'seconds of work' : 'trial', { min: 0, splitLine: { show: false } }), yAxis: axis(''),
    series: all.each.map(([, t], i) => {
      const work = [];
      let sum = 0;
      for (let id = 0; id < t.n; id++) work.push(sum += t.seconds[id]);
      return { name: (i + 1) + ' ' + t.overview.name, type: 'line', step: 'end', showSymbol: false, lineStyle: { width: 2 },
        color: theme.colours[i % theme.colours.length], data: t.bestSoFar().map(([id, v]) => [c.by === 'work' ? work[id] : id, v]) };
    })
  })
};

export function comparePage(page, ids) {
  const all = { each: [], news: 0 }, panel = new Panel(chart, all), rows = el('tbody'), head = el('tr');
  page.title('Experiments beside each other');
  main.replaceChildren(el('h1', { textContent: 'Experiments beside each other' }), panel.element,
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Experiments beside each other' } }, el('table', {}, el('thead', {}, head), rows)));
  page.signal.addEventListener('abort', () => panel.close());

  const draw = () => {
    const of = all.each.map(([, t]) => t), best = (t) => t.best();
    const names = [...new Set(of.flatMap((t) => best(t) < 0 ? [] : Object.keys(t.parameters(best(t)))))];
    const row = (name, cells) => el('tr', { className: new Set(cells).size > 1 ? 'differs' : '' }, el('th', { scope: 'row', textContent: name }), cells.map((c) => el('td', { textContent: c })));
    head.replaceChildren(el('th', { scope: 'col', textContent: 'Of' }), ...all.each.map(([id, t], i) => el('th', { scope: 'col' }, el('a', { href: '#/' + id, textContent: (i + 1) + ' ' + t.overview.name }))));
    rows.replaceChildren(row('status', of.map((t) => t.overview.status.toLowerCase())), row('goal', of.map((t) => t.overview.goals[0].name)),
      row('best', of.map((t) => best(t) < 0 ? '' : t.told(best(t)))), row('trials', of.map((t) => String(t.n))),
      row('time', of.map((t) => duration(t.overview.seconds))), row('sampler', of.map((t) => t.overview.sampler)), row('pruner', of.map((t) => t.overview.pruner)),
      row('folder', of.map((t) => t.overview.folder)),
      ...names.map((name) => row('best trial: ' + name, of.map((t) => best(t) < 0 ? '' : String(t.parameters(best(t))[name] ?? '')))));
    panel.update();
  };

  const known = new Map(ids.map((id) => [id, new Trials()]));
  const update = async () => {
    try {
      let news = false;
      for (const [id, t] of known) {
        const before = t.news;
        t.apply(await api('GET', '/' + id + '/trials?since=' + encodeURIComponent(t.version), undefined, page.signal));
        news ||= t.news !== before;
      }
      page.lost(null);
      main.removeAttribute('aria-busy');
      if (news) { all.each = [...known]; all.news++; draw(); }
    } catch (e) { if (!page.signal.aborted) page.lost(e, !all.each.length); }
  };
  update();
  const timer = setInterval(update, EVERY);
  page.signal.addEventListener('abort', () => clearInterval(timer));
}
