// Where the served models came from, and what was measured of them.
import { api, el, get, number, row, showFailure, whenReady } from './page.js';
import { draw, roundUp } from './chart.js';

const later = [];

function panel(title, ...children) { return el('section', { className: 'panel' }, el('h2', { textContent: title }), ...children); }

function facts(values) {
  return el('table', { className: 'facts' }, el('tbody', {}, ...Object.entries(values).map(([name, value]) => row(name, written(value)))));
}

function written(value) {
  if (value == null || value === '') return '–';
  if (Array.isArray(value)) return value.map(written).join(', ');
  if (typeof value === 'object') return Object.entries(value).map(([k, v]) => `${k} ${written(v)}`).join(', ');
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= 10_000 ? number(value) : String(value);
}

function table(caption, heads, rows) {
  return el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption }, el('table', {}, el('caption', { textContent: caption }),
    el('thead', {}, el('tr', {}, ...heads.map(head => el('th', { scope: 'col', textContent: head })))), el('tbody', {}, ...rows)));
}

/** Leaves room for a chart, which is drawn once it has a width. */
function plot(chart) {
  const place = el('div', { className: 'plot' });
  later.push(() => draw(place, chart));
  return place;
}

function key(...names) {
  return el('ul', { className: 'key' }, ...names.map((textContent, i) => el('li', { className: ['', 'second', 'third'][i], textContent })));
}

// ---- what the model file knows ----

function provenance(model) {
  const p = model.provenance, shape = model.architecture;
  return panel('Where it came from', facts({
    'File': model.file, 'Version': model.version, 'Kind': model.kind, 'Items': model.items,
    'Network': shape?.cell ? `${shape.cell}, layers ${written(shape.layers)}, embedding ${String(shape.embedding).toLowerCase()}` : null,
    'Trained on': p.train_sessions ? `${number(p.train_sessions)} sessions, ${number(p.train_events)} clicks` : null,
    'Held back for validation': p.valid ? number(p.valid * 100, 1) + ' % of the sessions' : 'nothing',
    'Dataset': p.dataset_hash, 'Protocol': p.protocol, 'Seed': p.seed, 'Threads': p.threads, 'Kernels': p.kernels,
    'Kaseb': [p.kaseb, p.commit].filter(Boolean).join(', commit '), 'JDK': p.jdk,
  }));
}

function training({ metrics }) {
  const { epochs = [], best_epoch: best, purchase, hybrid } = metrics;
  if (!epochs.length && !purchase?.epochs?.length) return null;
  const parts = [];
  if (epochs.length > 1) {
    const losses = epochs.flatMap(e => [e.train_loss, e.valid_loss]).filter(Number.isFinite), low = Math.min(...losses), high = Math.max(...losses);
    parts.push(plot({ label: `Loss by epoch, in the table below`, height: 170, x: [1, epochs.length], y: [low - (high - low) * .1, high], ySteps: 3,
      yText: v => number(v, 2), xTicks: [[1, 'epoch 1'], [epochs.length, String(epochs.length)]],
      lines: [{ points: epochs.map(e => [e.epoch, e.train_loss]) }, { name: 'second', points: epochs.map(e => [e.epoch, e.valid_loss]) }] }),
    key('training loss', ...(epochs.some(e => Number.isFinite(e.valid_loss)) ? ['validation loss'] : [])));
  }
  if (epochs.length) {
    parts.push(table('Epochs of the next-item network', ['Epoch', 'Train loss', 'Valid. loss', 'Recall@20', 'MRR@20'], epochs.map(e => {
      const made = row(e.epoch + (e.epoch === best ? ', kept' : ''), ...[e.train_loss, e.valid_loss, e.recall_20, e.mrr_20].map(v => number(v, 4)));
      made.className = e.epoch === best ? 'best' : '';
      return made;
    })));
  }
  if (purchase?.epochs?.length) {
    parts.push(table('Epochs of the purchase network', ['Network', 'Epoch', 'Train loss', 'Log loss held back'],
      purchase.epochs.map(e => row(e.net + 1, e.epoch, number(e.loss, 4), number(e.valid_loss, 4)))));
  } else if (purchase?.reason) {
    parts.push(el('p', { className: 'empty', textContent: 'No purchase forecast: ' + purchase.reason }));
  }
  if (hybrid) parts.push(el('p', { textContent: hybrid }));
  return panel('Training', ...parts);
}

function configuration(model) {
  const all = Object.entries(model.config);
  return panel('Configuration', el('details', {}, el('summary', { textContent: `${all.length} settings that it was trained with` }), facts(Object.fromEntries(all))));
}

// ---- what was measured ----

function interval(of, name) { return of?.[name]?.every(Number.isFinite) ? `[${of[name].map(v => number(v, 3)).join(', ')}]` : ''; }

function measured(value, aside) { return el('span', {}, value, aside ? el('small', { textContent: aside }) : ''); }

function nextItems(report) {
  // evaluate has one model's figures, compare a row for each.
  const rows = report.rows ?? [{ name: 'this model', ...report }];
  const names = Object.keys(rows[0]?.metrics ?? {}).filter(name => /^(recall|mrr|ndcg|coverage)@/.test(name));
  if (!names.length) return null;
  const most = names.filter(n => /^(recall|mrr)@20$/.test(n));
  const shownNames = most.length ? names.filter(n => n.endsWith('@20')) : names.slice(-4);
  return panel('Next-item forecasts', table(`${number(report.events)} predictions in ${number(report.sessions)} sessions, ${report.ties} ties`,
    ['Model', ...shownNames], rows.map((r, i) => {
      const made = row(r.name, ...shownNames.map(name => measured(number(r.metrics[name], 4), interval(r.intervals, name))));
      made.className = i ? '' : 'best';
      return made;
    })), el('p', { className: 'small soft', textContent: 'Below each figure its 95 % interval over sessions, where there are sessions enough.' }));
}

function calibration(forecast) {
  const curve = (forecast.curve ?? []).filter(bin => Number.isFinite(bin.forecast) && Number.isFinite(bin.observed));
  if (!curve.length) return null;
  const most = roundUp(Math.max(...curve.flatMap(bin => [bin.forecast, bin.observed])));
  return el('div', {}, el('h3', { textContent: 'Calibration: of the sessions with a forecast, how many bought' }),
    plot({ label: 'Calibration: ' + curve.map(b => `forecast ${number(b.forecast * 100, 1)} %, observed ${number(b.observed * 100, 1)} %`).join('; '),
      height: 220, x: [0, most], y: [0, most], ySteps: 4, yText: v => number(v * 100, most < .1 ? 1 : 0) + ' %',
      xTicks: [[0, 'forecast 0'], [most, number(most * 100) + ' %']],
      lines: [{ name: 'ideal', points: [[0, 0], [most, most]] },
        { points: curve.map(b => [b.forecast, b.observed]), dots: curve.map(() => ''), titles: curve.map(b => `${number(b.sessions)} sessions`) }] }));
}

function early(forecast) {
  const points = Object.entries(forecast.metrics ?? {}).map(([name, v]) => [/^auc_after_(\d+)$/.exec(name)?.[1], v])
    .filter(([n, v]) => n != null && Number.isFinite(v)).map(([n, v]) => [Number(n), v]).sort((a, b) => a[0] - b[0]);
  if (points.length < 2) return null;
  const low = Math.min(.5, ...points.map(([, v]) => v));
  return el('div', {}, el('h3', { textContent: 'Early forecasts: AUC after the first events, before it is known whether more come' }),
    plot({ label: 'AUC after ' + points.map(([n, v]) => `${n} events ${number(v, 3)}`).join(', '), height: 220,
      x: [points[0][0], points.at(-1)[0]], y: [low, 1], ySteps: 2, yText: v => number(v, 2),
      xTicks: [[points[0][0], 'event ' + points[0][0]], [points.at(-1)[0], String(points.at(-1)[0])]],
      lines: [{ points, dots: points.map(() => '') }] }));
}

/** Returns the purchase forecasts as compare writes them; evaluate has the same in other places. */
function forecasts(report) {
  if (report.purchases) return report.purchases;
  return (report.purchase_rows ?? []).map((r, i, rows) => ({ ...r, metrics: r.purchase, sessions: r.purchase.sessions, buyers: r.purchase.buyers,
    curve: rows.findIndex(o => o.goal === r.goal && o.view === r.view) === i ? report.goals?.[r.goal]?.[r.view + '_calibration'] : [] }));
}

function purchases(report) {
  const all = forecasts(report);
  if (!all.length) return null;
  const blocks = new Map();
  for (const p of all) {
    const key = p.goal + ' ' + p.view;
    if (!blocks.has(key)) blocks.set(key, { goal: p.goal, views: [p.view], rows: [] });
    blocks.get(key).rows.push(p);
  }
  // A log without events after purchases has the same figures in both views.
  const same = ({ name, goal, metrics }) => JSON.stringify([name, goal, metrics]);
  for (const [key, block] of blocks) {
    const twin = [...blocks.values()].find(b => b !== block && b.goal === block.goal && same(b.rows[0]) === same(block.rows[0]));
    if (twin) { twin.views.push(...block.views); blocks.delete(key); }
  }
  const columns = { auc: 'AUC', average_precision: 'Average precision', log_loss: 'Log loss', brier: 'Brier', item_auc: "Items' AUC" };
  const named = ({ goal, views }) => `${goal === 'purchase' ? 'Purchases' : 'Goal ' + goal}, ${views.length > 1 ? 'views' : 'view'} ${views.sort().join(' and ')}`;
  return [...blocks.values()].map(({ rows, ...block }) => panel(`${named(block)}: ${number(rows[0].buyers)} of ${number(rows[0].sessions)} sessions`,
    table(named(block) + ': forecasts beside baselines', ['Forecast', ...Object.values(columns)], rows.map((r, i) => {
      const made = row(r.name, ...Object.keys(columns).map(c => measured(number(r.metrics[c], 4), interval(r.intervals, c))));
      made.className = i ? '' : 'best';
      return made;
    })), el('div', { className: 'pair' }, calibration(rows[0]), early(rows[0]))));
}

async function models(list) {
  const parts = [];
  for (const { name } of list) {
    const { value: model } = await api('GET', '/v1/model/' + encodeURIComponent(name));
    const title = list.length > 1 ? el('h2', { textContent: 'Model ' + name }) : null;
    parts.push(title, el('div', { className: 'pair' }, provenance(model), training(model)), configuration(model));
    if (name === 'default' && model.report) {
      const { value: report } = await api('GET', '/v1/report');
      parts.push(nextItems(report), purchases(report), report.command && panel('How this was measured', el('code', { textContent: report.command })));
    } else if (name === 'default') {
      parts.push(panel('How good it is', el('p', { className: 'empty' },
        'No report here. Start the server with one to see recall, calibration and early forecasts beside every baseline:'),
      el('pre', {}, el('code', { textContent: 'kaseb compare MODEL DATASET --json report.json\nkaseb serve MODEL --report report.json' }))));
    }
  }
  return parts.flat().filter(Boolean);
}

async function start() {
  showFailure(null);
  get('loading').hidden = false;
  try {
    const { value } = await whenReady(async () => {
      await api('GET', '/health/ready');
      return api('GET', '/v1/model');
    }, why => { get('loading').textContent = why[0].toUpperCase() + why.slice(1) + '…'; });
    get('content').replaceChildren(...await models(value.models));
    later.splice(0).forEach(paint => paint());
  } catch (e) { showFailure(e, start); }
  get('loading').hidden = true;
}

start();
