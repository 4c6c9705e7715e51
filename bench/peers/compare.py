"""Runs `kaseb bench train` and the PyTorch peer in turn, row by row, and prints their ratio. Started by compare.sh."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, List

HERE = Path(__file__).resolve().parent
KASEB = HERE.parent.parent / "kaseb"
XE = {"loss": "cross-entropy", "dropout_p_hidden": 0.4, "learning_rate": 0.2, "momentum": 0.2, "n_sample": 2048,
      "sample_alpha": 0.5, "logq": 1}  # fmt: skip
BPR = {"loss": "bpr-max", "dropout_p_embed": 0.5, "dropout_p_hidden": 0.05, "learning_rate": 0.05, "momentum": 0.4,
       "n_sample": 2048, "sample_alpha": 0.4, "bpreg": 1.95, "elu_param": 0.5}  # fmt: skip
YOOCHOOSE = {**XE, "dropout_p_hidden": 0.2, "learning_rate": 0.07, "momentum": 0, "sample_alpha": 0.2}
ROWS: Dict[str, dict] = {
    "xe-32": {**XE, "layers": 100, "batch_size": 32},
    "xe-128": {**XE, "layers": 100, "batch_size": 128},
    "xe-512": {**XE, "layers": 100, "batch_size": 512},
    "bpr-80": {**BPR, "layers": 224, "batch_size": 80},
    "xe-480": {**YOOCHOOSE, "layers": 480, "batch_size": 48},
}


def measure(command: List[str], settings: dict) -> float:
    """Runs one benchmark with these settings and returns its events per second."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        run = subprocess.run(command + sets + ["--json", str(figures)], env=environment(), text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{run.stderr.strip()}")
        return json.loads(figures.read_text())["rows"][0]["events_per_second"]


def environment() -> Dict[str, str]:
    """Returns the environment, with OpenBLAS told of AVX-512 where it is too old to know the processor."""
    cpu = Path("/proc/cpuinfo")
    avx512 = cpu.exists() and all(flag in cpu.read_text() for flag in (" avx512f", " avx512dq", " avx512vl"))
    return {**({"OPENBLAS_CORETYPE": "SkylakeX"} if avx512 else {}), **os.environ}


def compare(name: str, options: argparse.Namespace) -> dict:
    """Returns the best rates of one row; Kaseb and the peer take turns."""
    settings, threads = ROWS[name], os.cpu_count() or 1
    rest = {key: value for key, value in settings.items() if key != "batch_size"}
    kaseb_command = [str(KASEB), "bench", "train", "--batch", str(settings["batch_size"]), "--rounds", "2"]
    peer_command = [sys.executable, str(HERE / "gru4rec_torch.py"), "--seconds", str(options.seconds)]
    peer_command += ["--tuned"] if options.tuned else []
    kaseb: List[float] = []
    peer: Dict[int, List[float]] = {1: [], 2: []} if threads > 1 else {1: []}
    for _ in range(options.rounds):
        kaseb.append(measure(kaseb_command + ["--threads", str(min(2, threads))], rest))
        for count, rates in peer.items():
            rates.append(measure(peer_command + ["--threads", str(count)], settings))
    best = {count: max(rates) for count, rates in peer.items()}
    return {
        "setting": name, "loss": settings["loss"], "layers": [settings["layers"]],
        "batch_size": settings["batch_size"],
        "threads": min(2, threads), "kaseb": max(kaseb), "peer": max(best.values()),
        "peer_1_thread": best[1], "peer_2_threads": best.get(2), "ratio": max(kaseb) / max(best.values()),
        "kaseb_rounds": kaseb, "peer_rounds": list(peer.values()),
    }  # fmt: skip


def main() -> None:
    """Reads the command line and prints the table."""
    parser = argparse.ArgumentParser(prog="compare.sh", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="turns of each; the best counts")
    parser.add_argument("--seconds", type=float, default=4, help="length of the peer's warm-up and of its round")
    parser.add_argument("--rows", default=",".join(ROWS), help="default: %(default)s")
    parser.add_argument("--tuned", action="store_true", help="the peer with the faster, less usual updates")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    names = options.rows.split(",")
    unknown = [name for name in names if name not in ROWS]
    if unknown or options.rounds < 1 or options.seconds <= 0:
        parser.error(f"--rows {options.rows}: known are {', '.join(ROWS)}; --rounds and --seconds must be positive")
    subprocess.run([str(KASEB), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds what is stale
    print("loss           layers  batch  kaseb events/s  peer events/s  (1 thread, 2 threads)  ratio")
    rows = []
    for name in names:
        row = compare(name, options)
        rows.append(row)
        two = f"{row['peer_2_threads']:,.0f}" if row["peer_2_threads"] else "-"
        print(
            f"{row['loss']:13}  {row['layers'][0]:6}  {row['batch_size']:5}  "
            f"{row['kaseb']:14,.0f}  {row['peer']:13,.0f}  {row['peer_1_thread']:9,.0f} {two:>11}  {row['ratio']:5.1f}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
