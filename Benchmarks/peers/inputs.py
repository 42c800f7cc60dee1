#!/usr/bin/env python3
"""Writes what an equality check starts from: a workload's initial parameters and random draws."""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch_workloads import networks
from workloads import CLIP_BOUND, CRITIC_ITERATIONS, DEVICE_WORKLOADS, Workload


def inputs(workload: Workload) -> dict[str, torch.Tensor]:
    both = networks(workload)
    if not workload.penalised:
        # As in the middle of a training: else clipping would hide what gradients do.
        for parameter in both["critic"].parameters():
            torch.nn.init.uniform_(parameter, -CLIP_BOUND, CLIP_BOUND)
    result = {name: value for name, value in both.state_dict().items() if value.is_floating_point()}
    batch = workload.batch
    for k in range(CRITIC_ITERATIONS):
        draw = f"draw/critic/{k}"
        result[f"{draw}/real"] = torch.rand(batch, *workload.sample_shape) * 2 - 1
        result[f"{draw}/latent"] = torch.randn(batch, workload.latent)
        if workload.penalised:
            result[f"{draw}/alpha"] = torch.rand(batch)
    result["draw/generator/latent"] = torch.randn(batch, workload.latent)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload", choices=DEVICE_WORKLOADS)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    workload = DEVICE_WORKLOADS[arguments.workload]
    save_file(inputs(workload), arguments.folder / "inputs.safetensors")


if __name__ == "__main__":
    main()
