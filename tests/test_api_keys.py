"""What is copied along with a key is no part of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.api_keys import clean_key


@pytest.mark.parametrize(
    "text",
    [
        *(" KEY", "KEY\r\n", "\tKEY ", "\ufeffKEY", "KEY\u200b", '"KEY"', "'KEY'", "“KEY”"),
        *("Bearer KEY", "bearer  KEY\n", "Authorization: Bearer KEY", "x-api-key: KEY", '"Bearer KEY"'),
        *("OPENAI_API_KEY=KEY", "export OPENAI_API_KEY='KEY'", 'ASK_API_KEY = "KEY"\n'),
        *("set OPENAI_API_KEY=KEY", '$env:OPENAI_API_KEY = "KEY"', "setx OPENAI_API_KEY KEY", "ENV OPENAI_API_KEY=KEY"),
        *("OPENAI_API_KEY: KEY", '"OPENAI_API_KEY": "KEY",', '-H "Authorization: Bearer KEY"', "api-key: KEY"),
        *("KEY;", "`KEY`", "<KEY>", "KEY # of the lab", "KEY\\n"),
    ],
)
def test_what_is_copied_with_a_key_is_taken_off(text: str) -> None:
    for key in ("sk-proj-a_b=C9", "abc_def==", "SK_KEY_X"):
        assert clean_key(text.replace("KEY", key) if "API_KEY" not in text else re.sub(r"(?<!_)KEY", key, text)) == key


@given(st.text(alphabet="abcXYZ019-_=.", min_size=1))
def test_a_clean_key_stays_as_it_is(key: str) -> None:
    assert clean_key(key) == key or "_KEY=" in key or "_TOKEN=" in key
