// How an experiment stands, what can be done with it, and its notes.
import { api, attempt, button, download, el, facts, field, badge } from './dom.js';
import { noteEditor } from './notes.js';
import { STATES, duration } from './trials.js';

export class Overview {
  constructor(id, trials, openTrial) {
    Object.assign(this, { id, trials, openTrial });
    this.facts = el('div');
    this.progress = el('progress', { aria: { label: 'Trials begun' } });
    this.actions = el('div', { className: 'bar' });
    this.note = noteEditor(id, null, trials.overview.note);
    this.settings = this.form();
    this.top = el('div', {}, this.facts, this.progress, this.actions);
    this.element = el('div', {}, el('h2', { textContent: 'Limits' }), this.settings,
      el('h2', { textContent: 'Notes' }), this.note);
    this.update();
  }

  // Seconds that it has run; one that runs counts on.
  elapsed() {
    const o = this.trials.overview;
    return o.seconds + (o.since ? Math.max(0, Date.now() - o.since) / 1000 : 0);
  }

  // Trials in each state, those that this search began, and those of them that have ended.
  count() {
    const t = this.trials, counted = { states: STATES.map(() => 0), begun: 0, ended: 0 };
    for (let id = 0; id < t.n; id++) {
      counted.states[t.state[id]]++;
      if (t.imported(id)) continue;
      counted.begun++;
      if (t.state[id] > 1) counted.ended++;
    }
    return counted;
  }

  // What is left, from the pace so far and the limits; null where nothing says it.
  left(ended) {
    const o = this.trials.overview, elapsed = this.elapsed();
    if (!o.running || o.status === 'PAUSED') return null;
    const byTrials = ended && elapsed ? elapsed / ended * (o.max_trials - ended) : Infinity;
    const byTime = o.max_seconds ? o.max_seconds - elapsed : Infinity;
    const least = Math.min(byTrials, byTime);
    return Number.isFinite(least) ? Math.max(0, least) : null;
  }

  update() {
    const t = this.trials, o = t.overview, best = t.best(), { states, begun, ended } = this.count(), left = this.left(ended);
    const counts = STATES.map((name, s) => [name, states[s]]).filter(([, n]) => n);
    const rows = [['status', badge(o.status)],
      ['best ' + o.goals[0].name, best < 0 ? 'none yet' : t.told(best)],
      ['best trial', best < 0 ? '–' : button('trial ' + best, () => this.openTrial(best), { className: 'plain' })],
      ['trials', begun + ' of ' + o.max_trials + (t.n > begun ? ' + ' + (t.n - begun) + ' imported' : '')],
      ['time', duration(this.elapsed()) + (o.max_seconds ? ' of ' + duration(o.max_seconds) : '')],
      ['estimated end', left === null ? '–' : 'in about ' + duration(left)],
      ...counts.map(([name, n]) => [name, String(n)]),
      ['sampler', o.sampler], ['pruner', o.pruner], ['steps of a full trial', String(o.budget)], ['folder', o.folder]];
    const focused = this.facts.contains(document.activeElement);
    this.facts.replaceChildren(facts(rows), ...(o.reason ? [el('p', { className: 'soft', textContent: o.reason })] : []));
    if (focused) this.facts.querySelector('button')?.focus();
    this.progress.max = Math.max(1, o.max_trials);
    this.progress.value = Math.min(begun, o.max_trials);
    this.offer();
    this.note.show(o.note);
    for (const [key, input] of Object.entries(this.inputs))
      if (document.activeElement !== input && !input.dataset.edited) input.value = key === 'seconds' ? (o.max_seconds || '') : o[key];
  }

  offer() {
    const o = this.trials.overview, key = o.running + o.status;
    if (this.offered === key) return;
    this.offered = key;
    const post = (path, done) => () => attempt(() => api('POST', '/' + this.id + path, {}), done);
    const paused = o.status === 'PAUSED', going = o.running && o.status === 'RUNNING';
    this.actions.replaceChildren(...[
      going && button('Pause', post('/pause', 'Asked it to pause.')),
      o.running && paused && button('Go on', post('/continue', 'Asked it to go on.'), { className: 'main' }),
      (going || paused) && o.running && button('Stop', post('/stop', 'Asked it to stop.')),
      // A program's own study has no report, and goes on in its program alone.
      o.trains && button('Save as one HTML file', () => attempt(() => download('/' + this.id + '/page', this.trials.overview.name.replace(/[^\w.-]+/g, '-') + '.html'), 'Saved.')),
      !o.running && o.trains && button('Resume', post('/resume', 'It goes on, in the studio\'s process.')),
      !o.running && el('span', { className: 'soft', textContent: o.trains ? 'It does not run. Where its limits are reached, raise them first.' : 'It does not run. It goes on in the program that made it.' })].filter(Boolean));
  }

  form() {
    const whole = (least) => el('input', { type: 'number', min: least, step: 1, oninput: (e) => { e.target.dataset.edited = '1'; } });
    this.inputs = { concurrency: whole(1), max_trials: whole(1), seconds: whole(1) };
    const names = { concurrency: 'Trials at a time', max_trials: 'Trials in all', seconds: 'Seconds in all' };
    const send = async (event) => {
      event.preventDefault();
      const body = {};
      for (const [key, input] of Object.entries(this.inputs)) if (input.dataset.edited && input.value) body[key] = Number(input.value);
      if (await attempt(() => api('POST', '/' + this.id + '/update', body), 'Asked it to change.'))
        for (const input of Object.values(this.inputs)) delete input.dataset.edited;
    };
    return el('form', { className: 'bar', onsubmit: send }, Object.entries(this.inputs).map(([key, input]) => field(names[key], input)),
      el('button', { type: 'submit', textContent: 'Change' }));
  }
}
