"""What is taken for a credential, what is not, and that masking keeps columns."""

from __future__ import annotations

import random
import string
import time

import pytest

from pawc.credentials import find, mask

ALNUM = string.ascii_letters + string.digits


def drawn(count: int, alphabet: str = ALNUM) -> str:
    """Random characters, in pieces here so that no scanner of this repository takes them for a secret."""
    return "".join(random.Random(count).choices(alphabet, k=count))


FOUND = {
    "an AWS access key": "AKIA" + drawn(16, string.ascii_uppercase + "234567"),
    "a GitHub token": "ghs_" + drawn(36),
    "a GitLab token": "glpat-" + drawn(20),
    "a Slack token": "xoxb-" + drawn(24),
    "a Stripe key": "sk_live_" + drawn(24),
    "a Google API key": "AIza" + drawn(35),
    "an npm token": "npm_" + drawn(36),
    "a PyPI token": "pypi-" + "AgEIcHlwaS5vcmc" + drawn(60),
    "a Hugging Face token": "hf_" + drawn(34),
    "an API key": "sk-proj-" + drawn(40),
    "a JSON Web Token": "eyJ" + drawn(20) + ".eyJ" + drawn(30) + "." + drawn(40),
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
}


@pytest.mark.parametrize("what", FOUND)
def test_known_shapes(what: str) -> None:
    line = f"Input: use {FOUND[what]} here"
    (found,) = find(line)
    assert (found.what, line[found.start : found.end]) == (what, FOUND[what])
    assert mask(line) == f"Input: use {'*' * len(FOUND[what])} here"


@pytest.mark.parametrize(
    "before", ["password = ", "API_KEY: '", '"client_secret": "', "Authorization token=Bearer "]
)
def test_assignments(before: str) -> None:
    value = drawn(24) + "7x"
    (found,) = find(before + value)
    assert found.what == "a secret" and mask(before + value) == before + "*" * len(value)


def test_a_password_in_a_url() -> None:
    line = "connect to postgres://app:" + drawn(10) + "@db/x"
    assert mask(line) == "connect to postgres://app:" + "*" * 10 + "@db/x"


@pytest.mark.parametrize(
    "line",
    [
        "Mask passwords: what follows password= becomes ***",
        "password = changeme-please-123",
        "token: YOUR_TOKEN_0123456789abcdef",
        "AKIAIOSFODNN7" + "EXAMPLE",
        "the token is_a_rather_long_identifier",
        "tokens = 4096",
        "secret: none of the above applies",
        "api_key = os.environ['API_KEY']",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "https://example.org:8080/path@2x",
        "key: 550e8400-e29b-41d4-a716-446655440000",
        "password=aaaaaaaaaaaa1111",
        "[step 100] loss=0.05 lr=0.0001",
    ],
)
def test_what_is_no_credential(line: str) -> None:
    assert list(find(line)) == [] and mask(line) == line


def test_each_is_found_once() -> None:
    assert len(list(find(f"token = {FOUND['a GitHub token']}"))) == 1
    assert len(list(find(" ".join(FOUND.values())))) == len(FOUND)


@pytest.mark.parametrize("piece", ["eyJ-", "password=", "-----BEGIN ", "a://b:", "sk-", "A "])
def test_time_grows_with_the_length(piece: str) -> None:
    """A line that almost matches everywhere is read as fast as any other, give or take a factor."""
    line = piece * (100_000 // len(piece))
    begin = time.process_time()
    list(find(line))
    assert time.process_time() - begin < 5
