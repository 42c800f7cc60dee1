"""Results of long benchmarks, whose trainings stay in a file from run to run."""

import json
from collections.abc import Callable
from pathlib import Path


def merged(path: Path, results: dict, same: tuple[str, ...]) -> dict:
    """With the trainings that a file has, if it has the same values of some keys."""
    earlier = json.loads(path.read_text()) if path.exists() else {}
    if any(earlier.get(key) != results[key] for key in same):
        return results
    return results | {"trainings": earlier["trainings"]}


def add(results: dict, training: dict, place: Callable[[dict], tuple]) -> None:
    """At its place among the others, instead of an earlier one at the same place."""
    others = [it for it in results["trainings"] if place(it) != place(training)]
    results["trainings"] = sorted([*others, training], key=place)
