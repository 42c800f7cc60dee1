"""Exact optimal transport of `wgan measure` beside SciPy and POT, on the same points."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contenders import OURS, run, watched
from failure import Failure

POINTS, ROUNDS, AGREEMENT = 1000, 9, 1e-6
MATRIX_MB = POINTS * POINTS * 8 / 1e6


@dataclass(frozen=True)
class Problem:
    """Points of the plane on both sides, with weights of their own or equal ones."""

    first: np.ndarray
    second: np.ndarray
    weights: tuple[np.ndarray, np.ndarray] | None

    @staticmethod
    def random(seed: int, weighted: bool) -> "Problem":
        """Two modes and a standard normal, in the single precision that files have."""
        random = np.random.default_rng(seed)
        first = 0.5 * random.standard_normal((POINTS, 2)) + 2 * random.integers(0, 2, (POINTS, 1))
        second = random.standard_normal((POINTS, 2))
        weights = tuple(random.dirichlet(np.ones(POINTS)) for _ in range(2)) if weighted else None
        return Problem(first.astype(np.float32), second.astype(np.float32), weights)


def scipy_assignment(problem: Problem) -> float:
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    cost = cdist(problem.first, problem.second)
    return float(cost[linear_sum_assignment(cost)].mean())


def pot_transport(problem: Problem) -> float:
    import ot

    cost = ot.dist(problem.first.astype(float), problem.second.astype(float), "euclidean")
    return float(ot.emd2(*problem.weights, cost, numItermax=10**7))


def study(wgan: Path) -> dict[str, dict]:
    """By problem: seconds of each program in each round, and our memory beyond that of a start."""
    return {
        "equal weights": compared(wgan, "SciPy", scipy_assignment, weighted=False),
        "weighted": compared(wgan, "POT", pot_transport, weighted=True),
    }


def compared(wgan: Path, peer: str, solve: Callable[[Problem], float], weighted: bool) -> dict:
    solve(Problem.random(0, weighted))  # Imports.
    times: dict[str, list[float]] = {OURS: [], peer: []}
    with tempfile.TemporaryDirectory() as folder:
        command = measuring(wgan, Path(folder), weighted)
        for seed in range(1, ROUNDS + 1):
            problem = Problem.random(seed, weighted)
            write(problem, Path(folder))
            result = json.loads(run(command))
            began = time.perf_counter()
            expected = solve(problem)
            times[peer].append(time.perf_counter() - began)
            times[OURS].append(result["seconds"])
            if abs(result["value"] - expected) > AGREEMENT * expected:
                raise Failure(f"distances differ: {result['value']} and, by {peer}, {expected}")
        extra_mb = watched(command)[1] - watched([str(wgan), "measure", "--list"])[1]
    return {"peer": peer, "seconds": times, "matrices": extra_mb / MATRIX_MB}


def measuring(wgan: Path, folder: Path, weighted: bool) -> list[str]:
    files = [str(folder / name) for name in ("a.npy", "b.npy")]
    sides = ["--weights-a", str(folder / "wa.npy"), "--weights-b", str(folder / "wb.npy")]
    return [str(wgan), "measure", "w1", *files, "--json", *(sides if weighted else [])]


def write(problem: Problem, folder: Path) -> None:
    np.save(folder / "a.npy", problem.first)
    np.save(folder / "b.npy", problem.second)
    for name, weights in zip(("wa.npy", "wb.npy"), problem.weights or ()):
        np.save(folder / name, weights)


def rows(results: dict[str, dict]) -> list[list[str]]:
    """Cells of the table: problem, ours, the peer's, and how many times as long ours takes."""
    cells = []
    for name, result in results.items():
        ours, peer = result["seconds"][OURS], result["seconds"][result["peer"]]
        ratios = [o / p for o, p in zip(ours, peer)]
        cells.append([
            name,
            f"{1e3 * statistics.median(ours):.0f}",
            f"{result['peer']} {1e3 * statistics.median(peer):.0f}",
            f"**{statistics.median(ratios):.2f}** [{min(ratios):.2f}, {max(ratios):.2f}]",
            f"{result['matrices']:.1f}",
        ])
    return cells
