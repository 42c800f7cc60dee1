"""Lets torchvision be imported beside a PyTorch that was built for processors alone.

PyPI's torchvision is built beside PyTorch with CUDA. Its compiled operators cannot be loaded by
another PyTorch, and its import ends in an error because two of them are missing. Nobody here uses
them. scripts/python-environment installs this file, which a line in a .pth file imports at each
start of Python.
"""

import importlib.abc
import sys


class Finder(importlib.abc.MetaPathFinder):
    """Declares the missing operators just before torchvision is looked for."""

    def find_spec(self, name, path=None, target=None):
        if name == "torchvision":
            sys.meta_path.remove(self)
            import torch

            if torch.__version__.endswith("+cpu"):
                operators = torch.library.Library("torchvision", "DEF")
                for name in ("nms", "qnms"):
                    operators.define(
                        name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
                    )
                # Kept, since the declarations end with it.
                torch.torchvision_operators = operators
        return None


sys.meta_path.insert(0, Finder())
