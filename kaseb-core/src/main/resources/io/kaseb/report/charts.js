// What every page draws with: themes, axes, lines, and charts that are drawn again where the theme changes.
const data = JSON.parse(document.getElementById('data').textContent);
const light = ['#1f6f8b', '#c26b3f', '#6b8f3c', '#8d5a97', '#b59a2f', '#4d5d9a', '#3fa397', '#b0486b',
  '#7a5b3a', '#8a94a0', '#4a5560', '#a3b86c'];
const dark = ['#5fb3d1', '#e0916a', '#9cc26a', '#bd8cc8', '#d8bf5a', '#8f9fe0', '#6fd0c3', '#e0809f',
  '#c19a72', '#a3adb8', '#c3ced8', '#c5d88f'];
const asksDark = window.matchMedia('(prefers-color-scheme: dark)');
const drawn = [];
let printing = false;
let theme = {};
function chooseTheme() {
  const named = getComputedStyle(document.documentElement);
  const of = (name, printed) => printing ? printed : named.getPropertyValue('--' + name).trim();
  theme = { ink: of('ink', '#22303a'), soft: of('soft', '#5b6b77'), grid: of('grid', '#e9eef1'),
    axis: of('axis', '#c9d2d8'), whisker: of('whisker', '#8a94a0'), page: of('page', '#fff'),
    line: of('line', '#dde4e8'), colours: asksDark.matches && !printing ? dark : light };
  theme.text = { color: theme.soft, fontSize: 12 };
}
const base = (more) => Object.assign({
  color: theme.colours, animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' },
  legend: { top: 0, left: 0, textStyle: theme.text, itemWidth: 14, itemHeight: 8, itemGap: 9, icon: 'roundRect' },
  grid: { left: 8, right: 20, top: 40, bottom: 28, containLabel: true },
  tooltip: { trigger: 'axis', confine: true, backgroundColor: theme.page, borderColor: theme.line,
    textStyle: { color: theme.ink }, valueFormatter: (v) => typeof v === 'number' ? v.toPrecision(4) : v }
}, more);
const axis = (name, more) => Object.assign({
  type: 'value', name: name, nameLocation: 'middle', nameGap: 26, nameTextStyle: theme.text,
  axisLabel: theme.text, splitLine: { lineStyle: { color: theme.grid } }, axisLine: { show: false },
  axisTick: { show: false }
}, more);
// No share is more than all.
const share = (name, more) => axis(name, Object.assign({ max: (v) => v.max > .8 ? 1 : null }, more));
const steps = (name, values) =>
  axis(name, { type: 'category', data: values, axisLine: { show: true, lineStyle: { color: theme.axis } } });
const line = (name, values) => ({
  name: name, type: 'line', data: values, symbolSize: 6, symbol: 'circle',
  showSymbol: values.length < 40, lineStyle: { width: 2 }
});
// Draws a chart; make returns its option and is asked again for another theme.
function draw(id, make) {
  const place = document.getElementById(id);
  if (!place) return;
  drawn.push({ place: place, make: make, chart: null });
}
function show() {
  chooseTheme();
  for (const one of drawn) {
    if (one.chart) one.chart.dispose();
    const option = one.make(one.place);
    // The legend wraps; the plot begins below it.
    if (option.legend && option.legend.show !== false && option.series) {
      const names = [...new Set(option.series.map((s) => s.name).filter((n) => n))];
      let rows = 1, used = 0;
      for (const name of names) {
        const width = 31 + 6.8 * name.length;
        if (used > 0 && used + width > one.place.clientWidth) { rows++; used = 0; }
        used += width;
      }
      option.grid = Object.assign({}, option.grid, { top: 18 + 19 * rows });
    }
    one.chart = echarts.init(one.place, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    one.chart.setOption(option);
  }
}
asksDark.addEventListener('change', show);
window.addEventListener('resize', () => { if (!printing) drawn.forEach((one) => one.chart.resize()); });
// Paper is white.
window.addEventListener('beforeprint', () => { printing = true; if (asksDark.matches) show(); });
window.addEventListener('afterprint', () => { printing = false; show(); });
