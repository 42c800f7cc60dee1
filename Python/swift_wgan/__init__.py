"""Wasserstein GANs: trains, samples and judges them by the command `wgan`.

    import swift_wgan as wgan

    run = wgan.train("mixture", steps=1000)
    points = wgan.sample(run, 500)

Arguments that are None have the command's defaults: see `wgan train --help` and the like. All
functions raise WganError, with the command's sentence, where it fails.
"""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union, overload

from ._program import Progress, WganError
from ._program import run as _run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Run", "WganError", "evaluate", "measure", "metrics", "resume", "sample", "train",
]

Location = Union[str, "os.PathLike[str]"]
Settings = Union[Mapping[str, object], Iterable[str]]


@dataclass(frozen=True)
class Run:
    """A training and what it left; functions take its folder's path as well.

    Attributes:
        folder: Where everything is: figures, samples, weights, report.html.
        summary: What the training came to, such as `steps`, `seconds`, `wassersteinEstimate`.
    """

    folder: Path
    summary: dict[str, Any] = field(default_factory=dict, repr=False)

    def __fspath__(self) -> str:
        return str(self.folder)


def train(
    preset_or_file: Location, *, out: Location | None = None, steps: int | None = None,
    seed: int | None = None, set: Settings | None = None, data: Location | None = None,
    threads: int | None = None, device: str | None = None, progress: Progress = True,
) -> Run:
    """Trains from a preset or a configuration file.

    Args:
        preset_or_file: A preset's name, such as "mixture", or the path of a .yaml file.
        out: Where the run goes: a folder that is absent or empty.
        steps: Steps to train.
        seed: What all random numbers are a function of.
        set: Changes of settings: `{"constraint": "clipping"}` or `["constraint=clipping"]`.
        data: The folder with the data's files, or of images.
        threads: Threads to use.
        device: Where programs run: "cpu", "cuda" and others.
        progress: Whether to show how far it is; a function is called with each line instead.

    Raises:
        KeyboardInterrupt: The training was interrupted. It has saved its state, and the text
            names its folder, from which `resume` goes on.
    """
    words = _options(
        out=out, steps=steps, seed=seed, set=_settings(set), data=data, threads=threads,
        device=device, quiet=progress is False)
    return _trained(["train", *words, "--json", "--", os.fspath(preset_or_file)], progress)


def resume(
    run: Location, *, steps: int | None = None, set: Settings | None = None,
    data: Location | None = None, threads: int | None = None, device: str | None = None,
    progress: Progress = True,
) -> Run:
    """Goes on with a training that was stopped, or extends a finished one.

    Args:
        run: The run or its folder.
        steps: Steps of the whole training, those done among them.
        set, data, threads, device, progress: As in `train`.
    """
    words = _options(
        steps=steps, set=_settings(set), data=data, threads=threads, device=device,
        quiet=progress is False)
    return _trained(["resume", *words, "--json", "--", os.fspath(run)], progress)


def sample(
    run: Location, count: int, *, seed: int | None = None, label: int | None = None,
    weights: Location | int | None = None, raw: bool = False, truncation: float | None = None,
) -> NDArray[np.float32]:
    """Draws samples: points `[count, 2]`, or images `[count, height, width, channels]` in -1...1.

    Args:
        run: The run or its folder.
        count: How many.
        seed: Which samples; one seed always gives the same.
        label: The class of all samples, counted from 0, of a run with a condition.
        weights: "newest", "final", "best", the step of a checkpoint, or a .safetensors file.
        raw: Whether to use the weights themselves where the run has averages of them.
        truncation: Restricts each number of the latents to this bound.
    """
    import numpy as np

    words = _options(
        count=count, seed=seed, weights=weights, raw=raw, truncation=truncation,
        **{"class": label})
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "samples.npy")
        _run(["sample", *words, "--out", file, "--", os.fspath(run)])
        samples: NDArray[np.float32] = np.load(file)
    return samples


def evaluate(
    run: Location, *, samples: int | None = None, seeds: int | None = None,
    weights: Location | int | None = None, raw: bool = False, extractor: Location | None = None,
    data: Location | None = None, threads: int | None = None, progress: Progress = False,
) -> dict[str, Any]:
    """Judges a run: its samples (`scores`) and its critic (`audit`).

    Args:
        run: The run or its folder.
        samples: Samples on each side.
        seeds: Sampling seeds over which scores are averaged.
        extractor: What sees images: "random", "mnist", "fashion-mnist", "pixels" or a file.
        weights, raw: As in `sample`.
        data, threads, progress: As in `train`.
    """
    words = _options(
        samples=samples, seeds=seeds, weights=weights, raw=raw, extractor=extractor, data=data,
        threads=threads)
    return _object(_run(["evaluate", *words, "--json", "--", os.fspath(run)], progress))


def measure(
    metric: str, a: Location | NDArray[Any], b: Location | NDArray[Any] | None = None,
    **options: object,
) -> dict[str, Any]:
    """Measures how alike two sets of samples are; most measures give `value`.

    Args:
        metric: The measure, such as "w1" or "fid"; `wgan measure --list` shows all.
        a: The generated samples: an array, a file, a folder of images, or "mnist:test".
        b: The real samples.
        options: Those of `wgan measure`, with underscores: `subset_size=500`. Arrays are allowed.
    """
    with tempfile.TemporaryDirectory() as folder:
        def named(value: object, name: str) -> object:
            return value if not _is_array(value) else _saved(value, os.path.join(folder, name))

        words = _options(**{key: named(value, key) for key, value in options.items()})
        sides = [str(named(side, name)) for side, name in ((a, "a"), (b, "b")) if side is not None]
        return _object(_run(["measure", *words, "--json", "--", metric, *sides]))


@overload
def metrics(
    run: Location, *, series: Iterable[str] | None = ..., last: int | None = ...,
    as_frame: Literal[False] = ...,
) -> dict[str, NDArray[np.float64]]: ...


@overload
def metrics(
    run: Location, *, series: Iterable[str] | None = ..., last: int | None = ...,
    as_frame: Literal[True],
) -> Any: ...


def metrics(
    run: Location, *, series: Iterable[str] | None = None, last: int | None = None,
    as_frame: bool = False,
) -> Any:
    """Reads what was measured during a training, of a running one too.

    Args:
        run: The run or its folder.
        series: Only these metrics.
        last: Only the last steps that were measured.
        as_frame: Whether to give a pandas.DataFrame with an index of steps.

    Returns:
        Columns of one length, `step` among them; NaN where a metric was not measured.
    """
    import numpy as np

    names = None if series is None else ",".join(series)
    words = _options(series=names, last=last)
    table = _run(["metrics", *words, "--csv", "--", os.fspath(run)])
    header, *rows = csv.reader(table.splitlines())
    numbers = np.array([[float(cell or "nan") for cell in row] for row in rows])
    columns = dict(zip(header, numbers.reshape(len(rows), len(header)).T.copy()))
    if not as_frame:
        return columns
    try:
        import pandas
    except ImportError:
        raise WganError("as_frame=True needs pandas; install it with pip", 1) from None
    steps = columns.pop("step").astype(int)
    return pandas.DataFrame(columns, index=pandas.Index(steps, name="step"))


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    match = re.search(r"\d+\.\d+\.\d+", _run(["--version"]))
    return match[0] if match else "unknown"


def _trained(words: list[str], progress: Progress) -> Run:
    summary = _object(_run(words, progress))
    return Run(Path(summary.pop("run")).absolute(), summary)


def _object(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def _options(**values: object) -> list[str]:
    """The words of options: none for None and False, the name alone for True, each of a list."""
    words: list[str] = []
    for name, value in values.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is not None and value is not False:
            # One word: a value may begin with a minus sign.
            words += [f"{option}={one}" for one in (value if isinstance(value, list) else [value])]
    return words


def _settings(settings: Settings | None) -> list[str]:
    """Changes of settings as key=value, whose values are YAML, which JSON is too."""
    if not isinstance(settings, Mapping):
        return [settings] if isinstance(settings, str) else list(settings or ())
    return [
        f"{key}={value if isinstance(value, (str, Path)) else json.dumps(value)}"
        for key, value in settings.items()
    ]


def _is_array(value: object) -> bool:
    return hasattr(value, "__array__")


def _saved(array: object, path: str) -> str:
    import numpy as np

    np.save(path + ".npy", np.asarray(array))
    return path + ".npy"
