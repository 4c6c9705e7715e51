// Reads what /metrics answers, and makes rates and percentiles of two readings.

/** Reads Prometheus' text format: metric name to its series, each with labels and a value. */
export function parse(text) {
  const metrics = new Map();
  for (const line of text.split('\n')) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!found) continue;
    const labels = {};
    for (const [, name, value] of (found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name] = value.replace(/\\(.)/g, (_, c) => c === 'n' ? '\n' : c);
    }
    const value = found[3] === '+Inf' ? Infinity : Number(found[3]);
    if (!metrics.has(found[1])) metrics.set(found[1], []);
    metrics.get(found[1]).push({ labels, value });
  }
  return metrics;
}

/** Returns the only series' value, NaN where there is none. */
export const one = (metrics, name) => metrics.get(name)?.[0]?.value ?? NaN;

/** Returns the sum of all series that a test takes. */
export const sum = (metrics, name, takes = () => true) =>
  (metrics.get(name) ?? []).filter(s => takes(s.labels)).reduce((all, s) => all + s.value, 0);

/** Returns how many requests a histogram has in each bucket, by the bucket's upper end in seconds. */
export function buckets(metrics, takes) {
  const counts = new Map();
  for (const { labels, value } of metrics.get('kaseb_http_request_seconds_bucket') ?? []) {
    if (!takes(labels)) continue;
    const end = labels.le === '+Inf' ? Infinity : Number(labels.le);
    counts.set(end, (counts.get(end) ?? 0) + value);
  }
  return counts;
}

/** Returns a percentile of what came between two readings, in seconds; NaN where nothing came. */
export function percentile(share, now, before) {
  const ends = [...now.keys()].sort((a, b) => a - b);
  const counts = ends.map(end => now.get(end) - (before?.get(end) ?? 0));
  const all = counts.at(-1) ?? 0;
  if (!(all > 0)) return NaN;
  const wanted = share * all;
  let below = 0, from = 0;
  for (let i = 0; i < ends.length; i++) {
    if (counts[i] >= wanted) {
      // Beyond the last bucket's end nothing is known.
      return ends[i] === Infinity ? from : from + (ends[i] - from) * (counts[i] === below ? 1 : (wanted - below) / (counts[i] - below));
    }
    below = counts[i];
    from = ends[i];
  }
  return from;
}
