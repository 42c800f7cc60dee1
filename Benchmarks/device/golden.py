"""Whether the device computes the same updates as PyTorch in float64 on the processor.

The limits are those of `equality.py`. Other precisions than float32 are compared and have none.
"""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import equality
from contenders import Contender, peer, run
from failure import Failure
from peers.workloads import DEVICE_WORKLOADS, WORKLOADS
from programs import Program, shortened

from safetensors.numpy import load_file

LIMIT_S = 240


def checks(programs: dict[str, list[Program]]) -> dict[str, dict]:
    """By workload and program: the largest differences by kind, or a sentence of failure.

    Nothing is timed, so that several workloads go side by side.
    """
    WORKLOADS.update(DEVICE_WORKLOADS)  # Where `equality` looks them up.
    largest_first = sorted(programs, key=lambda name: -DEVICE_WORKLOADS[name].gflop)
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 4)) as pool:
        found = {name: pool.submit(check, name, programs[name]) for name in largest_first}
        return {name: found[name].result() for name in programs}


def check(workload: str, programs: list[Program]) -> dict[str, dict[str, float] | str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            run(limited([*peer("inputs.py"), workload, name]))
            inputs = load_file(folder / "inputs.safetensors")
            run(limited([*peer("torch_workloads.py"), workload, "--double", "--check", name]))
            reference = equality.taken(folder)
        except Failure as failure:
            return {program.name: said(failure) for program in programs}
        return {p.name: checked(workload, p, folder, inputs, reference) for p in programs}


def checked(
    workload: str,
    program: Program,
    folder: Path,
    inputs: equality.Tensors,
    reference: equality.Tensors,
) -> dict[str, float] | str:
    try:
        Contender(program.name, limited(program.command)).check(folder)
        found = equality.differences(workload, inputs, equality.taken(folder), reference)
        if program.precision == "float32":
            for difference in found:
                equality.fail_if_large(workload, program.name, difference)
    except Failure as failure:
        return said(failure)
    return {difference.kind: difference.value for difference in found}


def limited(command: list[str]) -> list[str]:
    return ["timeout", "--kill-after=5", str(LIMIT_S), *command]


def said(failure: Failure) -> str:
    words = str(failure).rpartition("' failed: ")[2]
    return shortened(f"{words}, in {LIMIT_S} s" if words == "no message" else words)
