"""The machine and the software that results are measured on."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from contenders import peer, run


def description(wgan: Path | None) -> dict[str, str]:
    """What a table of times means little without, by name."""
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    ours = {"swift-wgan": own_software(wgan)} if wgan else {}
    return {
        "processor": processor(),
        "caches": caches(),
        "memory": f"{memory_gib():.0f} GiB",
        "system": f"{system}, Linux {platform.release()}",
        **ours,
        "peers": f"PyTorch {version('torch')}, JAX {version('jax')}, Python "
        + platform.python_version(),
    }


def peak_gflops() -> dict[str, float]:
    """What the processor reaches in a large matrix product, by who computes it."""
    return json.loads(run(peer("peak.py")))


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    pairs = (line.partition(":") for line in lines)
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    vectors = [name for name in ("avx512f", "avx2") if name in fields.get("flags", "").split()]
    return (
        f"{fields.get('model name', platform.machine())}, family {fields.get('cpu family', '?')} "
        f"model {fields.get('model', '?')}, {os.cpu_count()} processors, {' '.join(vectors[:1])}"
    )


def caches() -> str:
    """Of the first processor."""
    found = []
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((folder / n).read_text().strip() for n in ("level", "type", "size"))
        if kind != "Instruction":
            found.append(f"L{level} {size.removesuffix('K')} KiB")
    return ", ".join(found)


def memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def own_software(wgan: Path) -> str:
    """What `wgan doctor` says of the processor and of oneDNN, and the compiler."""
    executor = run([str(wgan), "doctor"]).partition("processor:")[2].splitlines()[0].strip()
    compiler = run(["swift", "--version"]).splitlines()[0]
    return f"{executor}; {compiler}"
