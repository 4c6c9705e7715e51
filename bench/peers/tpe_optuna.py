"""Optuna's own TPE on Hartmann6, as a peer of `kaseb bench tune`: median simple regret over seeds.

apt-get install --no-install-recommends python3-optuna; /usr/bin/python3 bench/peers/tpe_optuna.py [SEEDS]

Debian 12 has Optuna 3.1.0. Two things are changed in memory, so that it follows the rules of 5.0: the density of a
kernel is divided by its width (3.1.0 leaves that out, 4.0 does not), and widths are the larger gap to a neighbour
among the observations alone, for all parameters together.
"""
import sys
import warnings

import numpy as np
import optuna
from optuna.samplers._tpe import _truncnorm, parzen_estimator

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
unscaled = _truncnorm.logpdf
_truncnorm.logpdf = lambda x, a, b, loc=0, scale=1: unscaled(x, a, b, loc=loc, scale=scale) - np.log(scale)


def widths(estimator, observations, name):
    """Returns the kernels' middles and widths, the prior's last."""
    low, high = estimator._low[name], estimator._high[name]
    n = len(observations)
    order = np.argsort(observations)
    gaps = np.diff(observations[order])
    widest = np.maximum(np.append(gaps, 0), np.insert(gaps, 0, 0))
    if n == 1:
        widest = np.array([max(observations[0] - low, high - observations[0])])
    sigmas = np.empty(n)
    sigmas[order] = np.clip(widest, (high - low) / min(100, n + 2), high - low)
    return np.append(observations, (low + high) / 2), np.append(sigmas, high - low)


parzen_estimator._ParzenEstimator._precompute_sigmas0 = lambda estimator, observations: None
parzen_estimator._ParzenEstimator._calculate_numerical_params = widths

ALPHA = np.array([1, 1.2, 3, 3.2])
A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = np.array([[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
              [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]])


def regret(trial):
    x = np.array([trial.suggest_float(f"x{i}", 0, 1) for i in range(6)])
    return 3.3223680114155147 - float((ALPHA * np.exp(-(A * (x - P) ** 2).sum(1))).sum())


best = []
for seed in range(seeds):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True))
    study.optimize(regret, n_trials=100)
    best.append(np.minimum.accumulate([t.value for t in study.trials])[[49, 99]])
best = np.array(best)
random = np.random.default_rng(1)
for after, column in ((50, best[:, 0]), (100, best[:, 1])):
    medians = np.sort([np.median(random.choice(column, seeds)) for _ in range(2000)])
    parts = [round(float(np.median(column[i:i + 50])), 3) for i in range(0, seeds - 49, 50)]
    print(f"{after} trials: {np.median(column):.4g} [{medians[50]:.4g}, {medians[1949]:.4g}]; by fifties of seeds: {parts}")
