#!/usr/bin/python3
"""Replays recorded training steps of the official GRU4Rec in the peer: check.py GOLDEN_FOLDER.

Covers every fixture with a constrained embedding and no dropout; compares each step's loss and the final weights.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch

from gru4rec_torch import Config, Gru4Rec

TOLERANCE = 1e-4
OWN_NAMES = {"Wy": "items", "By": "bias", "G": "cells"}


def parameters(recorded: dict) -> dict:
    """Returns recorded parameters by the peer's names."""
    return {
        OWN_NAMES[name.split(".", 1)[0]] + "." + name.split(".", 1)[1]: torch.tensor(m["data"]).view(m["shape"])
        for name, m in recorded.items()
    }


def deviations(fixture: dict) -> tuple:
    """Trains through the fixture's steps; returns the largest deviation of a loss and of a final weight."""
    known = {key: value for key, value in fixture["config"].items() if key in Config.__dataclass_fields__}
    model = Gru4Rec(np.array(fixture["item_counts"]), Config(**{**known, "layers": tuple(known["layers"])}))
    model.load_state_dict(parameters(fixture["init"]))
    loss = 0.0
    for step in fixture["steps"]:
        indices = [torch.tensor(step[key], dtype=torch.long) for key in ("input", "target", "negatives")]
        loss = max(loss, abs(model.train_step(*indices, in_batch=step["M"]).item() - step["loss"]))
        for reset in step.get("reset_after", []):
            model.reset_hidden(np.array(reset["finished"], dtype=bool), np.array(reset["valid"], dtype=bool))
    own = model.state_dict()
    return loss, max((own[name] - m).abs().max().item() for name, m in parameters(fixture["final"]).items())


def covered(file: Path, fixture: dict) -> bool:
    """Tells whether the peer can do what the fixture records."""
    c = fixture.get("config", {})
    plain = c.get("constrained_embedding") and c["dropout_p_embed"] == c["dropout_p_hidden"] == 0
    return bool(plain) and "patched" not in file.name


def main() -> int:
    """Checks every fixture of the folder; returns 0 where all agree."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    done = failed = 0
    for file in sorted(Path(sys.argv[1]).glob("*.json.gz")):
        fixture = json.loads(gzip.decompress(file.read_bytes()))
        if not covered(file, fixture):
            continue
        loss, weight = deviations(fixture)
        good = loss < TOLERANCE and weight < TOLERANCE
        done, failed = done + 1, failed + (not good)
        steps = len(fixture["steps"])
        print(f"{file.name:40} {steps:2} steps  loss {loss:.1e}  weights {weight:.1e}  {'ok' if good else 'DEVIATES'}")
    print(f"{done - failed} of {done} fixtures within {TOLERANCE}")
    return 0 if done and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
