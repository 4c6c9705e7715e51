"""Makes tables of real trainings for `kaseb bench tune --tables`, from data that scikit-learn has with it.

apt-get install --no-install-recommends python3-sklearn
/usr/bin/python3 bench/tables.py FOLDER --threads 2
kaseb bench tune --tables FOLDER --seeds 30

Three kinds of models on four sets: gradient boosting (diabetes), support vectors (digits), networks (breast cancer,
wine). Every configuration is trained with each of four seeds, which also split the data; the result is the
loss on the held-back 40 %: squared error as a share of the variance, or log loss (of support vectors: errors), 20 at
most. Same tables each time on the same versions.
"""
import argparse
import gzip
import itertools
import json
import multiprocessing
import os
import pathlib
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from sklearn import datasets, ensemble, metrics, neural_network, preprocessing, svm
from sklearn.model_selection import train_test_split

SEEDS = 4
WORST = 20.0
SPACES = {
    "boosting": {
        "n_estimators": [10, 20, 40, 80, 160],
        "learning_rate": [.01, .02, .04, .08, .16, .32],
        "max_depth": [1, 2, 3, 4, 6],
        "subsample": [.3, .5, .7, 1.0],
        "max_features": [.2, .4, .7, 1.0],
        "min_samples_leaf": [1, 5, 20],
    },
    "vectors": {
        "C": [.01, .1, .3, 1.0, 3.0, 10.0, 30.0, 100.0],
        "gamma": [1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, .1],
        "kernel": ["rbf", "poly2", "poly3", "sigmoid"],
        "coef0": [0.0, .3, 1.0, 3.0],
        "scaling": ["none", "standard", "minmax"],
    },
    "network": {
        "width": [4, 16, 64],
        "depth": [1, 2],
        "activation": ["relu", "tanh", "logistic"],
        "solver": ["adam", "sgd"],
        "learning_rate_init": [.0003, .001, .003, .01, .03, .1],
        "alpha": [1e-6, .01, .1, 1.0],
        "batch_size": [8, 32, 128],
    },
}
TABLES = [("boosting", "diabetes"), ("vectors", "digits"), ("network", "cancer"), ("network", "wine")]
LOADERS = {
    "diabetes": datasets.load_diabetes,
    "digits": datasets.load_digits,
    "cancer": datasets.load_breast_cancer,
    "wine": datasets.load_wine,
}


def parts(name, seed):
    """Returns train and held-back rows and what is to be foretold; 700 rows at most."""
    x, y = LOADERS[name](return_X_y=True)
    return train_test_split(x[:700], y[:700], test_size=.4, random_state=seed, stratify=None if name == "diabetes" else y[:700])


def boosting(values, seeds):
    """Returns losses of all numbers of trees, which are read from one training."""
    losses = {n: [] for n in SPACES["boosting"]["n_estimators"]}
    for seed, (a, b, c, d) in seeds.items():
        model = ensemble.GradientBoostingRegressor(**(values | {"n_estimators": max(losses)}), random_state=seed).fit(a, c)
        for n, said in enumerate(model.staged_predict(b), 1):
            if n in losses:
                losses[n].append(float(np.mean((said - d) ** 2) / np.var(d)))
    return losses


def vectors(values, seeds):
    """Returns the share of errors with each seed."""
    kernel, degree = (values["kernel"][:4], int(values["kernel"][4:] or 3)) if "poly" in values["kernel"] else (values["kernel"], 3)
    losses = []
    for seed, (a, b, c, d) in seeds.items():
        if values["scaling"] != "none":
            scaler = (preprocessing.StandardScaler if values["scaling"] == "standard" else preprocessing.MinMaxScaler)().fit(a)
            a, b = scaler.transform(a), scaler.transform(b)
        model = svm.SVC(C=values["C"], gamma=values["gamma"], kernel=kernel, degree=degree, coef0=values["coef0"], max_iter=5000)
        losses.append(float(np.mean(model.fit(a, c).predict(b) != d)))
    return losses


def network(values, seeds):
    """Returns the log loss with each seed after 15 epochs."""
    losses = []
    for seed, (a, b, c, d) in seeds.items():
        scaler = preprocessing.StandardScaler().fit(a)
        model = neural_network.MLPClassifier(
            hidden_layer_sizes=(values["width"],) * values["depth"],
            max_iter=15,
            random_state=seed,
            **{key: values[key] for key in ("activation", "solver", "learning_rate_init", "alpha", "batch_size")},
        )
        try:
            said = model.fit(scaler.transform(a), c).predict_proba(scaler.transform(b))
            losses.append(min(WORST, float(metrics.log_loss(d, np.nan_to_num(said, nan=1e-9), labels=model.classes_))))
        except ValueError:
            losses.append(WORST)
    return losses


def lines(job):
    """Returns the lines of one configuration, of boosting those of all numbers of trees."""
    family, name, key = job
    warnings.simplefilter("ignore")
    space = SPACES[family]
    values = {p: space[p][int(digit)] for p, digit in zip(space, key)}
    seeds = {seed: parts(name, seed) for seed in range(SEEDS)}
    if family == "boosting":
        found = boosting(values, seeds)
        return [f"{n}{key[1:]}\t" + "\t".join(map(repr, losses)) for n, losses in enumerate(found.values())]
    losses = (vectors if family == "vectors" else network)(values, seeds)
    return [key + "\t" + "\t".join(map(repr, losses))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    spaces = {family: {"direction": "minimize", "parameters": space} for family, space in SPACES.items()}
    (options.folder / "spaces.json").write_text(json.dumps(spaces, indent=2))
    with multiprocessing.Pool(options.threads) as pool:
        for family, name in TABLES:
            digits = [range(len(values)) for values in SPACES[family].values()]
            if family == "boosting":
                digits[0] = range(1)
            jobs = [(family, name, "".join(map(str, key))) for key in itertools.product(*digits)]
            path = options.folder / f"{family}-{name}.tsv.gz"
            beside = path.with_suffix(".part")
            with gzip.open(beside, "wt") as out:
                for found in pool.imap(lines, jobs, chunksize=8):
                    out.write("\n".join(found) + "\n")
            beside.replace(path)
            print(path, len(jobs), flush=True)


if __name__ == "__main__":
    main()
