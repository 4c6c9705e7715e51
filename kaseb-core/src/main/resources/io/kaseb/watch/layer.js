// What has changed since a chart was drawn, above it: a few shapes on a canvas of their own. setOption
// would lay out every series again, whatever changed, so that one trial would cost as much as all;
// appendData knows points alone, on axes that cannot move, and cannot take back a trial that was at
// work. So the chart has what will not change any more, and the layer what is at work or new; the
// chart is drawn anew when the layer has grown too large, or something falls outside the axes.
import { theme } from './theme.js';

export const MOST_ON_LAYER = 500;

export class Layer {
  constructor(plot, onPick) {
    Object.assign(this, { plot, onPick, group: null, tip: null, hidden: new Set() });
    plot.on('legendselectchanged', (e) => {
      this.hidden = new Set(Object.keys(e.selected).filter((name) => !e.selected[name]));
      this.paint(this.marks ?? [], null);
    });
  }

  clear() {
    const zr = this.plot.getZr();
    if (this.group) zr.remove(this.group);
    this.untell();
    this.group = null;
  }

  // Draws marks: { id, name, tip, z } with at [x, y], size, symbol, fill, stroke for a point; with line
  // [[x, y], ...], stroke, width, opacity for a line; with bar [left, right, low, high], fill for a bar.
  // Returns false, and draws nothing, where a mark of `inside` lies outside the axes.
  paint(marks, inside) {
    const shapes = [];
    for (const m of marks) {
      if (this.hidden.has(m.name)) continue;
      const shape = m.at ? this.point(m, inside) : m.line ? this.line(m) : this.bar(m);
      if (!shape) return false;
      shape.attr({ zlevel: 1, z: m.z ?? 4, silent: !m.tip, cursor: m.tip && this.onPick && m.id >= 0 ? 'pointer' : 'default' });
      if (m.tip) {
        shape.on('mouseover', (e) => this.tell(m.tip, e.offsetX, e.offsetY));
        shape.on('mouseout', () => this.untell());
        if (this.onPick && m.id >= 0) shape.on('click', () => this.onPick(m.id));
      }
      shapes.push(shape);
    }
    this.clear();
    this.marks = marks;
    this.group = new echarts.graphic.Group();
    for (const shape of shapes) this.group.add(shape);
    this.plot.getZr().add(this.group);
    return true;
  }

  pixel(at) { return this.plot.convertToPixel({ gridIndex: 0 }, at); }

  point(m, inside) {
    const [x, y] = this.pixel(m.at);
    // A point on the edge may be a rounding error beyond it.
    const isInside = [[1, 1], [1, -1], [-1, 1], [-1, -1]].some(([a, b]) => this.plot.containPixel({ gridIndex: 0 }, [x + a, y + b]));
    if (!isInside && inside?.has(m.id)) return null;
    const shape = echarts.helper.createSymbol(m.symbol ?? 'circle', x - m.size / 2, y - m.size / 2, m.size, m.size, m.fill);
    shape.attr({ style: { fill: m.fill, stroke: m.stroke, lineWidth: m.stroke ? 1.5 : 0, opacity: isInside ? m.opacity ?? 1 : 0 } });
    return shape;
  }

  line(m) {
    return new echarts.graphic.Polyline({ shape: { points: m.line.map((p) => this.pixel(p)) },
      style: { fill: null, stroke: m.stroke, lineWidth: m.width ?? 1, opacity: m.opacity ?? 1 } });
  }

  bar(m) {
    const [left, right, low, high] = m.bar, a = this.pixel([left, low]), b = this.pixel([right, high]);
    return new echarts.graphic.Rect({ shape: { x: a[0], y: b[1] + 1, width: Math.max(1, b[0] - a[0]), height: Math.max(1, a[1] - b[1] - 2) },
      style: { fill: m.fill, opacity: .8 } });
  }

  tell(text, x, y) {
    this.untell();
    const tip = new echarts.graphic.Text({ zlevel: 1, z: 100, silent: true, x: 0, y: 0, style: { text, fill: theme.ink, fontSize: 12,
      lineHeight: 18, backgroundColor: theme.page, borderColor: theme.line, borderWidth: 1, borderRadius: 4, padding: 10 } });
    const box = tip.getBoundingRect(), w = this.plot.getWidth(), h = this.plot.getHeight();
    tip.attr({ x: Math.max(0, Math.min(x + 12, w - box.width)) - box.x, y: Math.max(0, Math.min(y + 12, h - box.height)) - box.y });
    this.plot.getZr().add(this.tip = tip);
  }

  untell() {
    if (this.tip) this.plot.getZr().remove(this.tip);
    this.tip = null;
  }
}
