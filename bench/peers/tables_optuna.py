"""Optuna's TPE on tabular benchmarks, as a peer of `kaseb bench tune --tables`.

apt-get install --no-install-recommends python3-optuna
/usr/bin/python3 bench/peers/tables_optuna.py ../shared/data/hpo --seeds 30 --out optuna.json
kaseb bench tune --tables ../shared/data/hpo --seeds 30 --peers optuna.json

The rules are the bench's: every evaluation draws one of the configuration's results; the incumbent is the best by
what was seen (the first of equal ones); it is judged by its mean. Two forms of the space are measured, as Optuna does
not look for an order in a choice: `optuna` declares every list as categorical, `-ordered` lists of numbers as
integers in their order. `optuna` without a suffix is its default, TPESampler().
"""
import argparse
import gzip
import json
import multiprocessing
import pathlib
import random
import re
import statistics
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SAMPLERS = {
    "optuna": (lambda seed: optuna.samplers.TPESampler(seed=seed), False),
    "optuna-ordered": (lambda seed: optuna.samplers.TPESampler(seed=seed), True),
    "optuna-multivariate": (lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True), False),
    "optuna-multivariate-ordered": (lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True), True),
}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Table:
    """One table: its parameters, its direction and its results."""

    def __init__(self, path, families):
        self.name = re.sub(r"\.tsv(\.gz)?$", "", path.name)
        family = max((f for f in families if self.name == f or self.name.startswith(f + "-")), key=len)
        self.parameters = families[family]["parameters"]
        self.sign = 1 if families[family]["direction"] == "minimize" else -1
        self.losses = {}
        with (gzip.open if path.name.endswith(".gz") else open)(path, "rt") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                self.losses[fields[0]] = [self.sign * float(x) for x in fields[1:]]


def run(job):
    """Returns the incumbents of one study after a quarter, a half and all trials."""
    table, name, seed, trials = job
    make, ordered = SAMPLERS[name]
    chance = random.Random(seed)
    budgets = [b for b in sorted({trials // 4, trials // 2, trials}) if b > 0]
    best = [None, float("inf")]
    found = []

    def objective(trial):
        key = ""
        for parameter, values in table.parameters.items():
            if ordered and len(values) > 2 and all(map(is_number, values)):
                key += str(trial.suggest_int(parameter, 0, len(values) - 1))
            else:
                key += str(values.index(trial.suggest_categorical(parameter, values)))
        loss = chance.choice(table.losses[key])
        if loss < best[1]:
            best[0], best[1] = key, loss
        if trial.number + 1 in budgets:
            mean = statistics.fmean(table.losses[best[0]])
            found.append({"table": table.name, "sampler": name, "seed": seed, "after": trial.number + 1, "loss": mean})
        return loss

    optuna.create_study(sampler=make(seed)).optimize(objective, n_trials=trials)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=pathlib.Path)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samplers", default=",".join(SAMPLERS))
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    families = json.loads((options.tables / "spaces.json").read_text())
    files = sorted(p for p in options.tables.iterdir() if re.search(r"\.tsv(\.gz)?$", p.name))
    rows = []
    with multiprocessing.get_context("fork").Pool(options.threads) as pool:
        for path in files:
            table = Table(path, families)
            names = options.samplers.split(",")
            jobs = [(table, name, seed, options.trials) for name in names for seed in range(options.seeds)]
            for found in pool.imap(run, jobs, chunksize=1):
                rows.extend(found)
            print(f"{table.name}: {len(jobs)} studies", flush=True)
    options.out.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
