"""A terminal on which commands are typed: each runs in a process of its own, forked from one that has done the imports.

Run as a script, this module is that one: it reads a command (JSON) per line and answers with its exit code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]


class Shell:
    """Forks a process for each ``hoofdsom`` command; close it at the end."""

    def __enter__(self) -> Self:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HOOFDSOM_")}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def run(self, place: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Type a command in a folder and wait for its end."""
        out, err = place.with_suffix(".out"), place.with_suffix(".err")
        typed = [str(word) for word in words]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            json.dumps({"in": str(place), "out": str(out), "err": str(err), "words": typed}) + "\n"
        )
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(typed, code, out.read_text("utf-8"), err.read_text("utf-8"))


class Terminal:
    """Runs ``hoofdsom`` in a folder of its own, with the embedded database and its key there."""

    def __init__(self, shell: Shell, place: Path) -> None:
        self._shell, self.place = shell, place

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self._shell.run(self.place, *words)

    def json(self, *words: str | Path) -> dict[str, object]:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found


def _child(given: dict[str, Any]) -> int:
    """Run the command as if it had been typed."""
    os.chdir(given["in"])
    for number, name in ((1, "out"), (2, "err")):
        opened = os.open(given[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
    sys.argv = ["hoofdsom", *given["words"]]
    code: Any = 0
    try:
        hoofdsom.main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - what an interpreter does with it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


if __name__ == "__main__":
    import hoofdsom

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_child(json.loads(line)))
        os.write(1, f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())
