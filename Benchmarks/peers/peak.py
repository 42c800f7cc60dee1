#!/usr/bin/env python3
"""Prints the GFLOP/s of large float32 matrix products, the best of PyTorch and of JAX, as JSON.

Both, because neither is at the limit of every processor: PyTorch's product leaves half of an AMD
processor's vector units idle.
"""

import json
import os
import time
from collections.abc import Callable

os.environ["JAX_PLATFORMS"] = "cpu"  # Before JAX is imported.

import jax
import jax.numpy as jnp
import torch

SIZES = (1024, 4096)
SECONDS = 1


def best(size: int, product: Callable[[], object]) -> float:
    product()
    shortest = float("inf")
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        product()
        shortest = min(shortest, time.perf_counter() - start)
    return 2e-9 * size**3 / shortest


def in_torch(size: int) -> float:
    left, right, result = (torch.rand(size, size) for _ in range(3))
    return best(size, lambda: torch.matmul(left, right, out=result))


def in_jax(size: int) -> float:
    left = right = jnp.ones((size, size))
    multiply = jax.jit(jnp.matmul)
    return best(size, lambda: multiply(left, right).block_until_ready())


def main() -> None:
    torch.set_num_threads(os.cpu_count())
    print(
        json.dumps(
            {
                "PyTorch": max(map(in_torch, SIZES)),
                "JAX": max(map(in_jax, SIZES)),
            }
        )
    )


if __name__ == "__main__":
    main()
