// One trial: what it came to, its parameters to copy, its note, and a new trial made from it.
import { api, attempt, button, copy, dialog, el, facts, field } from './dom.js';
import { noteEditor } from './notes.js';
import { reportsChart } from './curves.js';
import { Panel } from './panel.js';
import { STATES, duration, number, shown } from './trials.js';

const quoted = (v) => JSON.stringify(v);

export function asJson(parameters) { return JSON.stringify(parameters, null, 2); }

export function asYaml(parameters) {
  return Object.entries(parameters).map(([k, v]) => k + ': ' + (typeof v === 'number' || typeof v === 'boolean' ? v : quoted(v))).join('\n') + '\n';
}

// For programs: the configuration that a training takes, or kaseb-tune's own parameters, nested
// options left flat.
export function asJava(parameters, trains) {
  const entries = Object.entries(parameters);
  if (trains) {
    return 'ConfigFile.Resolved config =\n    ConfigFile.resolve(\n        null,\n        List.of(\n'
      + entries.map(([k, v]) => '            ' + javaText(k + '=' + (typeof v === 'number' ? String(v) : shown(v)))).join(',\n') + '));\n';
  }
  const value = (v) => typeof v === 'number' ? (Number.isSafeInteger(v) ? v + 'L' : String(v)) : typeof v === 'boolean' ? String(v)
    : Array.isArray(v) ? 'List.of(' + v.map(value).join(', ') + ')'
      : v && typeof v === 'object' ? 'Map.ofEntries(' + Object.entries(v).map(([k, w]) => 'Map.entry(' + javaText(k) + ', ' + value(w) + ')').join(', ') + ')'
        : javaText(shown(v));
  return 'Parameters parameters =\n    new Parameters(\n        Map.ofEntries(\n'
    + entries.map(([k, v]) => '            Map.entry(' + javaText(k) + ', ' + value(v) + ')').join(',\n') + '));\n';
}

// Unicode escapes are read before strings are: only plain characters stand as they are.
function javaText(text) {
  return '"' + [...text].map((c) => c === '"' || c === '\\' ? '\\' + c : c >= ' ' && c <= '~' ? c
    : [...Array(c.length).keys()].map((i) => '\\u' + c.charCodeAt(i).toString(16).padStart(4, '0')).join('')).join('') + '"';
}

export function copyButtons(t, id, what) {
  const parameters = t.parameters(id);
  return [['JSON', asJson], ['YAML', asYaml], ['Java', asJava]].map(([name, as]) =>
    button('Copy as ' + name, () => copy(as(parameters, t.overview.trains), what + ' as ' + name)));
}

export function openTrial(experiment, t, id) {
  const finished = t.state[id] > 1, parameters = t.parameters(id);
  dialog('Trial ' + id, (close) => [
    facts([['state', STATES[t.state[id]]], ...t.overview.goals.map((g, i) => [g.name, t.told(id, i) || '–']),
      ['step', String(t.step[id])], ['work', duration(t.seconds[id])], ...(t.parent[id] >= 0 ? [['goes on from', 'trial ' + t.parent[id]]] : [])]),
    t.reasons.has(id) && el('p', { className: 'soft', textContent: t.reasons.get(id) }),
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Parameters' } }, el('table', {}, el('tbody', {},
      Object.entries(parameters).map(([k, v]) => el('tr', {}, el('th', { scope: 'row', textContent: k }), el('td', { className: 'wrap', textContent: typeof v === 'number' ? String(v) : shown(v) })))))),
    el('div', { className: 'bar' }, copyButtons(t, id, 'the parameters of trial ' + id)),
    t.step[id] > 0 && reportsOf(experiment, t, id),
    el('h3', { textContent: 'Note' }), noteEditor(experiment, id, t.notes.get(id) ?? ''),
    el('div', { className: 'bar' }, button('New trial from this one', () => { close(); cloneTrial(experiment, t, id); }),
      !finished && button('Cancel the trial', () => { kill(experiment, id); close(); }), button('Close', close, { className: 'main' }))].filter(Boolean));
}

// All reports of a trial, as they are now: a chart, and the same as a table.
function reportsOf(experiment, t, id) {
  const place = el('div', { className: 'reports' }, el('p', { className: 'soft', textContent: 'Loading its reports…' }));
  const show = async () => {
    const reports = await api('GET', '/' + experiment + '/trials/' + id + '/reports');
    if (!place.isConnected) return;
    const panel = new Panel(reportsChart(t, id, reports), { news: 0 }, null, 'h3');
    place.replaceChildren(panel.element, el('details', {}, el('summary', { textContent: 'The ' + reports.steps.length + ' reports as a table' }),
      el('div', { className: 'scroll few', tabIndex: 0, role: 'region', aria: { label: 'Reports' } }, el('table', {},
        el('thead', {}, el('tr', {}, ['step', ...t.overview.goals.map((g) => g.name)].map((h) => el('th', { scope: 'col', textContent: h })))),
        el('tbody', {}, reports.steps.map((step, i) => el('tr', {}, [String(step), ...reports.values.map((of) => number(Number(of[i])))].map((v) => el('td', { textContent: v })))))))));
    place.closest('dialog').addEventListener('close', () => panel.close());
  };
  show().catch((e) => place.replaceChildren(el('p', { className: 'damaged', textContent: 'Its reports cannot be shown: ' + e.message })));
  return place;
}

export function kill(experiment, id) {
  return attempt(() => api('POST', '/' + experiment + '/trials/' + id + '/kill', {}), 'Asked it to cancel trial ' + id + '.');
}

// A new trial: the old one's values, each to be changed.
function cloneTrial(experiment, t, id) {
  const inputs = {};
  const input = (name, v) => {
    const spec = t.overview.space.find((s) => s.name === name || s.path === name);
    const text = typeof v === 'number' ? String(v) : shown(v);
    const i = spec?.options ? el('select', {}, spec.options.map((o) => new Option(shown(o), shown(o), false, shown(o) === text)))
      : el('input', { value: text, title: spec?.describe ?? '' });
    return inputs[name] = i;
  };
  const parameters = t.parameters(id), missing = t.overview.space.filter((s) => !(s.name in parameters) && !(s.path in parameters));
  const wrong = el('p', { className: 'damaged', role: 'alert' });
  dialog('New trial from trial ' + id, (close) => {
    const send = async (event) => {
      event.preventDefault();
      const values = {};
      for (const [name, i] of Object.entries(inputs)) if (i.value !== '') values[name] = i.value;
      try {
        await api('POST', '/' + experiment + '/trials', { parameters: values });
        close();
        await attempt(async () => {}, t.overview.running ? 'The new trial will begin soon.' : 'Noted: the trial begins when the experiment goes on.');
      } catch (e) { wrong.textContent = e.message; }
    };
    return el('form', { onsubmit: send },
      el('div', { className: 'fields' }, Object.entries(parameters).map(([name, v]) => field(name, input(name, v)))),
      missing.length ? el('details', {}, el('summary', { textContent: 'Parameters of other options' }),
        el('div', { className: 'fields' }, missing.map((s) => { inputs[s.name] = el('input', { value: '', title: s.describe }); return field(s.name, inputs[s.name]); }))) : null,
      wrong, el('div', { className: 'bar' }, el('button', { type: 'submit', className: 'main', textContent: 'Enqueue' }), button('Cancel', close)));
  });
}

// Trials side by side: what differs is tinted.
export function compareTrials(t, ids) {
  const all = ids.map((id) => t.parameters(id)), names = [...new Set(all.flatMap((p) => Object.keys(p)))];
  const row = (name, cells) => el('tr', { className: new Set(cells).size > 1 ? 'differs' : '' }, el('th', { scope: 'row', textContent: name }),
    cells.map((c) => el('td', { textContent: c, className: 'wrap' })));
  dialog('Trials side by side', (close) => [
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Trials side by side' } }, el('table', {},
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', textContent: 'Of' }), ids.map((id) => el('th', { scope: 'col', textContent: 'trial ' + id })))),
      el('tbody', {}, row('state', ids.map((id) => STATES[t.state[id]])),
        t.overview.goals.map((g, i) => row(g.name, ids.map((id) => t.told(id, i)))),
        row('step', ids.map((id) => String(t.step[id]))), row('seconds', ids.map((id) => number(t.seconds[id]))),
        names.map((name) => row(name, all.map((p) => typeof p[name] === 'number' ? String(p[name]) : shown(p[name]))))))),
    el('div', { className: 'bar' }, button('Close', close, { className: 'main' }))]);
}
