// A chart on a page: drawn when it comes into view, and brought up to date only while it is seen. What
// is new is put on a layer above it where the chart knows how; else it is drawn anew, at most once a
// second and so rarely that drawing takes a twentieth of the time.
import { SUCCEEDED, shown } from './trials.js';
import { Layer, MOST_ON_LAYER } from './layer.js';

const PAUSE = 1000, LAYER_PAUSE = 400, SHARE = 20;

export class Panel {
  // chart: { id, title, say(trials), enough(trials), option(trials, choices, frame), choices(trials), height, pick(params) },
  // and where it can be added to: frame(trials, choices), what the option and what is added to it agree on;
  // live(trials, choices, frame, ids), the marks of trials that it lacks, or null where it must be drawn anew.
  // A chart with key(trials, choices) is drawn anew only where that is another text.
  // heading: the element that its title is, by where it stands on the page
  constructor(chart, trials, onPick, heading = 'h2') {
    Object.assign(this, { chart, trials, onPick, drawnNews: -1, last: 0, cost: 0, timer: 0, seen: false, isWhole: true, open: new Set(), changed: new Set(), plot: null, chosen: {}, touched: new Set() });
    this.element = document.createElement('section');
    this.element.className = 'panel' + (chart.wide ? ' wide' : '');
    this.element.id = 'chart-' + chart.id;
    const title = document.createElement(heading);
    title.textContent = chart.title;
    this.note = document.createElement('p');
    this.controls = document.createElement('div');
    this.controls.className = 'bar';
    this.place = document.createElement('div');
    this.place.className = 'plot' + (chart.tall ? ' tall' : '');
    this.place.setAttribute('role', 'img');
    this.place.setAttribute('aria-label', chart.title);
    this.empty = document.createElement('p');
    this.empty.className = 'empty';
    this.element.append(title, this.note, this.controls, this.place, this.empty);
    this.watch = new IntersectionObserver((all) => {
      this.seen = all[all.length - 1].isIntersecting;
      if (this.seen) this.update();
    }, { rootMargin: '120px' });
    this.watch.observe(this.element);
    this.size = new ResizeObserver(() => this.resize());
    this.size.observe(this.place);
  }

  // The layer's marks stand at pixels: they are placed anew.
  resize() {
    this.plot?.resize();
    if (this.plot && this.chart.live) this.layer.paint(this.layer.marks ?? [], null);
  }

  close() {
    this.watch.disconnect();
    this.size.disconnect();
    clearTimeout(this.timer);
    this.plot?.dispose();
    this.plot = null;
  }

  // ids: the trials that have changed, null for all
  update(ids = []) {
    if (ids) for (const id of ids) this.changed.add(id);
    else this.isWhole = true;
    if (!this.seen || this.timer || this.drawnNews === this.trials.news) return;
    this.drawIn(this.isWhole || !this.chart.live ? this.pause() : LAYER_PAUSE);
  }

  // Milliseconds between two drawings of all.
  pause() { return Math.max(PAUSE, SHARE * this.cost); }

  drawIn(pause) {
    const wait = this.last + pause - performance.now();
    if (this.last && wait > 0) this.timer = setTimeout(() => { this.timer = 0; this.draw(); }, wait);
    else this.draw();
  }

  // Draws everything anew, as for another theme or another choice.
  redraw() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.plot?.dispose();
    this.plot = null;
    if (this.seen) this.draw();
    else this.drawnNews = -1;
  }

  draw() {
    const t = this.trials, started = performance.now();
    const why = this.chart.enough(t);
    this.place.hidden = this.note.hidden = this.controls.hidden = why !== '';
    this.empty.hidden = why === '';
    this.empty.textContent = why;
    if (why !== '') { this.drawnNews = t.news; return; }
    const offered = this.offer();
    this.note.textContent = this.chart.say(t, this.chosen);
    this.place.setAttribute('aria-label', this.chart.title + '. ' + this.note.textContent);
    if (this.plot && !this.isWhole && !offered && this.add(started)) return;
    const key = this.chart.key?.(t, this.chosen);
    if (this.plot && key !== undefined && key === this.key && !offered) { this.drawnNews = t.news; return; }
    // What turned out to need all of it waits as that does.
    if (this.plot && this.drawnAt + this.pause() > started) { this.isWhole = true; this.drawIn(this.drawnAt + this.pause() - this.last); return; }
    this.key = key;
    this.all(started);
  }

  all(started) {
    const t = this.trials;
    this.arrange();
    if (this.chart.height) this.place.style.height = this.chart.height(t) + 'px';
    if (!this.plot) {
      this.plot = echarts.init(this.place, null, { renderer: 'canvas' });
      this.layer = new Layer(this.plot, this.onPick);
      if (this.onPick && this.chart.pick)
        this.plot.on('click', (p) => { const id = this.chart.pick(p, t); if (id >= 0) this.onPick(id); });
    }
    this.layer.clear();
    this.open = new Set();
    if (this.chart.live) for (let id = 0; id < t.n; id++) if (t.state[id] < SUCCEEDED) this.open.add(id);
    // Too many that may yet change: the chart has them, and is drawn anew when one does.
    if (this.open.size > MOST_ON_LAYER) this.open.clear();
    this.canAdd = !!this.chart.live && (this.open.size > 0 || !t.state.some((s) => s < SUCCEEDED));
    this.frame = this.chart.frame?.(t, this.chosen, this.open);
    const option = this.chart.option(t, this.chosen, this.frame);
    // Axes of another kind cannot be merged; those that stay keep what was chosen on them.
    const shape = JSON.stringify([option.parallelAxis, option.xAxis, option.yAxis].flat().map((a) => a && [a.name, a.type]));
    this.plot.setOption(option, shape === this.shape ? { replaceMerge: ['series'] } : { notMerge: true });
    this.shape = shape;
    this.isWhole = false;
    this.changed.clear();
    if (this.chart.live) this.layer.paint(this.chart.live(t, this.chosen, this.frame, this.open) ?? [], null);
    this.drawnAt = this.drew('drawn', started);
    this.cost = this.drawnAt - started;
  }

  // Puts what has changed on the layer; false where all must be drawn anew.
  add(started) {
    if (!this.canAdd || this.open.size + this.changed.size > MOST_ON_LAYER) return false;
    const marks = this.chart.live(this.trials, this.chosen, this.frame, new Set([...this.open, ...this.changed]));
    if (!marks || !this.layer.paint(marks, this.changed)) return false;
    this.drew('added', started);
    return true;
  }

  drew(how, started) {
    this.drawnNews = this.trials.news;
    this.last = performance.now();
    this.place.dataset[how] = String(Number(this.place.dataset[how] ?? 0) + 1);
    this.place.dataset.millis = (this.last - started).toFixed(0);
    return this.last;
  }

  // What stands beside each other in an order of the reader's own: a button for each, which is
  // dragged, or moved by the arrow keys.
  arrange() {
    const names = this.chart.axes?.(this.trials, this.chosen);
    if (!names) return;
    if (!this.list) {
      this.list = document.createElement('ol');
      this.list.className = 'axes';
      this.list.setAttribute('aria-label', 'Order of the axes');
      this.controls.append(this.list);
    }
    const key = JSON.stringify(names);
    if (this.list.dataset.key === key) return;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    this.list.dataset.key = key;
    this.list.replaceChildren(...names.map((name, at) => this.axis(names, name, at)));
    if (focused !== null) [...this.list.querySelectorAll('button')].find((b) => b.dataset.name === focused)?.focus();
  }

  axis(names, name, at) {
    const move = (from, to) => {
      const order = [...names];
      order.splice(to, 0, ...order.splice(from, 1));
      this.chosen.order = order;
      this.redraw();
    };
    const item = document.createElement('li'), button = document.createElement('button');
    Object.assign(button, { type: 'button', textContent: name, draggable: true });
    button.dataset.name = name;
    button.setAttribute('aria-label', name + ', axis ' + (at + 1) + ' of ' + names.length + ', moved by the arrow keys');
    button.onkeydown = (e) => {
      const to = at + ({ ArrowLeft: -1, ArrowRight: 1 }[e.key] ?? 0);
      if (to === at || to < 0 || to >= names.length) return;
      e.preventDefault();
      move(at, to);
    };
    button.ondragstart = (e) => { e.dataTransfer.setData('text/plain', name); e.dataTransfer.effectAllowed = 'move'; this.dragged = at; };
    button.ondragend = () => { this.dragged = undefined; };
    item.ondragover = (e) => { if (this.dragged !== undefined) e.preventDefault(); };
    item.ondrop = (e) => {
      e.preventDefault();
      const from = this.dragged;
      this.dragged = undefined;
      if (from !== undefined && from !== at) move(from, at);
    };
    item.append(button);
    return item;
  }

  // Selects for what the chart lets people choose, with those that there are now; returns whether
  // something else is chosen now.
  offer() {
    const before = JSON.stringify(this.chosen);
    for (const c of this.chart.choices?.(this.trials) ?? []) {
      if (!this.touched.has(c.key) || !c.options.some(([v]) => v === this.chosen[c.key])) this.chosen[c.key] = c.options[0][0];
      const id = this.chart.id + '-' + c.key, key = JSON.stringify(c.options);
      let select = this.controls.querySelector('#' + id);
      if (!select) {
        const label = document.createElement('label');
        label.append(c.label);
        select = document.createElement('select');
        select.id = id;
        select.onchange = () => {
          this.touched.add(c.key);
          this.chosen[c.key] = c.options.find(([v]) => String(v) === select.value)?.[0] ?? select.value;
          this.redraw();
        };
        label.append(select);
        this.controls.append(label);
      }
      if (select.dataset.key !== key) {
        select.dataset.key = key;
        select.replaceChildren(...c.options.map(([v, text]) => new Option(text ?? shown(v), v)));
      }
      select.value = this.chosen[c.key];
    }
    return before !== JSON.stringify(this.chosen);
  }
}
