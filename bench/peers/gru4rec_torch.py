#!/usr/bin/python3
"""GRU4Rec training in plain PyTorch with sparse gradients: the peer that Kaseb's speed is compared with.

Written for Kaseb from the published formulas (Hidasi et al., ICLR 2016; Hidasi and Karatzoglou, CIKM 2018) and
from recorded steps of the official PyTorch version; it contains none of that version's code. See README.md.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPOCH_EVENTS = 200_000
SESSION_LENGTH = 4
EPS = 1e-6


@dataclass
class Config:
    """Hyper-parameters by the names that GRU4Rec users know; the item embedding is always constrained."""

    loss: str = "cross-entropy"
    layers: Tuple[int, ...] = (100,)
    batch_size: int = 32
    dropout_p_embed: float = 0.0
    dropout_p_hidden: float = 0.4
    learning_rate: float = 0.2
    momentum: float = 0.2
    n_sample: int = 2048
    sample_alpha: float = 0.5
    logq: float = 1.0
    bpreg: float = 1.0
    elu_param: float = 0.5


class NegativeStore:
    """Negatives drawn with popularity^alpha, many batches at once, handed out in slices."""

    def __init__(self, counts: np.ndarray, config: Config, draws: int):
        weights = counts.astype(np.float64) ** config.sample_alpha
        cumulative = weights.cumsum() / weights.sum()
        cumulative[-1] = 1
        self.cumulative = torch.from_numpy(cumulative.astype(np.float32))
        self.shape = (max(1, draws // max(1, config.n_sample)), config.n_sample)
        self.used = self.shape[0]

    def next(self) -> Tensor:
        """Returns the next n_sample item indices; draws a new store where the last one is used up."""
        if self.used == self.shape[0]:
            self.store = torch.searchsorted(self.cumulative, torch.rand(self.shape), right=True)
            self.used = 0
        self.used += 1
        return self.store[self.used - 1]


class Adagrad:
    """Adagrad (Duchi et al. 2011) with heavy-ball momentum; sparse gradients touch their own rows only."""

    tuned = False  # index_select and index_copy_ instead of plain indexing: less usual, but faster

    def __init__(self, parameters: List[nn.Parameter], learning_rate: float, momentum: float):
        self.parameters, self.learning_rate, self.momentum = parameters, learning_rate, momentum
        self.squares = [torch.zeros_like(p) for p in parameters]
        self.velocities = [torch.zeros_like(p) for p in parameters] if momentum > 0 else []

    @torch.no_grad()
    def step(self) -> None:
        """Applies and drops the gradients."""
        for i, p in enumerate(self.parameters):
            (self._sparse if p.grad.is_sparse else self._dense)(i, p)
            p.grad = None

    def _dense(self, i: int, p: nn.Parameter) -> None:
        squares = self.squares[i].addcmul_(p.grad, p.grad)
        change = (squares + EPS).rsqrt_().mul_(p.grad).mul_(-self.learning_rate)
        if self.momentum > 0:
            change = self.velocities[i].mul_(self.momentum).add_(change)
        p.add_(change)

    def _sparse(self, i: int, p: nn.Parameter) -> None:
        gradient = p.grad.coalesce()  # sums the rows of one item before they are squared
        rows, values = gradient.indices()[0], gradient.values()
        if self.tuned:
            take, put = (lambda table: table.index_select(0, rows)), (lambda table, x: table.index_copy_(0, rows, x))
        else:
            take, put = (lambda table: table[rows]), (lambda table, x: table.__setitem__(rows, x))
        squares = take(self.squares[i]).addcmul_(values, values)
        put(self.squares[i], squares)
        change = squares.add_(EPS).rsqrt_().mul_(values).mul_(-self.learning_rate)
        if self.momentum > 0:
            change.add_(take(self.velocities[i]), alpha=self.momentum)
            put(self.velocities[i], change)
        put(p, take(p).add_(change))


class Gru4Rec(nn.Module):
    """The network, its loss over one step, and its optimiser."""

    def __init__(self, counts: np.ndarray, config: Config):
        super().__init__()
        self.config = config
        width = config.layers[-1]
        self.items = nn.Embedding(len(counts), width, sparse=True)
        self.bias = nn.Embedding(len(counts), 1, sparse=True)
        inputs = (width,) + config.layers[:-1]
        self.cells = nn.ModuleList(nn.GRUCell(n, units) for n, units in zip(inputs, config.layers))
        for p in self.parameters():
            bound = (6 / sum(p.shape)) ** 0.5 if p.dim() == 2 and p.shape[1] > 1 else 0.0
            nn.init.uniform_(p, -bound, bound)
        self.log_counts = torch.from_numpy(np.log(counts)).float()
        self.optimiser = Adagrad(list(self.parameters()), config.learning_rate, config.momentum)
        self.clear_hidden()

    def clear_hidden(self) -> None:
        """Starts every session of the batch anew."""
        self.hidden = [torch.zeros(self.config.batch_size, units) for units in self.config.layers]

    def reset_hidden(self, finished: np.ndarray, valid: np.ndarray) -> None:
        """Clears the states of slots whose session ended and removes the slots that got no new one."""
        for h in self.hidden:
            h[torch.from_numpy(finished)] = 0
        if not valid.all():
            self.hidden = [h[torch.from_numpy(valid)] for h in self.hidden]

    def train_step(self, inputs: Tensor, targets: Tensor, negatives: Tensor, in_batch: Optional[int] = None) -> Tensor:
        """Takes one click of every session and its next one, updates the weights and returns the loss.

        `in_batch`: how many leading columns carry the in-batch logQ correction, where that differs from the batch.
        """
        b, c = len(inputs), self.config
        columns = torch.cat((targets, negatives))
        # one look-up for inputs and columns gives one sparse gradient: an item is updated once a step
        x, y = self.items(torch.cat((inputs, columns))).split((b, len(columns)))
        x = F.dropout(x, c.dropout_p_embed) if c.dropout_p_embed > 0 else x
        for layer, cell in enumerate(self.cells):
            x = cell(x, self.hidden[layer])
            x = F.dropout(x, c.dropout_p_hidden) if c.dropout_p_hidden > 0 else x
            self.hidden[layer] = x.detach()
        scores = torch.addmm(self.bias(columns).view(1, -1), x, y.t())
        if c.loss == "cross-entropy":
            loss = self._cross_entropy(scores, columns, b if in_batch is None else in_batch)
        else:
            loss = self._bpr_max(scores)
        loss = loss / c.batch_size
        loss.backward()
        self.optimiser.step()
        return loss.detach()

    def _cross_entropy(self, scores: Tensor, columns: Tensor, in_batch: int) -> Tensor:
        """Sum over the rows of -log softmax of the target, after the logQ correction of sampled columns."""
        if self.config.logq > 0:
            log_q = self.log_counts[columns]
            log_q[in_batch:] *= self.config.sample_alpha
            scores = scores - self.config.logq * log_q
        return F.cross_entropy(scores, torch.arange(len(scores)), reduction="sum")

    def _bpr_max(self, scores: Tensor) -> Tensor:
        """BPR-max with score regularisation (Hidasi and Karatzoglou 2018, eq. 9 and 10), summed over the rows."""
        if self.config.elu_param > 0:
            scores = F.elu(scores, self.config.elu_param)
        own = torch.eye(*scores.shape, dtype=torch.bool)
        weights = scores.masked_fill(own, -torch.inf).softmax(1)
        better = torch.sigmoid(scores.diagonal().unsqueeze(1) - scores)
        rank = -((better * weights).sum(1) + 1e-24).log().sum()
        return rank + self.config.bpreg * (scores.square() * weights).sum()


def made_up_sessions(items: int) -> np.ndarray:
    """Returns sessions x clicks of the shape that `kaseb bench train` makes up, with a popularity like YOOCHOOSE's."""
    rank = np.arange(items, dtype=np.float64) + 10
    weights = np.where(rank < 2000, rank**-0.67, 2000**0.67 * rank**-1.34)
    cumulative = weights.cumsum()
    shape = (EPOCH_EVENTS // (SESSION_LENGTH - 1), SESSION_LENGTH)
    draws = np.random.default_rng(1).random(shape) * cumulative[-1]
    return np.minimum(np.searchsorted(cumulative, draws), items - 1)


def epoch(clicks: np.ndarray, offsets: np.ndarray, model: Gru4Rec) -> Iterator[Tuple[Tensor, Tensor]]:
    """Yields (inputs, targets) of session-parallel mini-batches; resets the model's states where sessions end."""
    b = min(model.config.batch_size, len(offsets) - 1)
    start, end, following = offsets[:b].copy(), offsets[1 : b + 1].copy(), b
    model.clear_hidden()
    while len(start):
        steps = (end - start).min() - 1
        block = torch.from_numpy(clicks[np.arange(steps + 1)[:, None] + start])
        for i in range(steps):
            yield block[i], block[i + 1]
        start += steps
        finished = end - start <= 1
        slots = np.flatnonzero(finished)
        fresh = np.arange(following, min(following + len(slots), len(offsets) - 1))
        filled, valid = slots[: len(fresh)], np.ones(len(start), dtype=bool)
        start[filled], end[filled] = offsets[fresh], offsets[fresh + 1]
        valid[slots[len(fresh) :]] = False
        following += len(fresh)
        model.reset_hidden(finished, valid)
        start, end = start[valid], end[valid]


def check_blas() -> None:
    """Stops where PyTorch multiplies with the slow reference BLAS, which would flatter Kaseb."""
    torch.set_num_threads(1)
    a = torch.rand(512, 512)
    started, products = time.thread_time(), 5  # processor time: a busy machine is no slow BLAS
    for _ in range(products):
        a @ a
    gflops = products * 2 * 512**3 / (time.thread_time() - started) / 1e9
    if gflops < 12:
        sys.exit(
            f"PyTorch multiplies matrices at {gflops:.1f} GFLOP/s: its BLAS is not an optimised one, so it is no fair "
            "peer. Install one, on Debian: apt-get install libopenblas0-openmp"
        )


def bench(config: Config, items: int, threads: int, rounds: int, seconds: float, draws: int) -> dict:
    """Trains until warm, then for `rounds` rounds of `seconds` each; returns the figures."""
    sessions = made_up_sessions(items)
    counts = np.maximum(np.bincount(sessions.ravel(), minlength=items), 5)
    offsets = np.arange(len(sessions) + 1) * SESSION_LENGTH
    model, negatives = Gru4Rec(counts, config), NegativeStore(counts, config, draws)
    rates: List[float] = []
    events, started = 0, time.perf_counter()
    while len(rates) < rounds + 1:
        for inputs, targets in epoch(sessions.ravel(), offsets, model):
            loss = model.train_step(inputs, targets, negatives.next())
            events += len(inputs)
            passed = time.perf_counter() - started
            if passed >= seconds:
                rates.append(events / passed)
                events, started = 0, time.perf_counter()
                if len(rates) == rounds + 1:
                    break
    if not torch.isfinite(loss):
        sys.exit(f"the loss became {loss.item()}: nothing useful was measured")
    return {
        "loss": config.loss, "layers": list(config.layers), "batch_size": config.batch_size, "threads": threads,
        "items": items, "events_per_second": max(rates[1:]), "rounds": rates[1:], "warm_up": rates[0],
    }  # fmt: skip


def main() -> None:
    """Reads the command line and prints one row of the table."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--items", type=int, default=37483)
    p.add_argument("--rounds", type=int, default=1, help="measured rounds after the warm-up round")
    p.add_argument("--seconds", type=float, default=6, help="length of a round")
    p.add_argument("--sample-store", type=int, default=1_000_000, metavar="N", help="negatives drawn at once")
    p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a hyper-parameter, as in kaseb")
    p.add_argument("--tuned", action="store_true", help="index_copy_ instead of plain indexing in the updates")
    p.add_argument("--json", type=Path, metavar="FILE")
    a = p.parse_args()
    torch.manual_seed(42)
    config = Config()
    for key, _, value in (pair.partition("=") for pair in a.set):
        if key not in Config.__dataclass_fields__:
            p.error(f"--set {key}: not known; known are {', '.join(Config.__dataclass_fields__)}")
        kind = type(getattr(config, key))
        try:
            setattr(config, key, tuple(map(int, value.split(","))) if kind is tuple else kind(value))
        except ValueError:
            p.error(f"--set {key}={value}: must be {'whole numbers' if kind is tuple else 'of type ' + kind.__name__}")
    if min(a.threads, a.items, a.rounds, a.seconds, a.sample_store) <= 0:
        p.error("--threads, --items, --rounds, --seconds and --sample-store must be positive")
    if config.loss not in ("cross-entropy", "bpr-max"):
        p.error(f"loss={config.loss}; must be cross-entropy or bpr-max")
    check_blas()
    Adagrad.tuned = a.tuned
    torch.set_num_threads(a.threads)
    row = bench(config, a.items, a.threads, a.rounds, a.seconds, a.sample_store)
    layers = ",".join(map(str, config.layers))
    print("loss           layers     batch  threads  events/s  (warm-up)")
    print(
        f"{config.loss:13}  {layers:9}  {config.batch_size:5}  {a.threads:7}  "
        f"{row['events_per_second']:8,.0f}  {row['warm_up']:9,.0f}"
    )
    if a.json:
        a.json.write_text(json.dumps({"rows": [row]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
