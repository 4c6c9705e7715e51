#!/usr/bin/env python3
"""The purchase forecast on the real logs of $KASEB_DATA, `live` view, defaults: seeds 1 to 5 of the
training, mean and range, and how far it lies above the forecast that is told less of the same sessions
(paired 95 % bootstrap intervals over test sessions, each session's probability being the mean of its
log odds over the seeds).

    KASEB_DATA=../shared/data python3 bench/purchases.py rees46        # beside each cart as a click on one item
    KASEB_DATA=../shared/data python3 bench/purchases.py clickstream   # beside pages alone
    KASEB_DATA=../shared/data python3 bench/purchases.py jd            # beside views alone

Datasets, models and scores are kept in --work and not made twice. $KASEB is the command (default ./kaseb).
"""
import argparse
import csv
import gzip
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

import numpy as np

KASEB = shlex.split(os.environ.get("KASEB", "./kaseb"))
DATA = pathlib.Path(os.environ["KASEB_DATA"])
CUTS = (1, 2, 3, 5, 10)


def kaseb(*args):
    done = subprocess.run([*KASEB, *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def rows(path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    with opened as f:
        yield from csv.DictReader(f)


def write(path, header, lines):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(header)
        out.writerows(lines)


def prepare(work, name, *args):
    if not (work / name / "dataset.json").exists():
        kaseb("prepare", "--protocol", "none", *args, "--out", work / name)


def rees46(work):
    """Splits 1 to 5; beside them a log of views in which a cart event is a click on the item "cart"."""
    log = DATA / "rees46" / "2019-Oct-head.csv.gz"
    trick = work / "cart-as-item.csv"
    if not trick.exists():
        write(trick, ["session", "item", "time", "type", "category", "price"], (
            (r["user_session"], "cart" if r["event_type"] == "cart" else r["product_id"], r["event_time"][:19],
             "view" if r["event_type"] == "cart" else r["event_type"], r["category_id"], r["price"])
            for r in rows(log) if r["user_session"]))
    pairs = []
    for split in range(1, 6):
        cut = ("--split", "random:0.4", "--seed", split)
        prepare(work, f"rees46-{split}", "--format", "rees46", "--clicks", log, *cut)
        prepare(work, f"cart-{split}", "--format", "csv", "--clicks", trick, "--columns",
                "session=session,item=item,time=time,type=type,category=category,price=price", *cut)
        pairs.append((f"rees46-{split}", f"cart-{split}"))
    return pairs


def clickstream(work):
    """Folds 0 and 1 to learn from, 2 as test; page types are items and actions."""
    attributes = ",".join(f"c{i}:{'number' if i == 5 else 'category'}@session" for i in range(1, 6))
    for test in (False, True):
        path = work / f"clickstream-{'test' if test else 'train'}.csv"
        if not path.exists():
            write(path, ["session", "time", "page", "type", "action", "c1", "c2", "c3", "c4", "c5"], (
                [r["session"], r["time"], r["page"], r["type"], r["page"] if r["type"] == "view" else r["type"],
                 *(r[f"c{i}"] for i in range(1, 6))]
                for r in rows(DATA / "clickstream" / "sessions.csv.gz") if (r["fold"] == "2") == test))
    log = ("--format", "csv", "--clicks", work / "clickstream-train.csv", "--test", work / "clickstream-test.csv")
    columns = "session=session,time=time,item=page,type="
    own = ",".join(f"p{i}=p{i}" for i in range(7))
    prepare(work, "clickstream", *log, "--columns", columns + "action", "--actions", own, "--attributes", attributes)
    prepare(work, "pages", *log, "--columns", columns + "type")
    return [("clickstream", "pages")]


def jd(work):
    """The latest fifth of the sessions as test."""
    log = ("--format", "csv", "--clicks", DATA / "jd" / "events.csv.gz", "--split", "time:0.2")
    columns = "session=session,item=item,time=time,type=type"
    prepare(work, "jd", *log, "--columns", columns + ",user=user", "--actions", "wishlist=follow,comment=comment")
    prepare(work, "jd-views", *log, "--columns", columns, "--actions", "ignore=follow|comment")
    return [("jd", "jd-views")]


def measured(work, dataset, seed):
    """Trains and evaluates; returns the live view's figures and each session's (probability, bought)."""
    name = work / f"{dataset}.{seed}"
    figures, scores = name.with_suffix(f".{seed}.json"), name.with_suffix(f".{seed}.csv")
    if not (figures.exists() and scores.exists()):
        model = name.with_suffix(f".{seed}.kaseb")
        kaseb("train", work / dataset, "--seed", seed, "--out", model, "--force")
        kaseb("evaluate", model, work / dataset, "--json", figures, "--scores", scores)
        model.unlink()
    probabilities = {r["session"]: (float(r["probability"]), r["reached"] == "1")
                     for r in rows(scores) if r["goal"] == "purchase"}
    return json.loads(figures.read_text()), probabilities


def auc(score, label):
    """Area under the ROC curve; ties count half."""
    values, place = np.unique(score, return_inverse=True)
    positive = np.bincount(place, label, len(values))
    negative = np.bincount(place, 1 - label, len(values))
    below = np.cumsum(negative) - negative
    return (positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum())


def average_precision(score, label):
    """Mean precision at each buyer; equal scores are flagged together."""
    values, place = np.unique(-score, return_inverse=True)
    gained = np.bincount(place, label, len(values))
    flagged = np.bincount(place, minlength=len(values)).cumsum()
    return (gained * gained.cumsum() / flagged).sum() / gained.sum()


def log_odds(runs):
    """Mean log odds over the seeds of each session."""
    def one(p):
        p = min(max(p, 1e-9), 1 - 1e-9)
        return np.log(p / (1 - p))
    return {s: statistics.mean(one(run[s][0]) for run in runs) for s in runs[0]}


def paired(ours, theirs, label):
    """Differences of both figures with 95 % intervals over 2,000 resamples of the sessions."""
    chance = np.random.default_rng(1)
    found = []
    for metric in (auc, average_precision):
        samples = []
        for _ in range(2000):
            i = chance.integers(0, len(label), len(label))
            samples.append(metric(ours[i], label[i]) - metric(theirs[i], label[i]))
        low, high = np.quantile(samples, (0.025, 0.975))
        found.append(f"{metric(ours, label) - metric(theirs, label):+.4f} [{low:+.4f}, {high:+.4f}]")
    return found


def spread(values):
    return f"{statistics.mean(values):.4f} ({min(values):.4f} to {max(values):.4f})"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("log", choices=("rees46", "clickstream", "jd"))
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--work", type=pathlib.Path, default=pathlib.Path("target/purchases"))
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    seeds = range(1, options.seeds + 1)
    means = {}
    for pair in {"rees46": rees46, "clickstream": clickstream, "jd": jd}[options.log](options.work):
        scored = []
        for dataset in pair:
            runs = [measured(options.work, dataset, seed) for seed in seeds]
            live = [figures["purchase_live"] for figures, _ in runs]
            print(f"{dataset}: {live[0]['sessions']} sessions, {live[0]['buyers']} buyers")
            for key in ("auc", "average_precision", "item_auc", *(f"auc_after_{k}" for k in CUTS)):
                values = [one[key] for one in live if key in one]
                if values:
                    print(f"  {key:18} {spread(values)}")
                    means.setdefault((dataset.rstrip("0123456789").rstrip("-"), key), []).append(statistics.mean(values))
            print(f"  recall@20 of next items {spread([f['metrics']['recall@20'] for f, _ in runs])}")
            scored.append((log_odds([p for _, p in runs]), {s: b for s, (_, b) in runs[0][1].items()}))
        (ours, bought), (theirs, same) = scored
        common = [s for s in ours if s in theirs and bought[s] == same[s]]
        label = np.array([float(bought[s]) for s in common])
        found = paired(np.array([ours[s] for s in common]), np.array([theirs[s] for s in common]), label)
        print(f"{pair[0]} above {pair[1]}, {len(common)} sessions: AUC {found[0]}, average precision {found[1]}", flush=True)
    for (dataset, key), values in means.items():
        if len(values) > 1:
            print(f"mean of {len(values)} splits: {dataset} {key} {statistics.mean(values):.4f}")


main()
