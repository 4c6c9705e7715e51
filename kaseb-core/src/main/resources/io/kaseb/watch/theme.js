// Colours and the options that all charts have. Tooltips are drawn on the canvas: no text of an
// experiment becomes part of the page.
const asksDark = matchMedia('(prefers-color-scheme: dark)');
export const theme = {};

export function chooseTheme() {
  const css = getComputedStyle(document.documentElement);
  const of = (name) => css.getPropertyValue('--' + name).trim();
  const dark = asksDark.matches;
  Object.assign(theme, {
    ink: of('ink'), soft: of('soft'), line: of('line'), grid: of('grid') || of('line'), page: of('page'),
    main: dark ? '#5fb3d1' : '#1f6f8b', best: dark ? '#f0a070' : '#b4531f', faint: dark ? '#6d7c87' : '#9aa8b2',
    warn: dark ? '#e0809f' : '#a63a5c', good: dark ? '#9cc26a' : '#55772c', busy: dark ? '#d8bf5a' : '#8a6d00',
    colours: dark ? ['#5fb3d1', '#e0916a', '#9cc26a', '#bd8cc8', '#d8bf5a', '#8f9fe0', '#6fd0c3', '#e0809f']
      : ['#1f6f8b', '#c26b3f', '#6b8f3c', '#8d5a97', '#a1861c', '#4d5d9a', '#2f8f84', '#b0486b'],
    ramp: dark ? ['#24333c', '#2f6379', '#5fb3d1', '#f0a070'] : ['#e3edf1', '#8fbccb', '#1f6f8b', '#b4531f']
  });
}

export function onTheme(redraw) {
  asksDark.addEventListener('change', () => { chooseTheme(); redraw(); });
}

export function base(more) {
  return Object.assign({
    animation: false, color: theme.colours, textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 24, top: 34, bottom: 28, containLabel: true },
    legend: { type: 'scroll', top: 0, left: 0, textStyle: { color: theme.soft, fontSize: 12 }, itemWidth: 12, itemHeight: 8,
      pageTextStyle: { color: theme.soft }, pageIconColor: theme.soft, pageIconInactiveColor: theme.line },
    tooltip: { renderMode: 'richText', trigger: 'item', confine: true, backgroundColor: theme.page,
      borderColor: theme.line, borderWidth: 1, textStyle: { color: theme.ink, fontSize: 12 } }
  }, more);
}

export function axis(name, more) {
  return Object.assign({
    type: 'value', name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: theme.soft, fontSize: 12 },
    axisLabel: { color: theme.soft, fontSize: 12, hideOverlap: true }, splitLine: { lineStyle: { color: theme.grid } },
    axisLine: { show: false }, axisTick: { show: false }, scale: true
  }, more);
}

// A parameter's axis.
export function parameterAxis(a, more) {
  return a.numeric
    ? axis(a.name, Object.assign({ type: a.log ? 'log' : 'value', min: a.low, max: a.high, minInterval: a.whole ? 1 : 0,
      axisLabel: { color: theme.soft, hideOverlap: true, formatter: (v) => String(Number(v.toPrecision(2))) } }, more))
    : axis(a.name, Object.assign({ type: 'category', data: a.options, splitLine: { show: false } }, more));
}

chooseTheme();
