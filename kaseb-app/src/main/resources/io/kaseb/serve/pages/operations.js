// The server's live figures, from its own metrics.
import { Failure, api, duration, el, get, number, row, showFailure, text } from './page.js';
import { draw, roundUp } from './chart.js';
import { buckets, one, parse, percentile, sum } from './metrics.js';

const EVERY = 2000, KEPT = 150, WINDOW = 30;
// Who looks is no visitor: this page's own requests do not count.
const OWN = ['GET /metrics', 'GET /v1/model', 'GET /health/ready', 'GET /operations', 'GET /model', 'GET /', 'none'];
const isVisitors = labels => !OWN.includes(labels.route) && !labels.route.startsWith('GET /pages/');
const readings = [], history = [];
let shown = null, lost = 0;

function section(title, ...children) { return el('section', { className: 'panel' }, el('h2', { textContent: title }), ...children); }

function tile(label) {
  const value = el('dd'), aside = el('dd');
  return { element: el('div', {}, el('dt', { textContent: label }), value, aside), value, aside };
}

function table(caption, heads) {
  const body = el('tbody');
  return { element: el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption }, el('table', {},
    el('caption', { textContent: caption }),
    el('thead', {}, el('tr', {}, ...heads.map(head => el('th', { scope: 'col', textContent: head })))), body)), body };
}

/** Makes the page once; later only its texts change. */
function build() {
  const tiles = Object.fromEntries(Object.entries({ rate: 'Requests a second', p50: 'Median', p90: '90th percentile',
    p99: '99th percentile', refused: 'Refused', sessions: 'Sessions', unknown: 'Unknown items', heap: 'Heap' })
    .map(([key, label]) => [key, tile(label)]));
  const rate = el('div', { className: 'plot' }), latency = el('div', { className: 'plot' });
  const models = table('Models', ['Model', 'Version', 'Kind', 'Items', 'Share', 'Forecasts a second', 'Forecasts', 'Score drift']);
  const routes = table('Routes', ['Route', 'Status', 'A second', 'In all', 'p50 ms', 'p90 ms', 'p99 ms']);
  const more = el('tbody');
  get('content').replaceChildren(
    el('dl', { className: 'tiles' }, ...Object.values(tiles).map(t => t.element)),
    el('div', { className: 'pair' },
      section('Requests a second', rate),
      section('Time of an answer, ms', latency, el('ul', { className: 'key' }, el('li', { textContent: 'median' }),
        el('li', { className: 'second', textContent: '90th percentile' }), el('li', { className: 'third', textContent: '99th' })))),
    el('section', { className: 'panel' }, models.element),
    el('section', { className: 'panel' }, routes.element),
    section('Everything else', el('table', { className: 'facts' }, more)));
  get('content').hidden = false;
  return { tiles, rate, latency, models: models.body, routes: routes.body, more };
}

const ms = seconds => Number.isFinite(seconds) ? number(seconds * 1000, seconds < .0995 ? 2 : 0) : '–';
const megabytes = bytes => Number.isFinite(bytes) ? number(bytes / (1 << 20)) + ' MB' : '–';

/** Returns the reading of about so many seconds ago. */
function earlier(seconds) {
  const last = readings.at(-1);
  return readings.find(r => last.at - r.at <= seconds * 1000 + EVERY / 2) ?? last;
}

function perSecond(now, before, name, takes) {
  const seconds = (now.at - before.at) / 1000;
  return seconds > 0 ? (sum(now.metrics, name, takes) - sum(before.metrics, name, takes)) / seconds : NaN;
}

function figures(seconds) {
  const now = readings.at(-1), before = earlier(seconds);
  const count = 'kaseb_http_request_seconds_count';
  const hot = labels => isVisitors(labels) && labels.status.startsWith('2');
  const here = buckets(now.metrics, hot), there = buckets(before.metrics, hot);
  return {
    now, before,
    rate: perSecond(now, before, count, isVisitors),
    refused: perSecond(now, before, count, labels => isVisitors(labels) && !labels.status.startsWith('2')),
    p: [.5, .9, .99].map(share => percentile(share, here, there)),
  };
}

function paint(models, ready) {
  shown ??= build();
  const { tiles } = shown, { now, before, rate, refused, p } = figures(WINDOW), m = now.metrics;
  const put = (name, value, aside) => { tiles[name].value.textContent = value; tiles[name].aside.textContent = aside; };
  const seconds = Math.round((now.at - before.at) / 1000), span = seconds ? `last ${seconds} s` : 'from the next reading on';
  const count = 'kaseb_http_request_seconds_count';
  put('rate', number(rate, rate < 100 ? 1 : 0), `${number(sum(m, count, isVisitors))} since the start`);
  p.forEach((value, i) => put(['p50', 'p90', 'p99'][i], Number.isFinite(value) ? ms(value) + ' ms' : '–', span));
  put('refused', number(refused, 2) + ' /s', `${number(sum(m, count, l => isVisitors(l) && l.status.startsWith('4')))} 4xx, ${number(sum(m, count, l => isVisitors(l) && l.status.startsWith('5')))} 5xx in all`);
  const isUp = one(m, 'kaseb_session_store_up') === 1;
  put('sessions', m.has('kaseb_sessions') ? number(one(m, 'kaseb_sessions')) : isUp ? 'in Redis' : 'store away',
    m.has('kaseb_session_bytes') ? `${megabytes(one(m, 'kaseb_session_bytes'))}, store ${isUp ? 'up' : 'away'}` : `store ${isUp ? 'up' : 'away'}`);
  put('unknown', number(perSecond(now, before, 'kaseb_unknown_items_total'), 2) + ' /s', `${number(sum(m, 'kaseb_unknown_items_total'))} clicks in all`);
  put('heap', megabytes(one(m, 'kaseb_heap_used_bytes')), `of ${megabytes(one(m, 'kaseb_heap_max_bytes'))}`);
  const version = m.get('kaseb_build_info')?.[0]?.labels.version ?? '?';
  get('served').textContent = `${ready.status}${ready.reason ? `, sessions degraded: ${ready.reason}` : ''}, up ${duration(now.at / 1000 - one(m, 'process_start_time_seconds'))}, Kaseb ${version}`;
  paintCharts();
  paintModels(models, now, before);
  paintRoutes(now, before);
  paintMore(now, before);
}

function paintCharts() {
  const last = history.at(-1)?.at ?? 0, from = Math.min(...history.map(h => (h.at - last) / 1000), -30);
  const chart = (place, label, values, names, digits) => {
    const most = roundUp(Math.max(...values.flatMap(read => history.map(read)).filter(Number.isFinite), digits ? .001 : 1));
    draw(place, { label, height: 160, empty: history.length ? 'No requests in this time but those of this page.' : 'The second reading begins the chart.',
      x: [from, 0], y: [0, most], ySteps: 2, yText: v => number(v, most < 4 ? most < .4 ? 2 : 1 : 0),
      xTicks: [[from, duration(-from) + ' ago'], [0, 'now']],
      lines: values.map((read, i) => ({ name: names[i], hasArea: !i && values.length === 1, points: history.map(h => [(h.at - last) / 1000, read(h)]) })) });
  };
  const newest = history.at(-1);
  chart(shown.rate, `Requests a second over time, ${number(newest?.rate, 1)} now`, [h => h.rate], [''], 0);
  chart(shown.latency, `Time of an answer over time, median ${ms(newest?.p[0])} milliseconds now`,
    [0, 1, 2].map(i => h => h.p[i] * 1000), ['', 'second', 'third'], 3);
}

function drift(value) {
  if (!Number.isFinite(value)) return el('span', { className: 'soft', textContent: 'after 10,000 forecasts' });
  const [verdict, className] = value < .1 ? ['still', 'good'] : value <= .25 ? ['moving', 'warn'] : ['moved', 'warn'];
  return el('span', { className, textContent: `${value.toFixed(3)}, ${verdict}` });
}

function paintModels({ models, shares }, now, before) {
  const split = Object.keys(shares).length > 0;
  shown.models.replaceChildren(...models.map(model => {
    const of = labels => labels.model === model.name;
    const moved = now.metrics.get('kaseb_score_drift')?.find(s => of(s.labels))?.value ?? NaN;
    const share = model.shadow ? 'shadow' : split ? (shares[model.name] ?? 0) + ' %' : model.name === 'default' ? '100 %' : 'by name only';
    const name = model.shadow ? 'kaseb_shadow_forecasts_total' : 'kaseb_forecasts_total';
    return row(model.name, el('span', {}, model.version, model.previous ? el('small', { textContent: 'before: ' + model.previous }) : ''),
      model.kind, number(model.items), share, number(perSecond(now, before, name, of), 1), number(sum(now.metrics, name, of)), drift(moved));
  }));
}

function paintRoutes(now, before) {
  const count = 'kaseb_http_request_seconds_count';
  const all = (now.metrics.get(count) ?? []).filter(s => isVisitors(s.labels)).sort((a, b) => b.value - a.value).slice(0, 30);
  const rows = all.map(({ labels, value }) => {
    const same = l => l.route === labels.route && l.status === labels.status;
    const here = buckets(now.metrics, same), there = buckets(before.metrics, same);
    return row(labels.route, labels.status, number(perSecond(now, before, count, same), 1), number(value),
      ...[.5, .9, .99].map(share => ms(percentile(share, here, there))));
  });
  shown.routes.replaceChildren(...(rows.length ? rows : [el('tr', {}, el('td', { colSpan: 7, className: 'soft', textContent: 'No requests yet but those of this page.' }))]));
}

function paintMore(now, before) {
  const m = now.metrics, total = name => number(sum(m, name));
  const rows = {
    'Requests being answered': number(Math.max(0, one(m, 'kaseb_requests_running') - 1)) + `, ${number(one(m, 'kaseb_forecasts_waiting'))} forecasts at a core or waiting`,
    'Cores in use': number(perSecond(now, before, 'kaseb_cpu_seconds_total'), 2),
    'Garbage collections': `${total('kaseb_gc_collections_total')}, ${number(sum(m, 'kaseb_gc_seconds_total'), 1)} s in all`,
    'Sessions that ended': `${total('kaseb_sessions_expired_total')} by age, ${total('kaseb_sessions_evicted_total')} for want of memory`,
    'Answers without the session': `${total('kaseb_sessions_degraded_total')}, ${total('kaseb_sessions_refused_total')} of them refused by the store`,
    'Session file': `${total('kaseb_sessions_saved_total')} times written, ${total('kaseb_sessions_save_failed_total')} times not`,
    'Users remembered': m.has('kaseb_visitors') ? number(one(m, 'kaseb_visitors')) : 'in Redis',
    'Answers from popularity alone': total('kaseb_forecasts_popular_total'),
    'Clicks': `${total('kaseb_events_duplicate_total')} sent twice, ${total('kaseb_events_late_total')} late, ${total('kaseb_events_ahead_total')} ahead of time`,
    'Mean purchase probability': number(sum(m, 'kaseb_buy_probability_sum') / sum(m, 'kaseb_buy_probability_count') * 100, 2) + ' %',
    'New items': number(one(m, 'kaseb_new_items')),
    'Refused files': `${total('kaseb_model_refused_total')} models, ${total('kaseb_items_refused_total')} times items`,
  };
  shown.more.replaceChildren(...Object.entries(rows).map(([name, value]) => row(name, value)));
}

async function read() {
  const metrics = parse(await text('/metrics'));
  const [{ value: models }, { value: ready }] = await Promise.all([api('GET', '/v1/model'), api('GET', '/health/ready')]);
  readings.push({ at: Date.now(), metrics });
  if (readings.length > WINDOW * 1000 / EVERY + 2) readings.shift();
  if (readings.length > 1) {
    const { now, rate, p } = figures(EVERY / 1000 * 3);
    history.push({ at: now.at, rate, p });
    if (history.length > KEPT) history.shift();
  }
  paint(models, ready);
}

async function live() {
  for (;;) {
    if (!document.hidden) {
      try {
        await read();
        get('loading').hidden = true;
        if (lost) { lost = 0; showFailure(null); }
      } catch (e) {
        lost ||= Date.now();
        get('loading').hidden = true;
        if (!(e instanceof Failure)) throw e;
        e.message += ` No figures since ${new Date(lost).toLocaleTimeString()}; asked for again every two seconds.`;
        showFailure(e);
      }
    }
    await new Promise(resolve => setTimeout(resolve, EVERY));
  }
}

live();
