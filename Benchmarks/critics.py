"""`wgan critics gp` beside the same training in PyTorch, each on one thread."""

import json
import statistics
from pathlib import Path

from contenders import OURS, TORCH, peer, run
from failure import Failure

PAIRS = ((2, 4), (16, 16), (64, 16))
# A run of ours is timed whole, with the start: long and short ones differ by updates alone.
SHORT, LONG, ROUNDS = 100, 600, 5
# How far the mean estimates may be apart, as a share of W1: the pairs are other draws.
AGREEMENT = 0.08


def study(wgan: Path) -> dict[str, dict]:
    """By pair: milliseconds of an update of each program in each round."""
    return {f"{d}, {n}": compared(wgan, d, n) for d, n in PAIRS}


def compared(wgan: Path, dimensions: int, funnels: int) -> dict:
    times: dict[str, list[float]] = {OURS: [], TORCH: []}
    shares: dict[str, list[float]] = {OURS: [], TORCH: []}
    pair = [str(dimensions), str(funnels)]
    for seed in range(1, ROUNDS + 1):
        short, long = (ours(wgan, ",".join(pair), updates, seed) for updates in (SHORT, LONG))
        times[OURS].append(1e3 * (long["seconds"] - short["seconds"]) / (LONG - SHORT))
        scores = long["scores"]
        shares[OURS].append(scores["estimate"] / scores["distance"])
        program = peer("torch_critic.py")
        theirs = json.loads(run([*program, *pair, str(LONG), str(seed), "1"]))
        times[TORCH].append(theirs["ms"])
        shares[TORCH].append(theirs["share"])
    means = {name: statistics.mean(values) for name, values in shares.items()}
    if not abs(means[OURS] - means[TORCH]) <= AGREEMENT:
        raise Failure(f"critics of {', '.join(pair)} differ: estimates are {means} of W1")
    return {"ms": times, "shares": means}


def ours(wgan: Path, pair: str, updates: int, seed: int) -> dict:
    command = [str(wgan), "critics", "gp", "--pairs", pair, "--updates", str(updates)]
    text = run([*command, "--seeds", str(seed), "--threads", "1", "--json", "--quiet"])
    return json.loads(text)[0]


def rows(results: dict[str, dict]) -> list[list[str]]:
    """Cells of the table: pair, ours, PyTorch's, and how many times as long ours takes."""
    cells = []
    for name, result in results.items():
        ratios = [o / p for o, p in zip(result["ms"][OURS], result["ms"][TORCH])]
        cells.append([
            name,
            *(f"{statistics.median(result['ms'][it]):.2f}" for it in (OURS, TORCH)),
            f"**{statistics.median(ratios):.2f}** [{min(ratios):.2f}, {max(ratios):.2f}]",
            *(f"{result['shares'][it]:.2f}" for it in (OURS, TORCH)),
        ])
    return cells
