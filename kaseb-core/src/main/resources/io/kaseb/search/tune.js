(function () {
  const palette = ['#1f6f8b', '#c26b3f', '#6b8f3c', '#8d5a97', '#b59a2f', '#4d5d9a', '#3fa397', '#b0486b'];
  const bright = ['#62b3cf', '#e39a70', '#a3c76f', '#c393cd', '#dcc35c', '#93a3e0', '#74cfc3', '#e08aa6'];
  let charts = [];
  const number = (v) => typeof v === 'number' ? String(Number(v.toPrecision(4))) : v;
  function all() {
    charts.forEach((c) => c.dispose());
    charts = [];
    const css = getComputedStyle(document.documentElement);
    const of = (name) => css.getPropertyValue(name).trim();
    const ink = of('--ink'), soft = of('--soft'), line = of('--line'), faint = of('--axis');
    const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
    const colours = dark ? bright : palette;
    const text = { color: soft, fontSize: 12 };
    const axis = (name, more) => Object.assign({
      type: 'value', name: name, nameLocation: 'middle', nameGap: 26, nameTextStyle: text,
      axisLabel: text, splitLine: { lineStyle: { color: line } }, axisLine: { show: false },
      axisTick: { show: false }
    }, more);
    const base = (more) => Object.assign({
      color: colours, animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' },
      legend: { top: 0, left: 0, textStyle: text, itemWidth: 14, itemHeight: 8, icon: 'roundRect', type: 'scroll', pageTextStyle: text },
      grid: { left: 8, right: 20, top: 40, bottom: 28, containLabel: true },
      tooltip: { trigger: 'item', confine: true, valueFormatter: number }
    }, more);
    function draw(id, enough, option) {
      const section = document.getElementById('when-' + id);
      if (!enough) { section.remove(); return; }
      const place = document.getElementById(id);
      if (!place) return;
      const chart = echarts.init(place, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
      chart.setOption(option);
      charts.push(chart);
    }
    const done = data.trials.filter((t) => t.value !== null);
    draw('history', done.length > 0, base({
      xAxis: axis('trial', { min: 0, max: Math.max(1, data.trials.length - 1), minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { scale: true }),
      series: [
        { name: 'trials', type: 'scatter', symbolSize: 8,
          data: done.map((t) => ({ value: [t.id, t.value], name: 'trial ' + t.id,
            itemStyle: t.whole ? { color: colours[0] } : { color: 'transparent', borderColor: colours[0], borderWidth: 1.5 } })),
          itemStyle: { color: colours[0] } },
        { name: 'best so far', type: 'line', step: 'end', showSymbol: false, data: data.best, color: colours[1],
          lineStyle: { width: 2, color: colours[1] } }]
    }));
    const importance = data.importance.slice(0, 12).reverse();
    const bars = document.getElementById('importance');
    if (bars) bars.style.height = 60 + 28 * importance.length + 'px';
    draw('importance', importance.length > 0, base({
      legend: { show: false }, grid: { left: 8, right: 40, top: 8, bottom: 28, containLabel: true },
      xAxis: axis('', { min: 0, splitNumber: 3, axisLabel: { color: soft, hideOverlap: true, formatter: (v) => Math.round(100 * v) + ' %' } }),
      yAxis: axis('', { type: 'category', data: importance.map((i) => i.name), splitLine: { show: false },
        axisLabel: { color: ink, fontSize: 12, width: Math.min(220, window.innerWidth / 3), overflow: 'truncate' } }),
      series: [{ type: 'bar', barMaxWidth: 14, data: importance.map((i) => i.share), itemStyle: { color: colours[0] },
        label: { show: true, position: 'right', color: soft, formatter: (p) => Math.round(100 * p.value) + ' %' } }]
    }));
    const wide = document.getElementById('parallel');
    if (wide) wide.style.minWidth = 88 * data.axes.length + 'px';
    const ranked = done.filter((t) => t.at).sort((a, b) => a.rank - b.rank);
    draw('parallel', ranked.length > 1 && data.axes.length > 1, base({
      legend: { show: false }, grid: { left: 44, right: 44, top: 26, bottom: 58 },
      tooltip: { trigger: 'item', confine: true, formatter: (p) => p.seriesName + ': ' + p.data.said },
      xAxis: [
        axis('', { type: 'category', boundaryGap: false, data: data.axes.map((a) => a.name),
          splitLine: { show: true, interval: 0, lineStyle: { color: faint } },
          axisLabel: { color: soft, fontSize: 11, lineHeight: 15, interval: 0, width: 84, overflow: 'break', margin: 8,
            formatter: (v, i) => data.axes[i].low + '\n' + v.replace(/_/g, ' ') } }),
        axis('', { type: 'category', boundaryGap: false, position: 'top', data: data.axes.map((a) => a.high),
          splitLine: { show: false },
          axisLabel: { color: soft, fontSize: 11, interval: 0, width: 84, overflow: 'truncate', margin: 6,
            formatter: (v, i) => data.axes[i].high } })],
      yAxis: axis('', { min: 0, max: 1, show: false }),
      series: ranked.slice().reverse().map((t) => {
        const share = ranked.length < 2 ? 1 : 1 - t.rank / (ranked.length - 1);
        const first = t.rank === 0;
        return { name: 'trial ' + t.id + ' (' + number(t.value) + ')', type: 'line', z: first ? 9 : 2,
          symbolSize: first ? 7 : 4, data: t.at.map((v, i) => ({ value: v, said: data.axes[i].name + ' ' + t.texts[i] })),
          lineStyle: { width: first ? 3.5 : 1 + share, color: first ? colours[1] : colours[0], opacity: first ? 1 : .08 + .6 * share * share },
          itemStyle: { color: first ? colours[1] : colours[0], opacity: first ? 1 : .08 + .6 * share * share } };
      }).concat([{ type: 'line', xAxisIndex: 1, silent: true, symbol: 'none', lineStyle: { opacity: 0 }, data: data.axes.map(() => null) }])
    }));
    const shown = done.filter((t) => t.curve.length > 1).sort((a, b) => a.rank - b.rank);
    draw('curves', shown.length > 0, base({
      legend: { top: 0, left: 0, textStyle: text, itemWidth: 14, itemHeight: 8, icon: 'roundRect', type: 'scroll',
        pageTextStyle: text, data: shown.slice(0, 5).map((t) => 'trial ' + t.id) },
      xAxis: axis('step', { min: 1, minInterval: 1, splitLine: { show: false } }),
      yAxis: axis('', { scale: true }),
      series: shown.map((t, i) => ({ name: 'trial ' + t.id, type: 'line', data: t.curve, symbolSize: i < 5 ? 5 : 3,
        z: i < 5 ? 5 : 1, color: i < 5 ? colours[i] : faint,
        lineStyle: { width: i < 5 ? 2 : 1, color: i < 5 ? colours[i] : faint } })).reverse()
    }));
  }
  all();
  window.addEventListener('resize', () => charts.forEach((c) => c.resize()));
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
})();
