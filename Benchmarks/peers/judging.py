#!/usr/bin/env python3
"""One measure of two files of features or images, by the Python packages that people use.

    judging.py fid|kid|prdc A.npy B.npy      pytorch-fid, torch-fidelity, prdc
    judging.py inception A.npy WEIGHTS       torch-fidelity's features of images [N, H, W, 3]
    judging.py weights FILE                  random weights for that network

Prints the value and the seconds from the files to it, without imports.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

SUBSETS, SUBSET_SIZE, NEIGHBOUR, BATCH = 100, 1000, 5, 64


def fid(first: str, second: str) -> Callable[[], float]:
    from pytorch_fid.fid_score import calculate_frechet_distance

    def value() -> float:
        sides = [np.load(file) for file in (first, second)]
        statistics = [(side.mean(axis=0), np.cov(side, rowvar=False)) for side in sides]
        return calculate_frechet_distance(*statistics[0], *statistics[1])

    return value


def kid(first: str, second: str) -> Callable[[], float]:
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    def value() -> float:
        sides = [torch.from_numpy(np.load(file)) for file in (first, second)]
        return kid_features_to_metric(
            *sides, kid_subsets=SUBSETS, kid_subset_size=SUBSET_SIZE, verbose=False
        )["kernel_inception_distance_mean"]

    return value


def prdc(first: str, second: str) -> Callable[[], float]:
    from prdc import compute_prdc

    def value() -> float:
        generated, real = (np.load(file) for file in (first, second))
        return compute_prdc(real, generated, NEIGHBOUR)["coverage"]

    return value


def inception(images: str, weights: str) -> Callable[[], float]:
    import torch
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    network = FeatureExtractorInceptionV3("network", ["2048"], weights)

    def value() -> float:
        batches = torch.from_numpy(np.load(images)).permute(0, 3, 1, 2).split(BATCH)
        with torch.no_grad():
            features = torch.cat([network(batch)[0] for batch in batches])
        return float(features.mean())

    return value


def save_weights(file: str) -> None:
    import torch
    from pytorch_fid import inception

    torch.manual_seed(0)
    network = inception._inception_v3(num_classes=1008, aux_logits=False, weights=None)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight)
    torch.save(network.state_dict(), file)


if __name__ == "__main__":
    if sys.argv[1] == "weights":
        save_weights(sys.argv[2])
        sys.exit()
    measure = {it.__name__: it for it in (fid, kid, prdc, inception)}[sys.argv[1]]
    compute = measure(*sys.argv[2:4])
    began = time.perf_counter()
    result = float(compute())
    print(json.dumps({"value": result, "seconds": time.perf_counter() - began}))
