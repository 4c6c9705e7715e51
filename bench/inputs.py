#!/usr/bin/env python3
"""Whether a next-item network gains from actions as inputs, and from item embeddings that are their own
part plus those of brand, category and price, trained together. A GRU of one layer (64 units, input and
output embedding in one, cross-entropy over all items, Adagrad, one step back in time), on the first
80 % of a real log's sessions, three random folds, one held back at a time; each variant at its best
epoch; paired 95 % intervals over sessions. Items that the other folds lack are "cold"; the plain
network places them by a ridge regression of its rows on the attributes, as Kaseb does. Needs numpy
and $KASEB_DATA.

    KASEB_DATA=../shared/data python3 bench/inputs.py
"""
import collections, csv, gzip, os, random
import numpy as np

D, BATCH, EPOCHS, FOLDS = 64, 32, 12, 3


def load(log):
    name = "rees46/2019-Oct-head.csv.gz" if log == "rees46" else "jd/events.csv.gz"
    keys = ("user_session", "event_time", "product_id", "event_type") if log == "rees46" else ("session", "time", "item", "type")
    sessions, info = collections.OrderedDict(), {}
    for r in csv.DictReader(gzip.open(os.path.join(os.environ["KASEB_DATA"], name), "rt")):
        if r[keys[0]] and r[keys[3]]:
            sessions.setdefault(r[keys[0]], []).append((r[keys[1]], r[keys[2]], r[keys[3]]))
            info[r[keys[2]]] = (r.get("brand"), r.get("category_code"), r.get("price"))
    ordered = sorted((sorted(e, key=lambda x: x[0]) for e in sessions.values()), key=lambda e: e[0][0])
    return ordered[: int(len(ordered) * 0.8)], info


def attributes(items, info):
    prices = sorted(float(info[i][2]) for i in items if info[i][2])
    edges = np.quantile(prices, np.arange(1, 10) / 10) if prices else []
    columns, rows = {}, []
    for i in items:
        brand, category, price = info[i]
        row = [("b", brand)] if brand else []
        row += [("c", category)] if category else []
        row += [("p", int(np.searchsorted(edges, float(price), "right")))] if price else []
        rows.append([columns.setdefault(k, len(columns)) for k in row])
    m = np.zeros((len(items), max(1, len(columns))), np.float32)
    for i, row in enumerate(rows):
        m[i, row] = 1
    return m


def encode(session, index, acts):
    """Returns the clicked items, and of each click the actions since the one before."""
    items, since, now = [], [], np.zeros(len(acts), np.float32)
    for _, item, action in session:
        if action == "view":
            items.append(index[item])
            since.append(now)
            now = np.zeros(len(acts), np.float32)
        elif action in acts:
            now[acts.index(action)] += 1
    return np.array(items, int), np.array(since, np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Net:
    def __init__(self, n, m, acts, joint, events, seed):
        r = np.random.default_rng(seed)
        u = lambda *s: r.uniform(-1, 1, s).astype(np.float32) * np.sqrt(6 / sum(s))
        self.m, self.joint, self.events = m, joint, events
        self.p = {"W": u(n, D), "A": np.zeros((m.shape[1], D), np.float32), "V": np.zeros((acts, D), np.float32),
                  "b": np.zeros(n, np.float32), "X": u(D, 3 * D), "H": u(D, 2 * D), "C": u(D, D), "g": np.zeros(3 * D, np.float32)}
        self.s = {k: np.zeros_like(v) for k, v in self.p.items()}

    def table(self):
        return self.p["W"] + self.m @ self.p["A"] if self.joint else self.p["W"]

    def step(self, e, item, since, h):
        p = self.p
        x = e[item] + (since @ p["V"] if self.events else 0)
        a = x @ p["X"] + p["g"]
        zr = sigmoid(a[:, : 2 * D] + h @ p["H"])
        z, r = zr[:, :D], zr[:, D:]
        c = np.tanh(a[:, 2 * D :] + (r * h) @ p["C"])
        return (1 - z) * h + z * c, (x, z, r, c)

    def learn(self, item, since, h, target, rate):
        p, e = self.p, self.table()
        new, (x, z, r, c) = self.step(e, item, since, h)
        s = new @ e.T + p["b"]
        s = np.exp(s - s.max(1, keepdims=True))
        s /= s.sum(1, keepdims=True)
        s[np.arange(len(target)), target] -= 1
        s /= len(target)
        dn = s @ e
        dc = dn * z * (1 - c * c)
        dz = dn * (c - h) * z * (1 - z)
        dr = (dc @ p["C"].T) * h * r * (1 - r)
        da = np.concatenate([dz, dr, dc], 1)
        dx = da @ p["X"].T
        de = s.T @ new
        np.add.at(de, item, dx)
        g = {"W": de, "b": s.sum(0), "X": x.T @ da, "g": da.sum(0), "H": h.T @ da[:, : 2 * D], "C": (r * h).T @ dc}
        if self.joint:
            g["A"] = self.m.T @ de
        if self.events:
            g["V"] = since.T @ dx
        for k, v in g.items():
            self.s[k] += v * v
            p[k] -= rate * v / np.sqrt(self.s[k] + 1e-6)
        return new

    def epoch(self, sessions, rng, rate=0.07):
        order = rng.permutation(len(sessions))
        for at in range(0, len(order), BATCH):
            batch = sorted((sessions[s] for s in order[at : at + BATCH]), key=lambda s: -len(s[0]))
            h = np.zeros((len(batch), D), np.float32)
            for t in range(len(batch[0][0]) - 1):
                n = sum(len(s[0]) > t + 1 for s in batch)
                col = lambda k, d: np.array([s[k][t + d] for s in batch[:n]])
                h = self.learn(col(0, 0), col(1, 0), h[:n], col(0, 1), rate)

    def measure(self, sessions, cold, table=None):
        """Returns of each session: hits and reciprocal ranks of warm targets, their number, the same of cold ones."""
        e, b, out = self.table() if table is None else table, self.p["b"], []
        for items, since in sessions:
            row, h = np.zeros(6), np.zeros((1, D), np.float32)
            for t in range(len(items) - 1):
                h, _ = self.step(e, items[t : t + 1], since[t : t + 1], h)
                s = (h @ e.T + b)[0]
                target = items[t + 1]
                rank = (s >= s[target]).sum()
                o = 3 if cold[target] else 0
                row[o : o + 3] += [rank <= 20, 1 / rank if rank <= 20 else 0, 1]
            out.append(row)
        return np.array(out)


def ridge(net, cold, m):
    warm = ~cold
    x = np.concatenate([np.ones((len(m), 1), np.float32), m], 1)
    a = x[warm]
    w = np.linalg.solve(a.T @ a + 3 * np.eye(x.shape[1]), a.T @ net.p["W"][warm])
    table = net.p["W"].copy()
    table[cold] = (x @ w)[cold].astype(np.float32)
    return table


def run(log, acts):
    raw, info = load(log)
    raw = [s for s in raw if sum(a == "view" for _, _, a in s) > 1]
    items = sorted({i for s in raw for _, i, a in s if a == "view"})
    index = {i: n for n, i in enumerate(items)}
    m = attributes(items, info)
    sessions = [encode(s, index, acts) for s in raw]
    order = list(range(len(sessions)))
    random.Random(1).shuffle(order)
    variants = {"plain": (False, False), "events": (False, True)}
    if log == "rees46":
        variants.update({"attributes": (True, False), "both": (True, True)})
    found = {v: [] for v in variants}
    for fold in range(FOLDS):
        held = [sessions[s] for s in order[fold::FOLDS]]
        train = [sessions[s] for s in sorted(set(order) - set(order[fold::FOLDS]))]
        cold = np.ones(len(items), bool)
        for s in train:
            cold[s[0]] = False
        for name, (joint, events) in variants.items():
            net, rng, epochs = Net(len(items), m, len(acts), joint, events, fold), np.random.default_rng(fold), []
            for _ in range(EPOCHS):
                net.epoch(train, rng)
                table = ridge(net, cold, m) if log == "rees46" and not joint else None
                epochs.append(net.measure(held, cold, table))
            found[name].append(epochs)
    best = {}
    for name, folds in found.items():
        epoch = max(range(EPOCHS), key=lambda e: sum(f[e][:, 1].sum() for f in folds))
        best[name] = (epoch + 1, np.concatenate([f[epoch] for f in folds]))
    base = best["plain"][1]
    draws = np.random.default_rng(0).integers(0, len(base), (1000, len(base)))
    print(f"{log}: {len(base)} sessions held back, {int(base[:, 2].sum())} warm targets, {int(base[:, 5].sum())} cold ones")
    for name, (epoch, rows) in best.items():
        text = f"{name:11} epoch {epoch:2}"
        for label, o in (("warm", 0), ("cold", 3)):
            n = base[:, o + 2]
            for metric, k in (("recall", o), ("mrr", o + 1)):
                d = rows[:, k] - base[:, k]
                spread = d[draws].sum(1) / n[draws].sum(1)
                low, high = np.quantile(spread, [0.025, 0.975])
                text += f"  {label} {metric} {rows[:, k].sum() / n.sum():.4f} ({d.sum() / n.sum():+.4f} [{low:+.4f}, {high:+.4f}])"
        print(text, flush=True)


run("rees46", ["cart", "purchase"])
run("jd", ["follow", "order", "comment"])
