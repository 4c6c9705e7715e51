// The list of experiments.
import { api, el, field, main, badge } from './dom.js';
import { number, duration } from './trials.js';

const EVERY = 2000;

export function listPage(page) {
  const search = el('input', { type: 'search', id: 'search' }), status = el('select', {}, new Option('all', ''));
  const order = el('select', {}, new Option('as in the folder', ''), new Option('name', 'name'), new Option('best first', 'best'), new Option('most trials', 'trials'));
  const body = el('tbody'), none = el('p', { className: 'empty', textContent: 'Loading…' }), damaged = el('div');
  const chosen = new Set(), compare = el('a', { textContent: 'Compare the chosen', hidden: true });
  const head = el('thead', {}, el('tr', {}, ['Compare', 'Name', 'Best', 'Goal', 'Status', 'Trials', 'Time', 'Folder'].map((h) => el('th', { scope: 'col', textContent: h }))));
  const table = el('div', { className: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Experiments' } }, el('table', {}, head, body));
  let data = { experiments: [], damaged: [] }, last = '';

  const pick = (e) => el('input', { type: 'checkbox', checked: chosen.has(e.id), aria: { label: 'compare ' + e.name }, onchange: (event) => {
    if (event.target.checked) chosen.add(e.id); else chosen.delete(e.id);
    follow();
  } });
  const follow = () => {
    compare.hidden = chosen.size < 2;
    compare.href = '#/compare/' + [...chosen].join(',');
  };
  const sorted = (rows) => {
    const sign = (e) => e.best === null ? Infinity : e.maximize ? -e.best : e.best;
    if (order.value === 'name') rows.sort((a, b) => a.name.localeCompare(b.name));
    if (order.value === 'best') rows.sort((a, b) => a.goal.localeCompare(b.goal) || sign(a) - sign(b));
    if (order.value === 'trials') rows.sort((a, b) => b.trials - a.trials);
    return rows;
  };
  const draw = () => {
    const wanted = search.value.toLowerCase();
    const rows = sorted(data.experiments.filter((e) => (e.name + ' ' + e.folder + ' ' + e.goal).toLowerCase().includes(wanted)
      && (!status.value || e.status === status.value)));
    const focus = document.activeElement?.getAttribute('href') ?? document.activeElement?.getAttribute('aria-label');
    body.replaceChildren(...rows.map((e) => el('tr', {}, el('td', {}, pick(e)),
      el('td', {}, el('a', { href: '#/' + e.id, textContent: e.name })),
      [number(e.best), e.goal].map((v) => el('td', { textContent: v })), el('td', {}, badge(e.status)),
      [e.trials + ' of ' + e.max_trials, duration(e.seconds), e.folder].map((v) => el('td', { textContent: v, title: v })))));
    if (focus) [...body.querySelectorAll('a, input')].find((a) => (a.getAttribute('href') ?? a.getAttribute('aria-label')) === focus)?.focus();
    table.hidden = !rows.length;
    none.hidden = rows.length > 0;
    none.textContent = data.experiments.length ? 'No experiment fits.' : 'No experiments here yet. kaseb tune makes one.';
    damaged.replaceChildren(...data.damaged.length ? [el('h2', { textContent: 'Cannot be read' }),
      el('ul', { className: 'damaged' }, data.damaged.map((d) => el('li', { textContent: d })))] : []);
  };
  search.oninput = status.onchange = order.onchange = draw;
  main.replaceChildren(el('h1', { textContent: 'Experiments' }),
    el('div', { className: 'bar' }, field('Search', search), field('Status', status), field('Order', order), compare), table, none, damaged);
  page.title('Experiments');

  const update = async () => {
    try {
      if (document.hidden) return;
      const next = await api('GET', '', undefined, page.signal), text = JSON.stringify(next);
      page.lost(null);
      if (text === last || page.signal.aborted) return;
      last = text;
      data = next;
      for (const s of new Set(data.experiments.map((e) => e.status)))
        if (![...status.options].some((o) => o.value === s)) status.append(new Option(s.toLowerCase(), s));
      draw();
      main.removeAttribute('aria-busy');
    } catch (e) { if (!page.signal.aborted) page.lost(e, !last); }
  };
  update();
  const timer = setInterval(update, EVERY);
  page.signal.addEventListener('abort', () => clearInterval(timer));
}
