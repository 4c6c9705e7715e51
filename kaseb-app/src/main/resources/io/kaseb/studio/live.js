// Follows one experiment: all of it once, then what changes, as the studio tells it.
import { api, request } from './dom.js';
import { Trials } from './trials.js';

const AGAIN = 2000;

export class Live {
  // heard(changed numbers, null for all) after every change; lost(error) where the studio cannot say.
  constructor(id, heard, lost) {
    Object.assign(this, { id, heard, lost, trials: new Trials(), stopped: new AbortController(), importanceAt: -1 });
    this.trials.askForAll = () => this.readAll();
  }

  stop() { this.stopped.abort(); }

  // wantsReports: whether the page shows the reports first; else they come after its first picture
  async start(wantsReports) {
    const signal = this.stopped.signal, reports = () => api('GET', '/' + this.id + '/curves', undefined, signal);
    let curves = null;
    try {
      const trials = api('GET', '/' + this.id + '/trials', undefined, signal);
      if (wantsReports) {
        curves = reports();
        curves.catch(() => { /* told below */ });
      }
      this.trials.apply(await trials);
      this.heard(null);
    } catch (e) {
      if (!signal.aborted) this.lost(e, true);
      return;
    }
    if (!curves) await new Promise((r) => setTimeout(r, 200));
    if (signal.aborted) return;
    this.follow(signal);
    try {
      this.trials.applyCurves(await (curves ?? reports()), false);
      this.heard(null);
    } catch (e) { if (!signal.aborted) this.lost(e); }
    this.weigh();
  }

  // Reports of all trials, of which there are more than a chart needs, for who asks for them.
  async readAll() {
    if (this.isReading || this.trials.hasAll) return;
    this.isReading = true;
    try {
      this.trials.applyCurves(await api('GET', '/' + this.id + '/curves?all=true', undefined, this.stopped.signal), false);
      this.trials.hasAll = true;
      this.heard(null);
    } catch (e) { if (!this.stopped.signal.aborted) this.lost(e); }
    this.isReading = false;
  }

  // Importance is asked for when enough has changed: a tenth more trials with a result.
  async weigh() {
    const n = this.trials.ranked().length;
    if (n < 8 || n < 1.1 * this.importanceAt) return;
    this.importanceAt = n;
    try {
      this.trials.importance = (await api('GET', '/' + this.id + '/importance', undefined, this.stopped.signal)).importance;
      this.trials.news++;
      this.trials.derived = {};
      this.heard([]);
    } catch (e) { if (!this.stopped.signal.aborted) this.lost(e); }
  }

  async follow(signal) {
    while (!signal.aborted) {
      try {
        const answer = await request('GET', '/' + this.id + '/events?since=' + encodeURIComponent(this.trials.version), undefined, signal);
        if (!answer.ok) throw Object.assign(new Error((await answer.json()).detail), { status: answer.status });
        this.lost(null);
        await this.read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
      } catch (e) {
        if (signal.aborted) return;
        this.lost(e.status ? e : new Error('The studio does not answer; this page tries again.'));
        await new Promise((r) => setTimeout(r, AGAIN));
      }
    }
  }

  async read(reader) {
    let rest = '';
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      if (!value.includes('\n')) continue;
      const events = rest.split('\n\n');
      rest = events.pop();
      for (const event of events) this.take(event);
    }
  }

  take(event) {
    const kind = event.match(/^event: (\w+)/)?.[1], data = event.match(/^data: (.*)$/m)?.[1];
    if (kind === 'gone') throw Object.assign(new Error(JSON.parse(data)), { status: 410 });
    if (kind !== 'change') return;
    const message = JSON.parse(data), ids = this.trials.apply(message);
    this.heard(message.whole ? null : ids);
    this.weigh();
  }
}
