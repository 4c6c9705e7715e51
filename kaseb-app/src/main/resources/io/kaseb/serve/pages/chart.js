// Charts as plain SVG: a few lines with axes. What they show stands in words beside them.
const NS = 'http://www.w3.org/2000/svg';

function svg(tag, attributes = {}, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text != null) made.textContent = text;
  return made;
}

/** Returns a round number at or above a value, for the top of an axis. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find(step => step * unit >= value * .9999) * unit;
}

/**
 * Draws lines into an element, and again whenever its width changes.
 *
 * @param place the element; what it held is gone
 * @param chart { label, empty: what is said where no line has a point, height, x: [from, to], y: [from, to], xTicks: [[value, text]], yText: value => text,
 *   ySteps, lines: [{ points: [[x, y]], name, dots: [class], titles: [text], hasArea }] }
 */
export function draw(place, chart) {
  place.chart = chart;
  if (!place.watched) {
    place.watched = new ResizeObserver(() => paint(place));
    place.watched.observe(place);
  }
  paint(place);
}

function paint(place) {
  const { label, empty, height = 150, x, y, xTicks = [], yText, ySteps = 2, lines } = place.chart;
  const width = Math.max(160, place.clientWidth), left = 46, right = 10, top = 10, bottom = 20;
  const w = width - left - right, h = height - top - bottom;
  const px = value => left + (x[1] === x[0] ? w / 2 : (value - x[0]) / (x[1] - x[0]) * w);
  const py = value => top + h - (value - y[0]) / (y[1] - y[0] || 1) * h;
  const hasPoints = lines.some(line => line.points.some(([, value]) => Number.isFinite(value)));
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': label });
  for (let i = 0; i <= ySteps; i++) {
    const value = y[0] + (y[1] - y[0]) * i / ySteps;
    root.append(svg('line', { class: i ? 'grid' : 'axis', x1: left, x2: width - right, y1: py(value), y2: py(value) }),
      ...(hasPoints ? [svg('text', { x: left - 6, y: py(value) + 4, 'text-anchor': 'end' }, yText(value))] : []));
  }
  xTicks.forEach(([value, text], i) => root.append(svg('text', { x: px(value), y: height - 4,
    'text-anchor': xTicks.length > 1 && i === 0 ? 'start' : i === xTicks.length - 1 && xTicks.length > 1 ? 'end' : 'middle' }, text)));
  for (const line of lines) {
    const points = line.points.filter(([, value]) => Number.isFinite(value));
    if (!points.length) continue;
    const path = points.map(([a, b], i) => (i ? 'L' : 'M') + px(a).toFixed(1) + ' ' + py(b).toFixed(1)).join('');
    if (line.hasArea) {
      root.append(svg('path', { class: 'area', d: `${path}L${px(points.at(-1)[0])} ${py(y[0])}L${px(points[0][0])} ${py(y[0])}Z` }));
    }
    root.append(svg('path', { class: 'line ' + (line.name ?? ''), d: path }));
    line.dots?.forEach((kind, i) => {
      const [a, b] = line.points[i];
      if (!Number.isFinite(b)) return;
      const dot = svg('circle', { class: 'dot ' + kind, cx: px(a), cy: py(b), r: line.dots.length > 40 ? 2.5 : 4.5 });
      if (line.titles?.[i]) dot.append(svg('title', {}, line.titles[i]));
      root.append(dot);
    });
  }
  if (!hasPoints && empty) root.append(svg('text', { x: left + w / 2, y: top + h / 2 + 4, 'text-anchor': 'middle' }, empty));
  place.replaceChildren(root);
}
