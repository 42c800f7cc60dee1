"""What is compared on a device, and how a program is started and asked under a time limit."""

import contextlib
import itertools
import os
import re
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from contenders import JAX, OURS, TORCH, Contender, Served, environment, peer
from failure import Failure
from peers.workloads import DEVICE_WORKLOADS

WGAN = Path(__file__).parents[1] / "wgan"
TOGETHER = 10  # Iterations of a call of JAX.
ANSWER_S = 30.0  # That a visit may take at most.
PRECISIONS = EXACT, SHORT, HALF = "float32", "tf32", "bfloat16"


@dataclass(frozen=True)
class Program(Contender):
    """A contender whose products have a stated precision."""

    precision: str

    @property
    def is_ours(self) -> bool:
        return self.name.startswith(OURS)


def ours(workload: str, device: str, precision: str) -> Program:
    command = [str(WGAN), "bench", workload, "--device", device, "--precision", precision]
    return Program(f"{OURS} {precision}", command, precision)


def pytorch(workload: str, device: str, precision: str, *options: str) -> Program:
    command = [*peer("torch_workloads.py"), workload, *peer_options(device, precision), *options]
    return Program(" ".join([TORCH, precision, *names(options)]), command, precision)


def jax(workload: str, device: str, precision: str, together: int = 1) -> Program:
    command = [*peer("jax_workloads.py"), workload, *peer_options(device, precision)]
    name = f"{JAX} {precision}"
    if together > 1:
        command += ["--scan", str(together)]
        name += f" {together} a call"
    return Program(name, command, precision)


def names(options: tuple[str, ...]) -> list[str]:
    return [option.removeprefix("--") for option in options]


def peer_options(device: str, precision: str) -> list[str]:
    return ["--device", peer_device(device), "--precision", precision]


def peer_device(device: str) -> str:
    """Where peers run: on the GPU beside us, else on the processor."""
    return device if device.partition(":")[0] == "cuda" else "cpu"


def programs(workload: str, device: str, quick: bool) -> list[Program]:
    """All that are compared, first what tells most: where time runs out, the last are left out."""
    run = workload, device
    layout = ["--channels-last"] if DEVICE_WORKLOADS[workload].is_of_images else []
    if peer_device(device) == "cpu":  # It has neither TF32 nor graphs.
        first = [ours(*run, EXACT), pytorch(*run, EXACT), jax(*run, EXACT), ours(*run, SHORT)]
        first += [pytorch(*run, EXACT, *layout), jax(*run, EXACT, TOGETHER), ours(*run, HALF)]
        more = [pytorch(*run, EXACT, "--compile")]
    else:
        first = [ours(*run, EXACT), jax(*run, EXACT), pytorch(*run, EXACT)]
        first += [ours(*run, SHORT), jax(*run, SHORT), pytorch(*run, SHORT, *layout)]
        first += [pytorch(*run, SHORT, *layout, "--graphs"), jax(*run, SHORT, TOGETHER)]
        first += [ours(*run, HALF)]
        more = [pytorch(*run, SHORT), pytorch(*run, EXACT, *layout)]
        more += [pytorch(*run, EXACT, *layout, "--graphs"), jax(*run, EXACT, TOGETHER)]
        more += [pytorch(*run, HALF, *layout), pytorch(*run, HALF, *layout, "--graphs")]
        more += [pytorch(*run, SHORT, *layout, "--compile")]
    listed = first if quick else first + more
    return list({program.name: program for program in listed}.values())


class Running(Served):
    """A started program that answers in time or is ended."""

    def __init__(self, program: Program, batch: int | None, cache: Path, log: Path) -> None:
        """Starts it; a peer imports what it needs, and waits."""
        sizes = ["--batch", str(batch)] if batch else []
        wait = [] if program.is_ours else ["--wait"]
        self.name, self.program, self.cache, self.log = program.name, program, cache, log
        self.command = [*program.command, *sizes, "--serve", *wait]
        self.last: dict = {}
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                self.command,
                env=environment() | {"XDG_CACHE_HOME": str(cache)},
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.limit_s = ANSWER_S

    def begin(self, limit_s: float) -> None:
        """Has it compile and run the first iteration."""
        self.limit_s = limit_s
        if not self.program.is_ours:
            self.answer()
            with contextlib.suppress(BrokenPipeError):  # The missing answer tells it better.
                print("start", file=self.process.stdin, flush=True)
        start = self.answer()
        self.limit_s = ANSWER_S
        self.first_iteration_s = start["first_iteration_s"]
        self.compiled_s = start.get("compiled_s")
        self.built_s: float | None = start.get("built_s")

    def answer(self) -> dict:
        late = threading.Event()

        def end() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(self.limit_s, end)
        timer.start()
        try:
            self.last = super().answer()
        except Failure:
            if late.is_set():
                raise Failure(f"gave no answer in {self.limit_s:.0f} s") from None
            raise Failure(f"ended: {shortened(last_words(self.log.read_text()))}") from None
        except ValueError as error:
            raise Failure(f"gave an answer that is no JSON: {error}") from None
        finally:
            timer.cancel()
        return self.last

    @property
    def peak_mb(self) -> float:
        """As the program sees it: not every system tells this of other processes."""
        return self.last["peak_rss_mb"]

    @property
    def peak_device_mb(self) -> float | None:
        return self.last.get("peak_device_mb")


def last_words(errors: str) -> str:
    """The last line, or the last that names an error as Python does."""
    lines = errors.strip().splitlines() or ["no message"]
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)(:|$)", line)]
    return (named or lines)[-1]


def shortened(message: str) -> str:
    return message if len(message) <= 300 else message[:300] + "…"


class Caches:
    """Folders for compiled programs, each empty at first, with the machine's plugins."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="wgan-bench-")
        self.numbers = itertools.count()
        usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.plugins = Path(usual) / "swift-wgan" / "plugins"

    def new(self) -> Path:
        cache = Path(self.folder.name) / str(next(self.numbers))
        (cache / "swift-wgan").mkdir(parents=True)
        if self.plugins.is_dir():
            (cache / "swift-wgan" / "plugins").symlink_to(self.plugins.resolve())
        return cache


def device_used_mb() -> float | None:
    """Memory of the first GPU that all processes use; None where NVIDIA's tool does not tell."""
    found = smi("memory.used") or ""
    return int(found) * 2**20 / 1e6 if found.isdecimal() else None


def smi(field: str) -> str | None:
    command = ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader,nounits"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return text.strip().partition("\n")[0].strip() or None
