#!/usr/bin/env python3
"""Does a relaxed search of architectures (DARTS, Liu et al. 2019) order networks as training each by
itself does? Twelve small networks (a cell of two, one of three widths, one of two readouts) on the latest
6,000 training sessions of RetailRocket, the latest 900 of them held back, mrr@20. In turn:
  alone    each network trained by itself: what is to be foretold
  relaxed  one network that mixes all choices by learned weights, first order: mini-batches of one half of
           the sessions move the network, those of the other half the weights
           by weight: networks in the order of their weights; by parts: each cut out and measured
  path     one network, each step trains one of the twelve, drawn at random; each cut out and measured
Prints Spearman's correlation with `alone`, and what the network that is put first has by itself. A lab in
numpy: gradients of one step, as GRU4Rec has them. Needs numpy and $KASEB_DATA; a minute or two a seed.

    KASEB_DATA=../shared/data python3 bench/darts.py 1 2 3 4 5
"""
import gzip
import itertools
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402

EPOCHS, BATCH, NEGATIVES, RATE, STEP_OF_WEIGHTS = 4, 32, 256, 0.1, 0.003
CELLS, WIDTHS, READOUTS = ("gru", "mgu"), (16, 32, 64), ("last", "core")
NETWORKS = list(itertools.product(range(len(CELLS)), range(len(WIDTHS)), range(len(READOUTS))))
D = max(WIDTHS)
MASKS = np.array([[float(f < w) for f in range(D)] for w in WIDTHS], np.float32)

with gzip.open(os.environ["KASEB_DATA"] + "/retailrocket/train.txt.gz", "rt") as log:
    SESSIONS = [line.split() for line in log][-6000:]
NUMBER = {}
for session in SESSIONS[:-900]:
    for item in session:
        NUMBER.setdefault(item, len(NUMBER))
TRAIN = [[NUMBER[i] for i in s] for s in SESSIONS[:-900]]
HELD = [s for s in ([NUMBER[i] for i in s if i in NUMBER] for s in SESSIONS[-900:]) if len(s) > 1]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Choice:
    """How much of each option there is."""

    def __init__(self, cells, widths, readouts):
        self.cells, self.mask, self.core = cells, widths @ MASKS, readouts[1]

    @staticmethod
    def one(network):
        return Choice(*(np.eye(len(o), dtype=np.float32)[k] for o, k in zip((CELLS, WIDTHS, READOUTS), network)))


class Network:
    """Both cells at the largest width, and one table of items for inputs and outputs."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        gates = {"gru": 3, "mgu": 2}
        self.w = {"E": self.uniform(len(NUMBER), D), "B": np.zeros(len(NUMBER), np.float32), "C": np.zeros(D, np.float32)}
        for c, cell in enumerate(CELLS):
            self.w[f"W{c}"] = self.uniform(D, gates[cell] * D)
            self.w[f"U{c}"] = self.uniform(D, gates[cell] * D)
            self.w[f"b{c}"] = np.zeros(gates[cell] * D, np.float32)
        self.squares = {name: np.zeros_like(w) for name, w in self.w.items()}

    def uniform(self, rows, columns):
        most = np.sqrt(6 / (D + D))
        return self.random.uniform(-most, most, (rows, columns)).astype(np.float32)

    def cell(self, c, x, h):
        a = x @ self.w[f"W{c}"] + self.w[f"b{c}"]
        U = self.w[f"U{c}"]
        z = sigmoid(a[:, :D] + h @ U[:, :D])
        r = z if CELLS[c] == "mgu" else sigmoid(a[:, D:2 * D] + h @ U[:, D:2 * D])
        n = np.tanh(a[:, -D:] + (r * h) @ U[:, -D:])
        return (1 - z) * h + z * n, (z, r, n)

    def cell_back(self, c, kept, x, h, d, grads):
        z, r, n = kept
        U = self.w[f"U{c}"]
        dn = d * z * (1 - n * n)
        dz = d * (n - h)
        dr = (dn @ U[:, -D:].T) * h
        if CELLS[c] == "mgu":
            da = np.concatenate([(dz + dr) * z * (1 - z), dn], 1)
            ins = np.concatenate([h.T @ da[:, :D], (r * h).T @ dn], 1)
        else:
            da = np.concatenate([dz * z * (1 - z), dr * r * (1 - r), dn], 1)
            ins = np.concatenate([h.T @ da[:, :2 * D], (r * h).T @ dn], 1)
        grads[f"W{c}"], grads[f"U{c}"], grads[f"b{c}"] = x.T @ da, ins, da.sum(0)
        return da @ self.w[f"W{c}"].T

    def forward(self, choice, items, h, m):
        e = self.w["E"][items]
        x = e * choice.mask
        states = {c: self.cell(c, x, h) for c, p in enumerate(choice.cells) if p > 0}
        mixed = sum(choice.cells[c] * s for c, (s, _) in states.items())
        h2, m2 = mixed * choice.mask, m + 0.5 * (x - m)
        return e, x, states, mixed, h2, m2, h2 + choice.core * self.w["C"] * m2

    def step(self, choice, items, targets, h, m, learn):
        """Returns new states and the gradients by cells, mask and readout; `learn` moves the network."""
        e, x, states, mixed, h2, m2, u = self.forward(choice, items, h, m)
        out = np.concatenate([targets, self.random.integers(len(NUMBER), size=NEGATIVES)])
        rows = self.w["E"][out]
        scores = u @ rows.T + self.w["B"][out]
        own = np.arange(len(items))
        scores[(out[None, :] == targets[:, None]) & (np.arange(len(out))[None, :] != own[:, None])] = -1e9
        d = softmax(scores)
        d[own, own] -= 1
        du = d @ rows
        grads = {"C": (du * m2).sum(0) * choice.core}
        dm = du * choice.core * self.w["C"]
        by_cells = np.array([(du * choice.mask * states[c][0]).sum() if c in states else 0 for c in range(len(CELLS))])
        by_mask = (du * mixed).sum(0)
        by_core = (du * self.w["C"] * m2).sum()
        dx = 0.5 * dm
        for c, (_, kept) in states.items():
            dx = dx + self.cell_back(c, kept, x, h, choice.cells[c] * du * choice.mask, grads)
        by_mask += (dx * e).sum(0)
        if learn:
            for name, g in grads.items():
                self.move(name, slice(None), g / len(items))
            for name, at, g in (("E", out, d.T @ u), ("E", items, dx * choice.mask), ("B", out, d.sum(0))):
                once, where = np.unique(at, return_inverse=True)
                total = np.zeros((len(once),) + g.shape[1:], np.float32)
                np.add.at(total, where, g / len(items))
                self.move(name, once, total)
        return h2, m2, (by_cells, by_mask, by_core)

    def move(self, name, at, gradient):
        self.squares[name][at] += gradient * gradient
        self.w[name][at] -= RATE * gradient / np.sqrt(self.squares[name][at] + 1e-6)

    def mrr(self, network):
        choice, found, count = Choice.one(network), 0.0, 0
        h = m = np.zeros((len(HELD), D), np.float32)
        for t in range(max(map(len, HELD)) - 1):
            live = np.array([j for j, s in enumerate(HELD) if len(s) > t + 1])
            items = np.array([HELD[j][t] for j in live])
            targets = np.array([HELD[j][t + 1] for j in live])
            *_, h2, m2, u = self.forward(choice, items, h[live], m[live])
            h, m = h.copy(), m.copy()
            h[live], m[live] = h2, m2
            scores = u @ self.w["E"].T + self.w["B"]
            rank = 1 + (scores > scores[np.arange(len(live)), targets][:, None]).sum(1)
            found += (1 / rank[rank <= 20]).sum()
            count += len(live)
        return found / count


def batches(sessions, random):
    """Sessions side by side: items, targets, and which slots begin a session."""
    order = iter(random.permutation(len(sessions)))
    slots, fresh = [], []
    for s in itertools.islice(order, BATCH):
        slots.append((sessions[s], 0))
        fresh.append(True)
    while slots:
        yield np.array([s[t] for s, t in slots]), np.array([s[t + 1] for s, t in slots]), np.array(fresh)
        for j, (s, t) in enumerate(slots):
            slots[j], fresh[j] = (s, t + 1), False
            if t + 2 >= len(s):
                following = next(order, None)
                slots[j], fresh[j] = ((None, 0), False) if following is None else ((sessions[following], 0), True)
        if any(s is None for s, _ in slots):
            return  # the last sessions of an epoch, fewer than slots


class States:
    def __init__(self):
        self.h = self.m = np.zeros((BATCH, D), np.float32)

    def step(self, network, choice, batch, learn=True):
        items, targets, fresh = batch
        keep = ~fresh[:, None]
        self.h, self.m, gradients = network.step(choice, items, targets, self.h * keep, self.m * keep, learn)
        return gradients


def train(seed, choose):
    network, random = Network(seed), np.random.default_rng(seed + 1000)
    for _ in range(EPOCHS):
        states = States()
        for batch in batches(TRAIN, random):
            states.step(network, choose(random), batch)
    return network


def relaxed(seed):
    network, random = Network(seed), np.random.default_rng(seed + 1000)
    weights = [np.zeros(len(o)) for o in (CELLS, WIDTHS, READOUTS)]
    means, squares, t = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights], 0
    for _ in range(2 * EPOCHS):  # each moves the network by half of the sessions
        ours, others = States(), States()
        for batch, other in zip(batches(TRAIN[::2], random), batches(TRAIN[1::2], random)):
            shares = [softmax(w).astype(np.float32) for w in weights]
            by_cells, by_mask, by_core = others.step(network, Choice(*shares), other, learn=False)
            t += 1
            for k, by in enumerate((by_cells, MASKS @ by_mask, np.array([0, by_core]))):
                g = shares[k] * (by - (shares[k] * by).sum()) / BATCH
                means[k] = 0.9 * means[k] + 0.1 * g
                squares[k] = 0.999 * squares[k] + 0.001 * g * g
                weights[k] -= STEP_OF_WEIGHTS * (means[k] / (1 - 0.9**t)) / (np.sqrt(squares[k] / (1 - 0.999**t)) + 1e-8)
            ours.step(network, Choice(*(softmax(w).astype(np.float32) for w in weights)), batch)
    return network, [np.log(softmax(w)) for w in weights]


def spearman(a, b):
    ranks = [np.argsort(np.argsort(v)) for v in (a, b)]
    return np.corrcoef(*ranks)[0, 1]


def name(network):
    return " ".join(str(o[k]) for o, k in zip((CELLS, WIDTHS, READOUTS), network))


rows = {}
for seed in map(int, sys.argv[1:] or ["1"]):
    alone = np.array([train(seed, lambda _, n=n: Choice.one(n)).mrr(n) for n in NETWORKS])
    mixed, logs = relaxed(seed)
    path = train(seed, lambda random: Choice.one(NETWORKS[random.integers(len(NETWORKS))]))
    said = {
        "relaxed, by weight": np.array([sum(log[k] for log, k in zip(logs, n)) for n in NETWORKS]),
        "relaxed, by parts": np.array([mixed.mrr(n) for n in NETWORKS]),
        "path": np.array([path.mrr(n) for n in NETWORKS]),
    }
    print(f"seed {seed}: alone {alone.min():.4f} to {alone.max():.4f}, best {name(NETWORKS[alone.argmax()])}; shares "
          + "; ".join(" ".join(f"{np.exp(v):.2f}" for v in log) for log in logs))
    for kind, value in said.items():
        first = value.argmax()
        rows.setdefault(kind, []).append((spearman(value, alone), alone[first]))
        print(f"  {kind:20} Spearman {rows[kind][-1][0]:.2f}, first {name(NETWORKS[first])}, by itself {alone[first]:.4f}", flush=True)
for kind, values in rows.items():
    r, own = np.array(values).T
    print(f"{kind:20} Spearman {r.mean():.2f} ({r.min():.2f} to {r.max():.2f}), its first by itself {own.mean():.4f}")
