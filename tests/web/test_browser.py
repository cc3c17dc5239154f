"""Says in one line that the tests in a browser are left out, where they are."""

from __future__ import annotations

import pytest

from web.conftest import BROWSER


def test_there_is_a_browser() -> None:
    if BROWSER is None:
        pytest.skip("no Chromium or no playwright: the tests of the page in a browser are left out")
