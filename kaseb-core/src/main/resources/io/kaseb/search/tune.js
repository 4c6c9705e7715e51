// The page of one search: every chart that has something to show.
const given = JSON.parse(document.getElementById('data').textContent);
const trials = new Trials();
trials.apply(given.changes);
trials.importance = given.importance;
const panels = [...PROGRESS, ...PARAMETERS].filter((chart) => chart.enough(trials) === '').map((chart) => new Panel(chart, trials, null, 'h3'));
document.getElementById('charts').append(...panels.map((panel) => panel.element));
onTheme(() => panels.forEach((panel) => panel.redraw()));
// Paper shows all of a page.
window.addEventListener('beforeprint', () => panels.forEach((panel) => { panel.seen = true; if (!panel.plot) panel.draw(); }));
