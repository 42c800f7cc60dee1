#!/usr/bin/env python3
"""Starts the study of this folder with the Python that has PyTorch and JAX.

Its folder comes first among those of programs: wgan looks for plugins where `python3` keeps its
packages.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

STUDY = Path(__file__).resolve().parent / "study" / "study.py"
NEEDED = ("torch", "jax", "optax", "numpy", "safetensors")
MISSING = "import importlib.util as i, sys; print(*(n for n in sys.argv[1:] if not i.find_spec(n)))"


def main() -> None:
    arguments = sys.argv[1:]
    name = "python3"
    if "--python" in arguments[:-1]:
        place = arguments.index("--python")
        name = arguments[place + 1]
        del arguments[place : place + 2]
    python = shutil.which(name)
    if python is None:
        sys.exit(f"run: error: there is no program '{name}'; name Python's by --python")
    command = [python, "-c", MISSING, *NEEDED]
    if missing := subprocess.run(command, capture_output=True, text=True).stdout.strip():
        sys.exit(f"run: error: {python} lacks {missing}; install it, or name another by --python")
    # Links stay as they are: an environment's Python is known by its place.
    folder = os.path.dirname(os.path.abspath(python))
    os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])
    os.execv(python, [python, str(STUDY), *arguments])


if __name__ == "__main__":
    main()
