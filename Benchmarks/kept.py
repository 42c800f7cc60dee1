"""Files of results, and the trainings of long benchmarks that stay in them from run to run."""

import json
import os
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
    """Whole or not at all, as JSON in which changes can be seen."""
    unfinished = path.with_suffix(".partial")
    unfinished.write_text(text(results) + "\n")
    os.replace(unfinished, path)


def text(value: object, indent: str = "") -> str:
    """JSON with six digits, and a line for each list of numbers."""
    inner = indent + " "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {text(it, inner)}" for key, it in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and not all(isinstance(it, (int, float)) for it in value):
        return "[\n" + ",\n".join(inner + text(it, inner) for it in value) + f"\n{indent}]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(text(it) for it in value) + "]"
    if isinstance(value, float):
        return json.dumps(float(f"{value:.6g}"))
    return json.dumps(value, ensure_ascii=False)


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
