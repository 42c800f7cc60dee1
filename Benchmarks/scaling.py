"""How the time of a sample depends on the batch and on the networks' width."""

from pathlib import Path

from contenders import OURS, contenders
from peers.workloads import WORKLOADS
from rounds import SCALING, measure

SIZES = {
    "W3": {"batch": [32, 64, 128, 256, 512, 1024], "width": [128, 256, 512, 1024]},
    "W4": {"batch": [16, 32, 64, 128], "width": [16, 32, 64, 128]},
}


def study(wgan: Path) -> dict:
    """For every size ours and the fastest peer: milliseconds of an iteration, and microseconds of
    it for each sample of its batch."""
    return {
        "workloads": {
            name: {
                size: [point(name, wgan, size, value) for value in values]
                for size, values in sizes.items()
            }
            for name, sizes in SIZES.items()
        }
    }


def point(workload: str, wgan: Path, size: str, value: int) -> dict:
    times = measure(contenders(workload, wgan), SCALING, **{size: value})
    medians = {name: result.median_ms for name, result in times.items()}
    ours = medians.pop(OURS)
    peer = min(medians, key=medians.get)
    samples = value if size == "batch" else WORKLOADS[workload].batch
    print(f"{workload} {size} {value}: {ours:.3g} ms, {peer} {medians[peer]:.3g} ms", flush=True)
    return {
        "value": value,
        "ours_ms": ours,
        "peer_ms": medians[peer],
        "peer": peer,
        "ours_us_per_sample": 1e3 * ours / samples,
        "peer_us_per_sample": 1e3 * medians[peer] / samples,
    }
