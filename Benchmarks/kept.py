"""Files of results, and the trainings of long benchmarks that stay in them from run to run."""

import json
import re
import statistics
from collections.abc import Callable
from pathlib import Path

# Quantiles 0.975 of Student's distribution, by degrees of freedom.
QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]


def merged(path: Path, results: dict, same: tuple[str, ...]) -> dict:
    """With the trainings that a file has, if it has the same values of some keys."""
    if not path.exists():
        return results
    earlier = json.loads(path.read_text())
    if any(earlier.get(key) != results[key] for key in same):
        return results
    return results | {"trainings": earlier["trainings"]}


def write(path: Path, results: dict) -> None:
    """As JSON in which changes can be seen: six digits, and a line for each list of numbers."""
    rounded = json.loads(json.dumps(results), parse_float=lambda it: float(f"{float(it):.6g}"))
    text = json.dumps(rounded, indent=1, ensure_ascii=False)
    lists = r"\[[-+.\deE,\s]*\]"
    path.write_text(re.sub(lists, lambda it: json.dumps(json.loads(it[0])), text) + "\n")


def add(results: dict, training: dict, place: Callable[[dict], tuple]) -> None:
    """At its place among the others, instead of an earlier one at the same place."""
    others = [it for it in results["trainings"] if place(it) != place(training)]
    results["trainings"] = sorted([*others, training], key=place)


def mean(values: list[float], digits: int = 3) -> str:
    """With the half width of its 95 % confidence interval."""
    text = f"{statistics.mean(values):.{digits}f}"
    if len(values) == 1:
        return text
    quantile = QUANTILES[min(len(values) - 2, len(QUANTILES) - 1)]
    half = quantile * statistics.stdev(values) / len(values) ** 0.5
    return f"{text} ± {half:.{digits}f}"
