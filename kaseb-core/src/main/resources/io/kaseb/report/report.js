function dots(id, metric, isShare) {
  draw(id, (place) => {
    if (data.models.length > 4) place.style.height = 60 + 30 * data.models.length + 'px';
    const rows = data.models.filter((m) => typeof m.metrics[metric] === 'number').reverse();
    const series = rows.filter((m) => m.intervals[metric]).map((m) => ({
      type: 'line', silent: true, symbol: 'rect', symbolSize: [2, 12], showSymbol: true,
      data: m.intervals[metric].map((v) => [v, m.name]), itemStyle: { color: theme.whisker },
      lineStyle: { width: 2, color: theme.whisker }, tooltip: { show: false }
    }));
    series.push({ type: 'scatter', symbolSize: 11, z: 5, data: rows.map((m) => ({
      value: [m.metrics[metric], m.name],
      itemStyle: { color: m === rows[rows.length - 1] ? theme.colours[0] : theme.soft } })) });
    const names = axis('', { type: 'category', data: rows.map((m) => m.name), splitLine: { show: false },
      axisLabel: { color: theme.ink, fontSize: 13, width: 150, overflow: 'truncate' } });
    // The values stand at the right end of their rows, where no point can be.
    const values = axis('', { type: 'category', position: 'right', splitLine: { show: false },
      data: rows.map((m) => m.metrics[metric].toPrecision(m.metrics[metric] < .1 ? 2 : 4)),
      axisLabel: { color: theme.ink, fontSize: 12, interval: 0 } });
    return base({
      legend: { show: false }, grid: { left: 8, right: 8, top: 12, bottom: 28, containLabel: true },
      tooltip: { show: false },
      xAxis: (isShare ? share : axis)(metric, { min: 0, splitNumber: 4 }),
      yAxis: [names, values],
      series: series
    });
  });
}
const epochs = data.epochs.map((e) => e.epoch);
const of = (key) => data.epochs.map((e) => e[key]);
const given = (list) => list.filter((s) => s.data.some((v) => v !== null));
dots('recall', 'recall@' + data.k, true);
dots('mrr', 'mrr@' + data.k, true);
dots('coverage', 'coverage@' + data.k, true);
dots('popularity', 'popularity@' + data.k, false);
const lines = (id, name, values, key) => draw(id, () => base({
  xAxis: steps(name, values), yAxis: share('', { min: 0 }), series: data.models.map((m) => line(m.name, m[key]))
}));
lines('lengths', 'clicks of the session', data.lengths, 'lengths');
lines('positions', 'clicks seen', data.positions, 'positions');
draw('fifths', () => base({
  grid: { left: 8, right: 20, top: 40, bottom: 12, containLabel: true },
  xAxis: Object.assign(steps('', data.fifths), { axisLabel: { color: theme.soft, fontSize: 10, hideOverlap: true } }),
  yAxis: share('', { min: 0 }),
  series: data.models.map((m) => line(m.name, m.fifths))
}));
data.early.forEach((view, i) => draw('early' + i, () => base({
  xAxis: steps('events seen', view.clicks), yAxis: share('', { scale: true }),
  series: view.series.map((s) => line(s.name, s.values))
})));
const longest = data.training.reduce((a, m) => m.epochs.length > a.length ? m.epochs : a, []);
const trained = (id, key, y) => draw(id, () => base({
  xAxis: steps('epoch', longest), yAxis: y('', { scale: true }),
  series: data.training.filter((m) => m[key].some((v) => v !== null)).map((m) => line(m.name, m[key]))
}));
trained('all-losses', 'train_loss', axis);
trained('all-progress', 'mrr_20', share);
data.curves.forEach((curve, i) => draw('calibration' + i, () => base({
  xAxis: share('forecast', { min: 0 }), yAxis: share('bought', { min: 0, nameGap: 36 }),
  series: [
    { name: 'bought', type: 'line', data: curve.bins, symbolSize: 7, symbol: 'circle' },
    { name: 'perfect', type: 'line', data: [[0, 0], [curve.most, curve.most]], showSymbol: false,
      lineStyle: { type: 'dashed', color: theme.whisker }, itemStyle: { color: theme.whisker } }]
})));
draw('losses', () => base({
  xAxis: steps('epoch', epochs), yAxis: axis('', { scale: true }),
  series: given([line('train loss', of('train_loss')), line('validation loss', of('valid_loss'))])
}));
draw('progress', () => base({
  xAxis: steps('epoch', epochs), yAxis: share('', { min: 0 }),
  series: given([line('recall@20', of('recall_20')), line('mrr@20', of('mrr_20'))])
}));
show();
