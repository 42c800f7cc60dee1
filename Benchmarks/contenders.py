"""The programs that are compared, and how one is asked for measurements."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from failure import Failure
from peers.workloads import WORKLOADS

PEERS = Path(__file__).parent / "peers"
OURS, TORCH, CHANNELS_LAST, JAX = "swift-wgan", "PyTorch", "PyTorch channels-last", "JAX"

# Settings of the machine's user that change threads, waiting, compilation or caches.
FOREIGN_SETTINGS = ("OMP_", "GOMP_", "KMP_", "MKL_", "DNNL_", "ONEDNN_", "TORCH", "XLA_", "JAX_")


@dataclass(frozen=True)
class Contender:
    """A program and a workload for it."""

    name: str
    command: list[str]

    def check(self, folder: Path) -> None:
        """One iteration from `inputs.safetensors` to `outputs.safetensors`."""
        run([*self.command, "--check", str(folder)])

    def served(self, batch: int | None = None, width: int | None = None) -> "Served":
        sizes = {"--batch": batch, "--width": width}
        given = [word for name, size in sizes.items() if size for word in (name, str(size))]
        return Served(self.name, [*self.command, *given, "--serve"])


def contenders(workload: str, wgan: Path | None) -> list[Contender]:
    """Ours, where it is given, and the peers."""
    torch = [*peer("torch_workloads.py"), workload]
    result = [Contender(OURS, [str(wgan), "bench", workload])] if wgan else []
    result.append(Contender(TORCH, torch))
    if WORKLOADS[workload].is_of_images:
        result.append(Contender(CHANNELS_LAST, [*torch, "--channels-last"]))
    return [*result, Contender(JAX, [*peer("jax_workloads.py"), workload])]


def peer(program: str) -> list[str]:
    return [sys.executable, str(PEERS / program)]


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN_SETTINGS)}


def run(command: list[str]) -> str:
    """What a command prints; a failure quotes its last line of errors."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"'{' '.join(command)}' failed: {last}")
    return done.stdout


def watched(command: list[str]) -> tuple[str, float]:
    """What a command prints, and the most memory that it has had, in millions of bytes.

    Asked for while it runs: what the kernel says afterwards counts the process that started it.
    """
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, env=environment(), stdout=output, stderr=subprocess.DEVNULL
        )
        kilobytes = 0
        while process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text()
            found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
            kilobytes = max(kilobytes, *map(int, found), 0)
            time.sleep(0.001)
        if process.returncode != 0:
            raise Failure(f"'{' '.join(command)}' failed")
        output.seek(0)
        return output.read(), kilobytes * 1024 / 1e6


class Served:
    """A running program that sleeps until it is asked for a measurement."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.process = subprocess.Popen(
            command, env=environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        start = self.answer()
        self.first_iteration_s: float = start["first_iteration_s"]
        self.compiled_s: float | None = start.get("compiled_s")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, iterations: int) -> list[float]:
        """Milliseconds of each iteration."""
        with contextlib.suppress(BrokenPipeError):  # The missing answer tells it better.
            print("run", iterations, file=self.process.stdin, flush=True)
        return self.answer()["times_ms"]

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            raise Failure(f"'{' '.join(self.command)}' ended with code {code} before it answered")
        return json.loads(line)

    @property
    def peak_mb(self) -> float:
        """The most memory that the process has had, in millions of bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return int(fields["VmHWM"].split()[0]) * 1024 / 1e6

    @property
    def cpu_s(self) -> float:
        """Seconds of processor time that all its threads have used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
