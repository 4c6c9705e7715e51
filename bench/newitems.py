#!/usr/bin/env python3
"""How far an item's brand, category and price go towards finding it before anybody has clicked it:
REES46, the first 80 % of its sessions alone. A random tenth of items is taken out of the first four
fifths of these sessions; the rest asks for the next view. recall@20 of items without a view before,
each that its session has not seen, ranked (a) among such items alone, (b) among all items, a share of
all transitions between categories given to new items. Needs numpy and $KASEB_DATA.

    KASEB_DATA=../shared/data python3 bench/newitems.py
"""
import collections
import csv
import gzip
import os
import random

import numpy as np

with gzip.open(os.environ["KASEB_DATA"] + "/rees46/2019-Oct-head.csv.gz", "rt") as log:
    ROWS = [r for r in csv.DictReader(log) if r["user_session"]]
start = {}
for r in ROWS:
    s = r["user_session"]
    start[s] = min(start.get(s, "9"), r["event_time"])
order = sorted(start, key=lambda s: (start[s], s))[: int(0.8 * len(start))]
early = set(order[: int(0.8 * len(order))])
views = {s: [] for s in order}
attributes = {}
for r in ROWS:
    if r["user_session"] in views:
        attributes[r["product_id"]] = (r["brand"], r["category_id"], float(r["price"] or 0))
        if r["event_type"] == "view":
            views[r["user_session"]].append((r["event_time"], r["product_id"]))
items = sorted(attributes)
number = {item: n for n, item in enumerate(items)}


def codes(k):
    names = {v: n for n, v in enumerate(sorted({attributes[i][k] for i in items}))}
    return np.array([names[attributes[i][k]] if attributes[i][k] else -1 for i in items])


brand, category = codes(0), codes(1)
price = np.log1p(np.array([attributes[i][2] for i in items]))
for seed in range(1, 6):
    hidden = set(random.Random(seed).sample(items, len(items) // 10))
    clicks = np.zeros(len(items))
    after = collections.defaultdict(collections.Counter)
    asked = []
    for s in order:
        seq = [number[i] for _, i in sorted(views[s]) if s not in early or i not in hidden]
        if s in early:
            np.add.at(clicks, seq, 1)
            for a, b in zip(seq, seq[1:]):
                after[a][b] += 1
        else:
            asked += [(seq[k], seq[k + 1], seq[: k + 1]) for k in range(len(seq) - 1)]
    viewed = np.zeros(len(items), bool)
    for s in order:
        for _, i in views[s]:
            viewed[number[i]] |= s not in early or i not in hidden
    new = viewed & (clicks == 0)
    fresh = [q for q in asked if new[q[1]] and q[1] not in q[2]]
    known = [q for q in asked if not new[q[1]]]

    def near(a, by):
        sim = -0.7 * np.abs(price - price[a])
        if "category" in by:
            sim = sim + 2.0 * (category == category[a])
        if "brand" in by:
            sim = sim + 1.0 * ((brand == brand[a]) & (brand >= 0))
        return sim if "price" in by else sim + 0.7 * np.abs(price - price[a])

    def recall(score, asked, among):
        hits = 0
        for a, b, _ in asked:
            s = np.where(among, score(a), -np.inf)
            hits += np.sum(s > s[b]) + (np.sum(s == s[b]) - 1) / 2 < 20
        return hits / max(1, len(asked))

    print(f"seed {seed}: {new.sum()} new items, {len(fresh)} views of them, {len(known)} of others")
    for by in ("brand", "brand price", "category", "brand category price"):
        print(f"  new items alone, {by}: {recall(lambda a: near(a, by), fresh, new):.3f}")
    for share in (0, 0.1, 0.3, 1, 3):
        popular = np.where(new, share, clicks)

        def joint(a):
            score = np.exp(1.5 * near(a, "brand category price") - 3) * np.sqrt(popular)
            for b, n in after[a].items():
                score[b] += 3 * n
            return score

        print(
            f"  all items, a new one counts as {share} clicks: "
            f"new {recall(joint, fresh, viewed):.3f}, others {recall(joint, known, viewed):.3f}",
            flush=True,
        )
