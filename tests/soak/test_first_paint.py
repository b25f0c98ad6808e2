"""The first paint is measured in a real browser; it starts servers and browsers, so it is with the long runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bench.test_bench import bench

pytestmark = pytest.mark.soak


@pytest.mark.browser
@pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed")
def test_the_meeting_is_opened_in_a_browser_that_was_never_here():
    done = bench(
        "--only", "paint", "--transfers", "2000", "--databases", "sqlite", "--starts", "1",
        "--example", "klein-2025", "--sizes", "12",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for who in ("controller", "municipality", "floor"):
        assert re.search(rf"^{who}(\s+\d+\.\d\d){{6}}\s+\d{{4}}$", done.stdout, re.MULTILINE), done.stdout
