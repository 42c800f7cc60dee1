"""Finds the program `wgan` and runs it."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, Union

Progress = Union[bool, Callable[[str], None]]

_BUNDLE = Path(__file__).parent / "bundle"


class WganError(RuntimeError):
    """The command has failed; the text is its own sentence.

    Attributes:
        code: Its exit code: 1 failed at work, 2 bad usage or configuration.
    """

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def program() -> str:
    """The program: `WGAN_PROGRAM`, else the one that came with this module, else that of the PATH.

    Raises:
        WganError: There is none.
    """
    bundled = _BUNDLE / "bin" / "wgan"
    found = os.environ.get("WGAN_PROGRAM") or (str(bundled) if bundled.exists() else None)
    found = found or shutil.which("wgan")
    if found is None:
        raise WganError("wgan is not installed; name it by WGAN_PROGRAM or install the wheel", 1)
    return found


def environment() -> dict[str, str]:
    """This process's environment, in which libraries of the bundle find their files in it alone."""
    variables = dict(os.environ)
    if program().startswith(str(_BUNDLE)):
        variables["VIPSHOME"] = str(_BUNDLE)
        variables["FONTCONFIG_FILE"] = str(_BUNDLE / "fonts" / "fonts.conf")
        # Nothing is there: modules of another version's libraries must not be loaded.
        variables["GDK_PIXBUF_MODULE_FILE"] = str(_BUNDLE / "pixbuf-loaders")
        variables["GIO_MODULE_DIR"] = str(_BUNDLE / "gio-modules")
    return variables


def main() -> NoReturn:
    """The command `wgan`: becomes the program."""
    try:
        os.execve(program(), ["wgan", *sys.argv[1:]], environment())
    except (OSError, WganError) as error:
        sys.exit(f"wgan: {error}")


def run(words: Sequence[str], progress: Progress = False) -> str:
    """Runs the program to its end.

    Args:
        words: Its arguments.
        progress: Takes each line of its standard error; True shows them, False drops them.

    Returns:
        Its standard output.

    Raises:
        WganError: It has failed.
        KeyboardInterrupt: It was interrupted, and has saved what it could; the text says where.
    """
    told = _shown() if progress is True else progress or (lambda line: None)
    lines: list[str] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, subprocess.Popen(
        # Of a session of its own: a terminal's control-C reaches it through this process, once.
        [program(), *words], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE,
        env=environment(), text=True, encoding="utf-8", start_new_session=True,
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                lines.append(line.rstrip("\n"))
                told(lines[-1])
            process.wait()
        except BaseException as error:
            is_interrupted = isinstance(error, KeyboardInterrupt)
            process.send_signal(signal.SIGINT if is_interrupted else signal.SIGTERM)
            try:
                lines += process.stderr.read().splitlines()
            except KeyboardInterrupt:
                process.kill()
            if is_interrupted:
                raise KeyboardInterrupt(_sentence(lines, 130)) from None
            raise
        if process.returncode != 0:
            raise WganError(_sentence(lines, process.returncode), process.returncode)
        output.seek(0)
        return output.read()


def _sentence(lines: Sequence[str], code: int) -> str:
    for line in reversed(lines):
        match = re.match(r"(wgan|Error): (.*)", line)
        if match:
            return match[2]
    return f"wgan was ended by signal {-code}" if code < 0 else f"wgan ended with code {code}"


def _shown() -> Callable[[str], None]:
    """What shows lines: one place of a notebook, which the newest fills, or standard error."""
    kernel = sys.modules.get("ipykernel")
    if kernel is None:
        return lambda line: print(line, file=sys.stderr, flush=True)
    handle = importlib.import_module("IPython.display").display(
        {"text/plain": "wgan"}, raw=True, display_id=True)
    return lambda line: handle.update({"text/plain": line}, raw=True)
