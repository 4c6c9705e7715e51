// Every text from an experiment goes into the page by textContent: none is read as HTML.
const EVERY = 2000, PAGE = 50;
const main = document.getElementById('main'), message = document.getElementById('message');
let token = sessionStorage.getItem('token'), shown = 0;

function el(tag, props = {}, ...children) {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children);
  return e;
}

async function api(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = 'Bearer ' + token;
  const answer = await fetch('api/experiments' + path, { method, headers, body });
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (answer.status === 401) throw Object.assign(new Error(value.detail), { needsToken: true });
  if (!answer.ok) throw new Error(value.detail ?? answer.statusText);
  return value;
}

const number = v => v == null ? '' : Number(v).toFixed(5);
const text = v => v !== null && typeof v === 'object' ? JSON.stringify(v) : String(v ?? '');

function field(label, input) { return el('label', {}, label, input); }

function table(heads, body) {
  return el('div', { className: 'scroll', tabIndex: 0 },
    el('table', {}, el('thead', {}, el('tr', {}, ...heads.map(h => el('th', { scope: 'col' }, h)))), body));
}

async function act(what, id, path, body = '{}') {
  try {
    await api('POST', '/' + id + path, body);
    message.textContent = `Asked it to ${what}.`;
  } catch (e) { failed(e); }
}

function failed(e) {
  if (!e.needsToken) { message.textContent = 'That did not work: ' + e.message; return; }
  const input = el('input', { type: 'password', autocomplete: 'off' });
  const use = el('button', { type: 'button', textContent: 'Use', onclick: () => {
    token = input.value; sessionStorage.setItem('token', token); show();
  } });
  main.replaceChildren(el('div', { className: 'bar' }, field('Token', input), use));
  message.textContent = e.message;
  shown++;
}

// Calls update now and again, while its page is the one that is shown.
async function live(mine, update) {
  let wasLost = false;
  while (mine === shown) {
    try {
      if (!document.hidden) await update();
      if (wasLost) { message.textContent = ''; wasLost = false; }
    } catch (e) { if (mine === shown) failed(e); wasLost = true; }
    main.removeAttribute('aria-busy');
    await new Promise(r => setTimeout(r, EVERY));
  }
}

function listPage(mine) {
  const search = el('input', { type: 'search' }), status = el('select', {}, el('option', { value: '', textContent: 'all' }));
  const body = el('tbody'), none = el('p', { className: 'dim' }), damaged = el('ul');
  let data = { experiments: [], damaged: [] };
  const draw = () => {
    const rows = data.experiments.filter(e =>
      (e.row.name + e.row.folder).toLowerCase().includes(search.value.toLowerCase())
      && (!status.value || e.row.standing.status === status.value));
    body.replaceChildren(...rows.map(e => el('tr', {},
      el('td', {}, el('a', { href: '#' + e.id, textContent: e.row.name })),
      ...[number(e.row.best), e.row.standing.status.toLowerCase(), `${e.row.trials} of ${e.row.max_trials}`,
        e.row.goal, e.row.folder].map(v => el('td', { textContent: v })))));
    none.textContent = rows.length ? '' : data.experiments.length ? 'No experiment fits.' : 'No experiments here yet. kaseb tune makes one.';
    damaged.replaceChildren(...data.damaged.map(d => el('li', { textContent: d })));
  };
  search.oninput = status.onchange = draw;
  let last = '';
  main.replaceChildren(el('h2', { textContent: 'Experiments' }),
    el('div', { className: 'bar' }, field('Search', search), field('Status', status)),
    table(['Name', 'Best', 'Status', 'Trials', 'Goal', 'Folder'], body), none, damaged);
  live(mine, async () => {
    const next = await api('GET', '');
    if (JSON.stringify(next) === last || mine !== shown) return;
    last = JSON.stringify(next);
    data = next;
    for (const s of new Set(data.experiments.map(e => e.row.standing.status)))
      if (![...status.options].some(o => o.value === s)) status.append(el('option', { value: s, textContent: s.toLowerCase() }));
    draw();
  });
}

function scatter(canvas, trials, best) {
  const ratio = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight, pad = 12, left = 64;
  canvas.width = w * ratio; canvas.height = h * ratio;
  const g = canvas.getContext('2d'), css = getComputedStyle(document.documentElement);
  g.scale(ratio, ratio);
  const points = trials.filter(t => t.metric != null);
  if (!points.length) return;
  let low = Infinity, high = -Infinity, lastId = 1;
  for (const t of points) { low = Math.min(low, t.metric); high = Math.max(high, t.metric); lastId = Math.max(lastId, t.id); }
  const x = t => left + t.id / lastId * (w - left - pad), y = v => h - pad - (v - low) / (high - low || 1) * (h - 2 * pad);
  g.fillStyle = css.getPropertyValue('--dim'); g.font = '12px system-ui';
  g.fillText(number(high), 0, pad + 4); g.fillText(number(low), 0, h - pad + 4);
  g.fillStyle = css.getPropertyValue('--accent');
  for (const t of points) g.fillRect(x(t) - 2, y(t.metric) - 2, 4, 4);
  // The best value of all says which way is better.
  if (best == null) return;
  const up = Math.abs(best - high) <= Math.abs(best - low);
  let top = null;
  g.strokeStyle = css.getPropertyValue('--best'); g.lineWidth = 2; g.beginPath();
  for (const t of points.filter(p => p.state === 'SUCCEEDED').sort((a, b) => a.id - b.id)) {
    if (top !== null) g.lineTo(x(t), y(top));
    if (top === null || (up ? t.metric > top : t.metric < top)) top = t.metric;
    g.lineTo(x(t), y(top));
  }
  g.stroke();
}

function experimentPage(mine, id) {
  const head = el('h2'), state = el('p'), canvas = el('canvas', { role: 'img' });
  canvas.setAttribute('aria-label', 'Value of each trial; the table below has the same figures');
  const search = el('input', { type: 'search' }), body = el('tbody'), where = el('span', { className: 'dim' });
  const inputs = { concurrency: 'Concurrency', max_trials: 'Trials', seconds: 'Seconds in all' };
  for (const k in inputs) { const label = inputs[k]; inputs[k] = { label, input: el('input', { type: 'number', min: 1 }) }; }
  const button = (textContent, onclick) => el('button', { type: 'button', textContent, onclick });
  let trials = [], best = null, sort = 'id', down = false, page = 0;
  const heads = { id: 'Trial', state: 'State', metric: 'Value', step: 'Step', seconds: 'Seconds' };
  const draw = () => {
    const q = search.value.toLowerCase();
    const rows = trials.filter(t => !q || (t.id + ' ' + t.state + ' ' + JSON.stringify(t.parameters)).toLowerCase().includes(q));
    rows.sort((a, b) => {
      const p = a[sort], o = b[sort];
      if (p == null || o == null) return (p == null) - (o == null);
      return (p < o ? -1 : p > o ? 1 : 0) * (down ? -1 : 1);
    });
    const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
    page = Math.max(0, Math.min(page, last));
    where.textContent = `Page ${page + 1} of ${last + 1}, ${rows.length} trials`;
    body.replaceChildren(...rows.slice(page * PAGE, page * PAGE + PAGE).map(t => el('tr', {},
      ...[t.id, t.state.toLowerCase(), number(t.metric), t.step, t.seconds.toFixed(1),
        Object.entries(t.parameters).map(([k, v]) => k + '=' + text(v)).join(', ')].map(v => el('td', { textContent: v })),
      el('td', {}, button('Copy', () => navigator.clipboard.writeText(JSON.stringify(t.parameters, null, 2))
          .then(() => { message.textContent = 'Copied as JSON.'; }, failed)),
        ' ', ...(['RUNNING', 'WAITING'].includes(t.state)
          ? [button('Kill', () => act('cancel trial ' + t.id, id, `/trials/${t.id}/kill`))] : [])))));
  };
  search.oninput = () => { page = 0; draw(); };
  const sorters = Object.entries(heads).map(([k, v]) => button(v, () => { down = sort === k && !down; sort = k; draw(); }));
  main.replaceChildren(head, state,
    el('div', { className: 'bar' }, button('Pause', () => act('pause', id, '/pause')),
      button('Continue', () => act('go on', id, '/continue')), button('Stop', () => act('stop', id, '/stop'))),
    el('div', { className: 'bar' }, ...Object.values(inputs).map(i => field(i.label, i.input)),
      button('Change', () => {
        const change = {};
        for (const k in inputs) if (inputs[k].input.value) change[k] = Number(inputs[k].input.value);
        act('change', id, '/update', JSON.stringify(change));
      })),
    canvas, el('div', { className: 'bar' }, field('Search trials', search),
      button('Back', () => { page--; draw(); }), button('Next', () => { page++; draw(); }), where),
    table([...sorters, 'Parameters', 'Do'], body));
  let last = '';
  live(mine, async () => {
    const list = await api('GET', ''), got = await api('GET', '/' + id + '/trials');
    const it = list.experiments.find(e => e.id === id), now = JSON.stringify([it, got]);
    if (mine !== shown || now === last) return;
    last = now;
    trials = got.trials; best = it?.row.best;
    head.textContent = it?.row.name ?? '';
    state.textContent = it ? `${[it.row.standing.status.toLowerCase(), it.row.standing.reason].filter(Boolean).join(': ')}, ${trials.length} trials, best ${it.row.goal} ${number(best)}` : '';
    scatter(canvas, trials, best);
    draw();
  });
}

function show() {
  const mine = ++shown, id = location.hash.slice(1);
  message.textContent = '';
  if (id) experimentPage(mine, id); else listPage(mine);
}

addEventListener('hashchange', show);
show();
