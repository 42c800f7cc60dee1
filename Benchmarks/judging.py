"""Measures of features, and Inception's features, of `wgan measure` beside the Python packages."""

import json
import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contenders import OURS, peer, run, watched
from failure import Failure
from peers.judging import NEIGHBOUR, SUBSET_SIZE, SUBSETS

DIMENSIONS, ROUNDS, IMAGES = 2048, 3, 512


@dataclass(frozen=True)
class Measure:
    """A measure of rows of features on each side, and the package that has it too."""

    name: str
    package: str
    rows: int
    options: tuple[str, ...]
    agreement: float
    """The largest relative difference of the values."""


MEASURES = (
    Measure("fid", "pytorch-fid", 50_000, (), 1e-3),
    Measure(
        "kid",
        "torch-fidelity",
        50_000,
        ("--subsets", str(SUBSETS), "--subset-size", str(SUBSET_SIZE)),
        0.05,  # Subsets are drawn by chance.
    ),
    Measure("prdc", "prdc", 20_000, ("--neighbour", str(NEIGHBOUR)), 1e-3),
)


def study(wgan: Path) -> dict[str, dict]:
    """By measure: seconds and megabytes of each program in each round."""
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for measure in MEASURES:
            sides = [str(folder / "a.npy"), str(folder / "b.npy")]
            for seed, file in enumerate(sides):
                np.save(file, features(measure.rows, seed))
            ours = [str(wgan), "measure", measure.name, *sides, "--json", *measure.options]
            theirs = [*peer("judging.py"), measure.name, *sides]
            title = f"{measure.name}, {measure.rows} × {DIMENSIONS}"
            results[title] = compared(ours, theirs, measure.package, measure.agreement)
        results[f"Inception, {IMAGES} images of 28×28"] = inception(wgan, folder)
    return results


def features(rows: int, seed: int) -> np.ndarray:
    """Like those of a network: not negative, correlated, of different spreads."""
    random = np.random.default_rng(seed)
    mixing = np.random.default_rng(7).standard_normal((64, DIMENSIONS)).astype(np.float32) / 8
    hidden = random.standard_normal((rows, 64)).astype(np.float32)
    noise = random.standard_normal((rows, DIMENSIONS)).astype(np.float32)
    return np.maximum(hidden @ mixing + 0.5 * noise + 0.1 * seed, 0)


def inception(wgan: Path, folder: Path) -> dict:
    """Both see the same images with the same weights, which are random."""
    images, weights = str(folder / "images.npy"), str(folder / "inception.pth")
    shape = (IMAGES, 28, 28, 3)
    np.save(images, np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
    run([*peer("judging.py"), "weights", weights])
    # Where wgan keeps the weights, in place of the user's own.
    os.environ["XDG_CACHE_HOME"] = str(folder)
    run([str(wgan), "fetch", "inception", "--from", weights])
    ours = [
        *(str(wgan), "measure", "statistics", images, "--out", str(folder / "s.npz"), "--json"),
        *("--extractor", "inception"),
    ]
    theirs = [*peer("judging.py"), "inception", images, weights]
    return compared(ours, theirs, "torch-fidelity", None)


def compared(
    ours: list[str], theirs: list[str], package: str, agreement: float | None
) -> dict[str, dict]:
    found: dict[str, dict] = {
        name: {"seconds": [], "peak_mb": []} for name in (OURS, package)
    }
    for _ in range(ROUNDS):
        results = []
        for name, command in ((OURS, ours), (package, theirs)):
            output, peak_mb = watched(command)
            result = json.loads(output.splitlines()[-1])
            found[name]["seconds"].append(result["seconds"])
            found[name]["peak_mb"].append(peak_mb)
            results.append(result)
        if agreement:
            first, second = (value(it) for it in results)
            if abs(first - second) > agreement * abs(second):
                raise Failure(f"{' '.join(ours)} gives {first}, and {package} {second}")
    return found | {"peer": package}


def value(result: dict) -> float:
    """The value, or of several the one that the packages' program prints."""
    found = result["value"]
    return found["coverage"] if isinstance(found, dict) else found


def rows(results: dict[str, dict]) -> list[list[str]]:
    """Cells of the table: measure, ours, the package's, and ours as a share of it."""
    cells = []
    for name, result in results.items():
        ours, theirs = result[OURS], result[result["peer"]]
        ratios = [o / p for o, p in zip(ours["seconds"], theirs["seconds"])]
        cells.append([
            name,
            f"{statistics.median(ours['seconds']):.2f}",
            f"{result['peer']} {statistics.median(theirs['seconds']):.2f}",
            f"**{statistics.median(ratios):.2f}** [{min(ratios):.2f}, {max(ratios):.2f}]",
            f"{max(ours['peak_mb']):.0f}",
            f"{max(theirs['peak_mb']):.0f}",
        ])
    return cells
