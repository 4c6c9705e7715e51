// One experiment, in four parts that are drawn when they are looked at.
import { el, main, badge } from './dom.js';
import { Live } from './live.js';
import { Overview } from './overview.js';
import { TrialTable } from './table.js';
import { openTrial } from './trial.js';
import { PROGRESS, PARAMETERS } from './charts.js';
import { Panel } from './panel.js';
import { onTheme } from './theme.js';

const PARTS = [['', 'Overview'], ['progress', 'Progress'], ['parameters', 'Parameters'], ['trials', 'Trials']];
let redraw = () => {};
onTheme(() => redraw());

export function experimentPage(page, id, part) {
  const name = el('h1', { textContent: 'Experiment' }), place = el('div'), wait = el('p', { className: 'empty', textContent: 'Loading the trials…' });
  const tabs = el('nav', { className: 'tabs', aria: { label: 'Parts' } });
  let parts = null, now = part, panels = [];
  main.replaceChildren(name, tabs, wait, place);

  const show = () => {
    const t = live.trials;
    tabs.replaceChildren(...PARTS.map(([key, title]) => el('a', { href: '#/' + id + (key ? '/' + key : ''), textContent: title,
      aria: key === now ? { current: 'page' } : {} })));
    if (!parts) return;
    panels.forEach((p) => p.close());
    panels = [];
    const chart = (all) => {
      panels = all.filter((c) => c.id !== 'pareto' || t.values.length > 1).map((c) => new Panel(c, t, (trial) => openTrial(id, t, trial)));
      return el('div', { className: 'panels' }, panels.map((p) => p.element));
    };
    if (now === 'progress') place.replaceChildren(el('h2', { textContent: 'Progress', hidden: true }), chart(PROGRESS.slice(1)));
    else if (now === 'parameters') place.replaceChildren(chart(PARAMETERS));
    else if (now === 'trials') { place.replaceChildren(parts.table.element); parts.table.draw(); }
    else place.replaceChildren(parts.overview.top, chart(PROGRESS.slice(0, 1)), parts.overview.element);
  };

  // ids: the trials that have changed, null for all
  const heard = (ids) => {
    const t = live.trials;
    if (!parts) {
      wait.remove();
      main.removeAttribute('aria-busy');
      parts = { overview: new Overview(id, t, (trial) => openTrial(id, t, trial)), table: new TrialTable(id, t) };
      show();
    }
    if (name.dataset.said !== t.overview.name) {
      name.dataset.said = name.textContent = t.overview.name;
      page.title(t.overview.name);
    }
    if (now === 'trials') parts.table.update();
    else if (now === '') parts.overview.update();
    panels.forEach((p) => p.update(ids));
  };

  const live = new Live(id, heard, (e, atOnce) => page.lost(e, atOnce));
  redraw = () => panels.forEach((p) => p.redraw());
  page.signal.addEventListener('abort', () => { live.stop(); clearInterval(clock); panels.forEach((p) => p.close()); });
  // Time goes on also where nothing changes.
  const clock = setInterval(() => { if (parts && now === '' && live.trials.overview.running) parts.overview.update(); }, 1000);
  show();
  live.start(part === 'progress');
  return (next) => { now = next; show(); };
}
