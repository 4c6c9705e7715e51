// A chart on a page: drawn when it comes into view, brought up to date at most once a second, and
// only while it is seen.
import { shown } from './trials.js';

const PAUSE = 1000;

export class Panel {
  // chart: { id, title, say(trials), enough(trials), option(trials, choices), choices(trials), height, pick(params) }
  // heading: the element that its title is, by where it stands on the page
  constructor(chart, trials, onPick, heading = 'h2') {
    Object.assign(this, { chart, trials, onPick, drawnNews: -1, last: 0, timer: 0, seen: false, plot: null, chosen: {}, touched: new Set() });
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
    this.size = new ResizeObserver(() => this.plot?.resize());
    this.size.observe(this.place);
  }

  close() {
    this.watch.disconnect();
    this.size.disconnect();
    clearTimeout(this.timer);
    this.plot?.dispose();
    this.plot = null;
  }

  update() {
    if (!this.seen || this.timer || this.drawnNews === this.trials.news) return;
    const wait = this.last + PAUSE - performance.now();
    if (this.last && wait > 0) {
      this.timer = setTimeout(() => { this.timer = 0; this.draw(); }, wait);
    } else this.draw();
  }

  // Draws everything anew, as for another theme or another choice.
  redraw() {
    this.plot?.dispose();
    this.plot = null;
    if (this.seen) this.draw();
    else this.drawnNews = -1;
  }

  draw() {
    const t = this.trials, started = performance.now();
    this.drawnNews = t.news;
    const why = this.chart.enough(t);
    this.place.hidden = this.note.hidden = this.controls.hidden = why !== '';
    this.empty.hidden = why === '';
    this.empty.textContent = why;
    if (why !== '') return;
    this.note.textContent = this.chart.say(t, this.chosen);
    this.offer();
    this.arrange();
    this.place.setAttribute('aria-label', this.chart.title + '. ' + this.note.textContent);
    if (this.chart.height) this.place.style.height = this.chart.height(t) + 'px';
    if (!this.plot) {
      this.plot = echarts.init(this.place, null, { renderer: 'canvas' });
      if (this.onPick && this.chart.pick)
        this.plot.on('click', (p) => { const id = this.chart.pick(p, t); if (id >= 0) this.onPick(id); });
    }
    const option = this.chart.option(t, this.chosen);
    // Axes of another kind cannot be merged; those that stay keep what was chosen on them.
    const shape = JSON.stringify([option.parallelAxis, option.xAxis, option.yAxis].flat().map((a) => a && [a.name, a.type]));
    this.plot.setOption(option, shape === this.shape ? { replaceMerge: ['series'] } : { notMerge: true });
    this.shape = shape;
    this.last = performance.now();
    this.place.dataset.drawn = String(Number(this.place.dataset.drawn ?? 0) + 1);
    this.place.dataset.millis = (this.last - started).toFixed(0);
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

  // Selects for what the chart lets people choose, with those that there are now.
  offer() {
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
  }
}
