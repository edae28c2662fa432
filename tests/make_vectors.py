"""Write tests/vectors: sources and archives, right and wrong in one way each.

Run by hand when a format gains a rule (`python tests/make_vectors.py`); the result is committed, and the
tests read only that. What an invalid file must be refused as stands beside it in a `.json`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from pawformats import adapter, canonical, head, joint, paw, pawbin, pawlib
from pawformats.manifest import write_manifest, write_tests
from pawformats.values import (
    Adapter,
    BaseRef,
    Contract,
    Example,
    Joint,
    Options,
    Program,
    Prompt,
    PseudoProgram,
    Refinement,
)

VECTORS = Path(__file__).parent / "vectors"

TRIAGE = b"""+++
name = "triage"
labels = ["ALERT", "QUIET"]
+++
Classify log lines. Return ONLY one word: ALERT or QUIET.

Input: [step 100] loss=0.05 lr=0.0001
Output: QUIET

+++ tests
Input: Traceback (most recent call last):
Output: ALERT
"""

VALID_PAW: dict[str, bytes] = {
    "prose": b"Say whether the text is rude. Answer yes or no.\n",
    "triage": TRIAGE,
    "crlf": TRIAGE.replace(b"\n", b"\r\n"),
    "byte-order-mark": b"\xef\xbb\xbf" + TRIAGE,
    "byte-order-marks": b"\xef\xbb\xbf\xef\xbb\xbfSay something.\n",
    "no-final-newline": b"\n\n  Turn the date into ISO form.  \n \nInput: 3 May 2021\nOutput: 2021-05-03",
    "every-setting": b"""+++   
overflow = "middle"
abstain = ""   # out of order, with a comment
min_confidence = 1
target = 'nano'
version = "1.2"
name = "caf\xc3\xa9"
output = { max_tokens = 4 }
labels = [
  "a \\u00e9", # dotted
  "b",
]
+++\t
Pick one.
""",
    "regex": b"+++\n[output]\nregex = '\\d{4}'\n+++\nGive the year of the text.\n",
    "schema-table": b"""+++
[output]
max_tokens = 64
[output.json_schema]
type = "object"
required = ["z", "a"]
[output.json_schema.properties]
z = { type = "string" }
a = { type = "number", minimum = 0.5 }
+++
Extract z and a.
""",
    "schema-text": b"""+++
output.json_schema = '{"items": {"enum": [1, null, 1e2]}}'
+++
List.
""",
    "many-lines": b"""Fix the indentation.

Input:
  def f():
 return 1

Output:

def f():
    return 1   

  \t
Input: one line, then more
second line
Output:
+++ tests

Input:
Output: nothing in, this out
""",
    "escapes": b"""\\Input: and \\Output: mark examples.
\\+++
\\\\Output: has one backslash left, C:\\Temp is not touched,
+++ b/file.c is text.

Input: a diff
+++ b/file.c
\\+++ tests
 Input: is indented
Output: \\Input: stays, it is not at the line's start
\\Input: loses one
""",
    "includes": b"""+++
examples = ["pairs.tsv", "pairs.jsonl"]
+++
Translate.

Input: own
Output: first
""",
    "control-characters": b"Strip colours.\n\nInput: \x1b[31mred\x1b[0m \x0c\x7f\nOutput: red\n",
    "unicode": "Nenne das Gegenteil. 反対語。\u2028\n\nInput: groß\u00a0\nOutput: klein 🦎\n".encode(),
}

INCLUDES = {
    "pairs.tsv": b"ja\tyes\r\n\r\nnein  \tno\n \t\n",
    "pairs.jsonl": b'{"input": "a\\nb\\r\\n\\n", "output": "Input: c\\nOutput: d", "id": 7}\n\n',
    "one-column.tsv": b"a\tb\nc\n",
    "broken.jsonl": b'{"input": "a", "output": }\n',
    "number.jsonl": b'{"input": "a", "output": 1}\n',
    "nul.jsonl": b'{"input": "a\\u0000", "output": "b"}\n',
    "latin1.tsv": b"a\tb\nc\t\xe9\n",
    "pairs.csv": b"a,b\n",
}


def fronted(front: str, body: str = "Say something.\n") -> bytes:
    return f"+++\n{front}\n+++\n{body}".encode()


#: name: (source, error kind, line, column, what is wrong)
INVALID_PAW: dict[str, tuple[bytes, str, int, int, str]] = {
    "too-large": (b"Say.\n", "text-too-large", 0, 0, "one byte more than 16 MiB, once padded"),
    "latin-1": ("Sag es.\nfür ä".encode("latin-1"), "text-encoding", 2, 2, "byte 0xfc"),
    "utf-8-cut": ("é é".encode()[:-1], "text-encoding", 1, 3, "half of a character at the end"),
    "surrogate": (b"ab\xed\xa0\x80", "text-encoding", 1, 3, "a surrogate, encoded"),
    "nul": (b"Say.\n\nInput: a\0b\nOutput: c\n", "text-nul", 3, 9, "a NUL in an example"),
    "carriage-return": (b"Say.\rmore\n", "text-carriage-return", 1, 5, "an old Mac's line end"),
    "empty": (b"", "paw-no-description", 1, 1, "no bytes at all"),
    "blank": (b"\n \n\t\n", "paw-no-description", 1, 1, "only blank lines"),
    "only-settings": (
        b'+++\nname = "x"\n+++\n',
        "paw-no-description",
        4,
        1,
        "no prose after the front matter",
    ),
    "only-examples": (b"Input: a\nOutput: b\n", "paw-no-description", 1, 1, "examples without prose"),
    "front-matter-open": (b'+++\nname = "x"\nSay.\n', "paw-front-matter-open", 1, 1, "no closing fence"),
    "fence-late": (b'\n+++\nname = "x"\n+++\nSay.\n', "paw-fence", 2, 1, "front matter in line 2"),
    "fence-in-output": (
        b"Say.\nInput: a\nOutput: b\n+++\n",
        "paw-fence",
        4,
        1,
        "a bare fence after an example",
    ),
    "toml": (fronted('name = "x'), "paw-toml", 2, 10, "an open string"),
    "toml-twice": (fronted('name = "x"\nname = "y"'), "paw-toml", 3, 11, "a key twice"),
    "toml-huge": (fronted("output.max_tokens = " + "9" * 5000), "paw-toml", 1, 1, "5000 digits"),
    "toml-deep": (fronted("labels = " + "[" * 2000), "paw-toml", 1, 1, "2000 open brackets"),
    "unknown-key": (fronted('label = ["a"]'), "paw-unknown-key", 2, 1, "label for labels"),
    "unknown-output-key": (
        fronted("[output]\nmax_token = 1"),
        "paw-unknown-key",
        3,
        1,
        "max_token for max_tokens",
    ),
    "key-in-wrong-table": (
        fronted("[output]\nmax_tokens = 1\nname = 'x'"),
        "paw-unknown-key",
        4,
        1,
        "name below [output]",
    ),
    "name-number": (fronted("name = 3"), "paw-key-type", 2, 8, "a number for a string"),
    "labels-mixed": (fronted('labels = ["a", 1]'), "paw-key-type", 2, 10, "a number among the labels"),
    "output-text": (fronted('output = "x"'), "paw-key-type", 2, 10, "a string for the table"),
    "max-tokens-true": (
        fronted("output.max_tokens = true"),
        "paw-key-type",
        2,
        21,
        "a boolean for an integer",
    ),
    "min-confidence-text": (fronted("min_confidence = '1'"), "paw-key-type", 2, 18, "a string for a number"),
    "schema-number": (fronted("[output]\njson_schema = 1"), "paw-key-type", 3, 15, "a number for a schema"),
    "name-two-lines": (fronted('name = "a\\nb"'), "paw-line", 2, 8, "a line end in the name"),
    "name-padded": (fronted("name = ' a'"), "paw-line", 2, 8, "a space before the name"),
    "target-empty": (fronted("target = ''"), "paw-line", 2, 10, "an empty target"),
    "examples-empty-path": (fronted("examples = ['']"), "paw-line", 2, 12, "an empty path"),
    "labels-empty": (fronted("labels = []"), "labels-empty", 2, 10, "no label"),
    "label-tab": (fronted('labels = ["a\\tb"]'), "label-text", 2, 10, "a TAB in a label"),
    "key-unknown-odd": (b'+++\n"a\\n." = 1\n+++\nSay.\n', "paw-unknown-key", 1, 1, "a key with a line feed"),
    "label-blank": (fronted('labels = ["a", ""]'), "label-text", 2, 10, "an empty label"),
    "label-twice": (fronted('labels = ["a", "b", "a"]'), "label-twice", 2, 10, "a label twice"),
    "two-contracts": (
        fronted("labels = ['a']\n[output]\nregex = 'a'"),
        "contracts",
        4,
        9,
        "labels and a regex",
    ),
    "schema-and-regex": (fronted("output = { regex = 'a', json_schema = '{}' }"), "contracts", 2, 20, "both"),
    "schema-syntax": (fronted("[output]\njson_schema = '{'"), "schema", 3, 15, "half an object"),
    "schema-array": (fronted("[output]\njson_schema = '[]'"), "schema", 3, 15, "an array for an object"),
    "schema-doubled": (
        fronted("""[output]\njson_schema = '{"a":1,"a":1}'"""),
        "schema",
        3,
        15,
        "a key twice",
    ),
    "schema-nan": (fronted("output.json_schema = { minimum = nan }"), "schema", 2, 22, "NaN in a table"),
    "schema-date": (fronted("output.json_schema = { const = 2021-05-03 }"), "schema", 2, 22, "a date"),
    "schema-deep": (
        fronted(f"output.json_schema = '{{\"a\": {'[' * 64}{']' * 64}}}'"),
        "schema",
        2,
        22,
        "65 levels",
    ),
    "regex-empty": (fronted("output.regex = ''"), "regex-empty", 2, 16, "an empty regex"),
    "max-tokens-zero": (fronted("[output]\nmax_tokens = 0"), "max-tokens", 3, 14, "0 tokens"),
    "max-tokens-huge": (fronted("[output]\nmax_tokens = 1048577"), "max-tokens", 3, 14, "one more than 2^20"),
    "overflow": (fronted("overflow = 'cut'"), "overflow", 2, 12, "an unknown policy"),
    "min-confidence-zero": (fronted("min_confidence = 0"), "min-confidence", 2, 18, "0 is not above 0"),
    "min-confidence-nan": (fronted("min_confidence = nan"), "min-confidence", 2, 18, "NaN"),
    "min-confidence-percent": (fronted("min_confidence = 90"), "min-confidence", 2, 18, "above 1"),
    "abstain-alone": (fronted("abstain = '?'"), "abstain-alone", 2, 11, "no min_confidence"),
    "abstain-lines": (fronted('min_confidence = 1\nabstain = "a\\n"'), "abstain-text", 3, 11, "a line end"),
    "include-csv": (fronted("examples = 'pairs.csv'"), "paw-include-type", 2, 12, "neither .tsv nor .jsonl"),
    "include-missing": (fronted("examples = 'none.tsv'"), "paw-include-unreadable", 2, 12, "no such file"),
    "include-refused": (fronted("examples = 'pairs.tsv'"), "paw-include-refused", 2, 12, "no include reader"),
    "include-one-column": (fronted("examples = 'one-column.tsv'"), "paw-tsv-row", 2, 1, "a row without TAB"),
    "include-broken": (fronted("examples = 'broken.jsonl'"), "paw-jsonl-row", 1, 26, "broken JSON"),
    "include-number": (
        fronted("examples = 'number.jsonl'"),
        "paw-jsonl-row",
        1,
        1,
        "an output that is no string",
    ),
    "include-nul": (fronted("examples = 'nul.jsonl'"), "paw-jsonl-row", 1, 1, "a NUL, escaped"),
    "include-latin-1": (
        fronted("examples = 'latin1.tsv'"),
        "text-encoding",
        2,
        3,
        "byte 0xe9 in the included file",
    ),
    "input-alone": (
        b"Say.\nInput: a\n\nInput: b\nOutput: c\n",
        "paw-input-without-output",
        2,
        1,
        "two inputs",
    ),
    "input-last": (b"Say.\nInput: a\n", "paw-input-without-output", 2, 1, "the file ends after an input"),
    "input-before-tests": (
        b"Say.\nInput: a\n+++ tests\n",
        "paw-input-without-output",
        2,
        1,
        "tests after an input",
    ),
    "output-alone": (b"Say.\nOutput: a\n", "paw-output-without-input", 2, 1, "no input"),
    "output-twice": (
        b"Say.\nInput: a\nOutput: b\nOutput: c\n",
        "paw-output-without-input",
        4,
        1,
        "two outputs",
    ),
    "tests-twice": (b"Say.\n+++ tests\n+++ tests\n", "paw-tests-twice", 3, 1, "a second tests line"),
    "tests-prose": (b"Say.\n+++ tests\n\nHello.\n", "paw-tests-text", 4, 1, "prose among the tests"),
}


def small_adapter(rank: int = 32, architecture: str = "qwen3") -> Adapter:
    rng = np.random.default_rng(3)

    def normal(*shape: int) -> Any:
        return rng.standard_normal(shape).astype(np.float32)

    modules = {f"blk.{layer}.attn_q": (normal(rank, 32), normal(8, rank)) for layer in range(2)}
    return Adapter("nano", architecture, rank, 32.0, modules)


def small_program(**changes: Any) -> Program:
    spec = paw.parse(TRIAGE, "triage.paw")
    made = Program(
        name="triage",
        version=None,
        target="nano",
        compiler=None,
        base=BaseRef("nano", "qwen3", "5e" * 32, 12_345_678, 1024),
        prompt=Prompt("<|program|>", "<|input|>", "<|output|>"),
        pseudo_program=PseudoProgram("Task: Classify log lines.\nAnswers: ALERT | QUIET\n", paw.digest(spec)),
        contract=spec.contract,
        options=Options(),
        adapter=None,
        toolchain="0.1.0",
    )
    return replace(made, **changes)


def full_program(quant: str = "q4_0") -> Program:
    spec = paw.parse(TRIAGE, "triage.paw")
    return small_program(
        version="1.2",
        compiler="nano-2026-11-25",
        options=Options(overflow="tail", min_confidence=0.05, abstain="?"),
        adapter=adapter.to_gguf(small_adapter(), quant),
        tests=spec.tests,
        source=paw.dump(spec),
    )


def head_program(**changes: Any) -> Program:
    """For an encoder of four dimensions."""
    rows = np.array([[1, 0, -0.5, 0.25, 0], [0, 2, 0.5, -0.25, -1]], np.float32)
    base = BaseRef("mini", "bert", "6f" * 32, 23_456_789, 512)
    made = small_program(
        target="mini",
        compiler="mini-1",
        base=base,
        prompt=Prompt("[CLS]", "", "[SEP]"),
        head=head.dump(rows),
    )
    return replace(made, **changes)


def joint_program(**changes: Any) -> Program:
    """The same, whose doubts are settled by joint reading."""
    texts = ("ALERT: someone must act", "QUIET: routine, café 🦎")
    lora = adapter.to_gguf(small_adapter(architecture="bert"), "q4_0")
    made = head_program(adapter=lora, joint=Joint(texts, 96, 48, 14.25, 0.6, 0.6667))
    return replace(made, **changes)


VALID_PAWBIN: dict[str, tuple[Callable[[], Program], bool]] = {
    "smallest": (small_program, False),
    "shebang": (small_program, True),
    "full": (full_program, False),
    "full-shebang": (full_program, True),
    "adapter-f32": (lambda: full_program("f32"), False),
    "adapter-f16": (lambda: full_program("f16"), False),
    "adapter-q8_0": (lambda: full_program("q8_0"), False),
    "free": (lambda: small_program(contract=Contract(max_tokens=1)), False),
    "regex": (lambda: small_program(contract=Contract("regex", regex=r"\d{4}")), False),
    "schema": (lambda: small_program(contract=Contract("json_schema", json_schema='{"z":1,"a":"é"}')), False),
    "unicode": (lambda: small_program(name="café 🦎", tests=(Example("", 'a\n"\\\t\x7f\u2028'),)), False),
    "label-head": (head_program, False),
    "joint": (joint_program, True),
    "joint-refined": (lambda: joint_program(refinement=Refinement(2)), False),
    "refined": (lambda: replace(head_program(), refinement=Refinement(2)), False),
    "refined-data": (lambda: small_program(refinement=Refinement(3, "5e" * 32)), False),
    "confidence-tiny": (lambda: small_program(options=Options(min_confidence=5e-05)), False),
    "confidence-one": (lambda: small_program(options=Options(min_confidence=1.0, abstain="")), False),
}


def zstd(plain: bytes, **options: Any) -> bytes:
    return zstandard.ZstdCompressor(level=19, **options).compress(plain)


class Archive:
    """An archive in parts, so that one of them can be wrong."""

    def __init__(self, program: Program) -> None:
        self.manifest: dict[str, Any] = write_manifest(program)
        plain = {"pseudo-program": program.pseudo_program.text.encode()}
        plain |= {"source": program.source.encode()} if program.source else {}
        plain |= {"tests": write_tests(program.tests)} if program.tests else {}
        self.sections = [self.section(kind, text, zstd(text)) for kind, text in plain.items()]
        if program.adapter:
            self.sections.append(self.section("adapter", program.adapter, program.adapter, "stored"))
        if program.head is not None:
            self.sections.append(self.section("head", program.head, program.head, "stored"))
        if program.joint is not None:
            said = joint.dump(program.joint)
            self.sections.append(self.section("joint", said, zstd(said)))
        self.magic, self.major, self.minor = pawbin.MAGIC, 1 if program.joint is None else 2, 0
        self.length: int | None = None
        self.digest: bytes | None = None
        self.header: bytes | None = None
        self.padding, self.tail, self.shebang = b"\0", b"", b""

    @staticmethod
    def section(kind: str, plain: bytes, stored: bytes, codec: str = "zstd") -> dict[str, Any]:
        """A section's entry, and its bytes under `stored`."""
        digest = hashlib.sha256(stored).hexdigest()
        entry = {
            "kind": kind,
            "codec": codec,
            "size": len(stored),
            "plain_size": len(plain),
            "sha256": digest,
        }
        return entry | {"stored": stored}

    def repack(self, index: int, plain: bytes, stored: bytes | None = None) -> None:
        old = self.sections[index]
        data = stored if stored is not None else plain if old["codec"] == "stored" else zstd(plain)
        self.sections[index] = self.section(old["kind"], plain, data, old["codec"])

    def set(self, path: str, value: object) -> None:
        *tables, key = path.split(".")
        table = self.manifest
        for name in tables:
            table = table[name]
        table[key] = value

    def bytes(self) -> bytes:
        entries = [{k: v for k, v in section.items() if k != "stored"} for section in self.sections]
        header = self.header
        if header is None:
            header = canonical.dumps({"manifest": self.manifest, "sections": entries}).encode()
        digest = self.digest or hashlib.sha256(header).digest()
        body = (
            self.magic
            + struct.pack("<HHI", self.major, self.minor, self.length or len(header))
            + digest
            + header
        )
        for section in self.sections:
            body += self.padding * (-len(body) % 64) + section["stored"]
        return self.shebang + body + self.tail


#: name: (what is wrong, a program with such a head)
INVALID_HEAD: dict[str, tuple[str, Program]] = {
    "short": ("one float for two labels", head_program(head=bytes(4))),
    "biases-alone": ("no weights", head_program(head=bytes(8))),
    "rows": ("three rows for two labels", head_program(head=bytes(4 * 3 * 5))),
    "bytes": ("not whole floats", head_program(head=bytes(41))),
    "nan": ("not a number", head_program(head=bytes(36) + struct.pack("<f", float("nan")))),
    "free": ("no labels", head_program(contract=Contract(max_tokens=1))),
}


def joint_values(change: Callable[[dict[str, Any]], object]) -> Archive:
    """The program with a joint section, whose values are changed and then written in canonical form."""
    archive = Archive(joint_program())
    values = json.loads(joint.dump(joint_program().joint or Joint((), 0, 0, 0.0, 0.0, 0.0)))
    change(values)
    archive.repack(-1, canonical.dumps(values).encode())
    return archive


def joint_text(change: Callable[[bytes], bytes]) -> Archive:
    """The same with its text changed."""
    archive = Archive(joint_program())
    archive.repack(-1, change(joint.dump(joint_program().joint or Joint((), 0, 0, 0.0, 0.0, 0.0))))
    return archive


#: name: (error kind, what is wrong, the archive)
INVALID_JOINT: dict[str, tuple[str, str, Archive]] = {
    "json": ("pawbin-joint", "a bracket is missing", joint_text(lambda text: text[:-1])),
    "space": ("pawbin-joint", "a space", joint_text(lambda text: text.replace(b":", b": ", 1))),
    "utf-8": ("pawbin-section-text", "a byte of Latin-1", joint_text(lambda text: text[:-9] + b"\xe4")),
    "array": ("pawbin-joint", "an array", joint_text(lambda text: b"[]")),
    "key": ("pawbin-joint", "a key too many", joint_values(lambda v: v.update(more=1))),
    "key-missing": ("pawbin-joint", "no scale", joint_values(lambda v: v.pop("scale"))),
    "number": ("pawbin-joint", "a weight of 0", joint_values(lambda v: v.update(weight=0.0))),
    "integer": ("pawbin-joint", "a scale without a fraction", joint_values(lambda v: v.update(scale=14))),
    "tokens": ("pawbin-joint", "no token of a record", joint_values(lambda v: v.update(record=0))),
    "texts": ("pawbin-joint", "one text for two labels", joint_values(lambda v: v["texts"].pop())),
    "text-empty": ("pawbin-joint", "an empty text", joint_values(lambda v: v.update(texts=["", "x"]))),
    "text-type": ("pawbin-joint", "a number as text", joint_values(lambda v: v.update(texts=["x", 1]))),
    "alone": ("pawbin-joint", "no label head", Archive(joint_program(head=None))),
    "no-adapter": ("pawbin-joint", "no adapter", Archive(joint_program(adapter=None))),
}

#: name: (error kind, what is wrong, damage done to the full program's parts or bytes)
Damage = Callable[[Archive], bytes | None]


def manifest(path: str, value: object) -> Damage:
    return lambda archive: archive.set(path, value)


def part(name: str, value: object) -> Damage:
    return lambda archive: setattr(archive, name, value)


def entry(index: int, key: str, value: object) -> Damage:
    return lambda archive: archive.sections[index].__setitem__(key, value)


def without(table: str, key: str) -> Damage:
    def damage(archive: Archive) -> None:
        del (archive.manifest[table] if table else archive.manifest)[key]

    return damage


def text_section(index: int, plain: bytes, stored: bytes | None = None) -> Damage:
    return lambda archive: archive.repack(index, plain, stored)


def header_text(change: Callable[[bytes], bytes]) -> Damage:
    def damage(archive: Archive) -> None:
        entries = [{k: v for k, v in section.items() if k != "stored"} for section in archive.sections]
        header = canonical.dumps({"manifest": archive.manifest, "sections": entries}).encode()
        archive.header = change(header)

    return damage


def both(first: Damage, second: Damage) -> Damage:
    def damage(archive: Archive) -> None:
        first(archive)
        second(archive)

    return damage


def swap(archive: Archive) -> None:
    archive.sections[1:3] = archive.sections[2:0:-1]


def double(archive: Archive) -> None:
    archive.sections.insert(0, dict(archive.sections[0]))


PLAIN = b"Task: Classify.\n"

INVALID_PAWBIN: dict[str, tuple[str, str, Damage]] = {
    "empty": ("pawbin-magic", "no bytes at all", lambda a: b""),
    "zip": ("pawbin-magic", "another archive", lambda a: b"PK\x03\x04" + bytes(60)),
    "magic-cut": ("pawbin-magic", "seven bytes", lambda a: a.bytes()[:7]),
    "text-mode-unix": ("pawbin-text-mode", "CRLF became LF", lambda a: a.bytes().replace(b"\r\n", b"\n")),
    "text-mode-dos": ("pawbin-text-mode", "LF became CRLF", lambda a: a.bytes().replace(b"\n", b"\r\n")),
    "seven-bits": ("pawbin-text-mode", "high bits cut off", lambda a: bytes(b & 127 for b in a.bytes())),
    "shebang-other": ("pawbin-shebang", "another interpreter", part("shebang", b"#!/usr/bin/pawrun\n")),
    "shebang-twice": ("pawbin-magic", "two shebang lines", part("shebang", 2 * pawbin.SHEBANG)),
    "major-0": ("pawbin-major", "major version 0", part("major", 0)),
    "major-2": ("pawbin-version", "major version 2 without a joint section", part("major", 2)),
    "major-3": ("pawbin-major", "major version 3", part("major", 3)),
    "fixed-part-cut": ("pawbin-truncated", "the file ends before the header", lambda a: a.bytes()[:47]),
    "header-cut": ("pawbin-truncated", "the file ends in the header", lambda a: a.bytes()[:300]),
    "header-length-over": ("pawbin-header-size", "4 GiB of header", part("length", 0xFFFFFFFF)),
    "header-length-limit": ("pawbin-header-size", "one byte above 1 MiB", part("length", (1 << 20) + 1)),
    "header-length-long": (
        "pawbin-header-digest",
        "the length says 5 bytes, the digest more",
        part("length", 5),
    ),
    "header-digest": ("pawbin-header-digest", "a digest of zeros", part("digest", bytes(31) + b"\1")),
    "header-utf-8": (
        "pawbin-header-json",
        "not UTF-8",
        header_text(lambda h: h.replace(b"triage", b"tri\xe4ge")),
    ),
    "header-syntax": ("pawbin-header-json", "a bracket is missing", header_text(lambda h: h[:-1])),
    "header-nan": ("pawbin-header-json", "NaN", header_text(lambda h: h.replace(b"0.05", b"NaN"))),
    "header-doubled": (
        "pawbin-header-json",
        "a key twice",
        header_text(lambda h: b'{"sections":[],' + h[1:]),
    ),
    "header-deep": ("pawbin-header-json", "10000 brackets", header_text(lambda h: b"[" * 10_000)),
    "header-surrogate": (
        "pawbin-header-json",
        "half of a pair, escaped",
        header_text(lambda h: h.replace(b"triage", b"\\ud800")),
    ),
    "header-bigint": (
        "pawbin-header-json",
        "2^63",
        header_text(lambda h: h.replace(b"12345678", b"9223372036854775808")),
    ),
    "header-space": ("pawbin-header-canonical", "a space", header_text(lambda h: h.replace(b":", b": ", 1))),
    "header-escape": (
        "pawbin-header-canonical",
        "a needless escape",
        header_text(lambda h: h.replace(b"tri", b"\\u0074ri")),
    ),
    "header-number": (
        "pawbin-header-canonical",
        "0.050",
        header_text(lambda h: h.replace(b"0.05", b"0.050")),
    ),
    "header-order": (
        "pawbin-header-canonical",
        "keys out of order",
        header_text(
            lambda h: json.dumps(dict(reversed(json.loads(h).items())), separators=(",", ":")).encode()
        ),
    ),
    "header-array": ("pawbin-header-keys", "an array", header_text(lambda h: b"[]")),
    "header-third-key": ("pawbin-header-keys", "a third key", header_text(lambda h: b'{"a":1,' + h[1:])),
    "header-sections-object": (
        "pawbin-header-keys",
        "sections is an object",
        header_text(lambda h: b'{"manifest":{},"sections":{}}'),
    ),
    "section-key-missing": (
        "pawbin-section-keys",
        "no plain_size",
        lambda a: a.sections[0].__delitem__("plain_size"),
    ),
    "section-key-unknown": ("pawbin-section-keys", "a key offset", entry(0, "offset", 64)),
    "section-digest-number": ("pawbin-section-keys", "a number for a digest", entry(0, "sha256", 1)),
    "section-kind": ("pawbin-section-kind", "a section icon", entry(1, "kind", "icon")),
    "section-codec": ("pawbin-section-codec", "a stored text", entry(0, "codec", "stored")),
    "section-codec-unknown": ("pawbin-section-codec", "brotli", entry(0, "codec", "br")),
    "section-size-zero": ("pawbin-section-size", "size 0", entry(0, "size", 0)),
    "section-size-negative": ("pawbin-section-size", "size -1", entry(0, "size", -1)),
    "section-size-huge": (
        "pawbin-section-size",
        "a text of more than 16 MiB",
        entry(0, "plain_size", (16 << 20) + 1),
    ),
    "section-size-true": ("pawbin-section-size", "true for a size", entry(0, "size", True)),
    "section-size-float": ("pawbin-section-size", "a fraction for a size", entry(0, "size", 80.0)),
    "section-size-stored": (
        "pawbin-section-size",
        "a stored section with two sizes",
        entry(3, "plain_size", 5),
    ),
    "section-size-beyond": (
        "pawbin-truncated",
        "200 MB of adapter declared",
        both(entry(3, "size", 200_000_000), entry(3, "plain_size", 200_000_000)),
    ),
    "section-order": ("pawbin-section-order", "tests before source", swap),
    "section-twice": ("pawbin-section-order", "two pseudo-programs", double),
    "section-missing": ("pawbin-section-missing", "no pseudo-program", lambda a: a.sections.__delitem__(0)),
    "sections-none": ("pawbin-section-missing", "no section", lambda a: a.sections.clear()),
    "section-digest": ("pawbin-section-digest", "a digest of another section", entry(0, "sha256", "00" * 32)),
    "section-digest-upper": (
        "pawbin-section-digest",
        "a digest in capitals",
        lambda a: a.sections[0].__setitem__("sha256", a.sections[0]["sha256"].upper()),
    ),
    "section-flipped": (
        "pawbin-section-digest",
        "the last bit flipped",
        lambda a: a.bytes()[:-1] + bytes([a.bytes()[-1] ^ 1]),
    ),
    "padding": ("pawbin-padding", "spaces for zeros", part("padding", b" ")),
    "file-cut": ("pawbin-truncated", "the last byte is missing", lambda a: a.bytes()[:-1]),
    "trailing-zero": ("pawbin-trailing", "a zero after the end", part("tail", b"\0")),
    "trailing-line": ("pawbin-trailing", "a line end after the end", part("tail", b"\n")),
    "zstd-garbage": ("pawbin-zstd", "no frame", text_section(0, PLAIN, b"not a frame at all")),
    "zstd-cut": ("pawbin-zstd", "half a frame", text_section(0, PLAIN, zstd(PLAIN)[:-4])),
    "zstd-two-frames": ("pawbin-zstd", "a second frame", text_section(0, PLAIN, zstd(PLAIN) + zstd(b"more"))),
    "zstd-skippable": (
        "pawbin-zstd",
        "a skippable frame behind",
        text_section(0, PLAIN, zstd(PLAIN) + b"\x50\x2a\x4d\x18\0\0\0\0"),
    ),
    "zstd-no-size": (
        "pawbin-plain-size",
        "a frame that doesn't state its size",
        text_section(0, PLAIN, zstd(PLAIN, write_content_size=False)),
    ),
    "zstd-checksum": (
        "pawbin-zstd-options",
        "a frame with a checksum",
        text_section(0, PLAIN, zstd(PLAIN, write_checksum=True)),
    ),
    "plain-size-less": (
        "pawbin-plain-size",
        "a frame of more than declared",
        text_section(0, PLAIN, zstd(PLAIN + b"more")),
    ),
    "zstd-bomb": (
        "pawbin-plain-size",
        "64 MiB of zeros declared as 16 bytes",
        text_section(0, PLAIN, zstd(bytes(64 << 20))),
    ),
    "pseudo-program-latin-1": ("pawbin-section-text", "byte 0xe4", text_section(0, b"T\xe4sk")),
    "source-utf-8-cut": ("pawbin-section-text", "half a character", text_section(1, "é".encode()[:1])),
    "tests-syntax": ("pawbin-tests", "no JSON", text_section(2, b"[")),
    "tests-empty": ("pawbin-tests", "no tests", text_section(2, b"[]")),
    "tests-object": ("pawbin-tests", "an object", text_section(2, b'{"input":"a","output":"b"}')),
    "tests-extra-key": (
        "pawbin-tests",
        "a third key",
        text_section(2, b'[{"id":1,"input":"a","output":"b"}]'),
    ),
    "tests-number": (
        "pawbin-tests",
        "an output that is no string",
        text_section(2, b'[{"input":"a","output":1}]'),
    ),
    "tests-space": ("pawbin-tests", "a space", text_section(2, b'[{"input":"a", "output":"b"}]')),
    "manifest-missing": ("pawbin-manifest-keys", "no toolchain", without("", "toolchain")),
    "manifest-unknown": ("pawbin-manifest-keys", "a key author", manifest("author", "me")),
    "base-missing": ("pawbin-manifest-keys", "no base.context", without("base", "context")),
    "options-unknown": ("pawbin-manifest-keys", "options.target", manifest("options.target", "nano")),
    "name-null": ("pawbin-manifest-type", "null for a name", manifest("name", None)),
    "base-array": ("pawbin-manifest-type", "an array for the base", manifest("base", [])),
    "context-true": ("pawbin-manifest-type", "true for a number", manifest("base.context", True)),
    "confidence-integer": ("pawbin-manifest-type", "1 for 1.0", manifest("options.min_confidence", 1)),
    "labels-number": (
        "pawbin-manifest-type",
        "a number among the labels",
        manifest("contract.labels", ["a", 1]),
    ),
    "name-two-lines": ("pawbin-manifest-value", "a line end in the name", manifest("name", "a\nb")),
    "name-empty": ("pawbin-manifest-value", "an empty name", manifest("name", "")),
    "compiler-empty": ("pawbin-manifest-value", "an empty compiler", manifest("compiler", "")),
    "digest-capitals": ("pawbin-manifest-value", "a digest in capitals", manifest("base.sha256", "5E" * 32)),
    "digest-short": ("pawbin-manifest-value", "63 digits", manifest("spec_digest", "0" * 63)),
    "size-zero": ("pawbin-manifest-value", "a base of no bytes", manifest("base.size", 0)),
    "metadata-early": ("pawbin-metadata", "metadata in version 1.0", manifest("metadata", {"a": "b"})),
    "metadata-late": ("pawbin-metadata", "no metadata in version 1.1", part("minor", 1)),
    "metadata-unknown": (
        "pawbin-metadata",
        "an unknown key in version 1.1",
        both(part("minor", 1), manifest("metadata", {"level": "2", "a": "b"})),
    ),
    "metadata-level": (
        "pawbin-metadata",
        "level 1",
        both(part("minor", 1), manifest("metadata", {"level": "1"})),
    ),
    "metadata-data": (
        "pawbin-metadata",
        "a digest that is none",
        both(part("minor", 1), manifest("metadata", {"level": "2", "data": "5e"})),
    ),
    "metadata-number": (
        "pawbin-metadata",
        "a number in a later minor version",
        both(part("minor", 2), manifest("metadata", {"a": 1})),
    ),
    "contract-kind": ("contract-kind", "an unknown kind", manifest("contract.kind", "choice")),
    "contract-other-field": ("contracts", "labels of a free contract", manifest("contract.kind", "free")),
    "contract-two-fields": ("contracts", "labels and a regex", manifest("contract.regex", "a")),
    "contract-no-labels": (
        "labels-empty",
        "a label contract without labels",
        manifest("contract.labels", []),
    ),
    "contract-label-twice": ("label-twice", "a label twice", manifest("contract.labels", ["a", "a"])),
    "contract-label-text": ("label-text", "a TAB in a label", manifest("contract.labels", ["a\tb"])),
    "contract-schema": (
        "schema",
        "a schema with spaces",
        manifest(
            "contract",
            {"json_schema": '{"a": 1}', "kind": "json_schema", "labels": [], "max_tokens": 9, "regex": None},
        ),
    ),
    "contract-regex": (
        "regex-empty",
        "an empty regex",
        manifest(
            "contract", {"json_schema": None, "kind": "regex", "labels": [], "max_tokens": 9, "regex": ""}
        ),
    ),
    "contract-max-tokens": ("max-tokens", "0 tokens", manifest("contract.max_tokens", 0)),
    "options-overflow": ("overflow", "an unknown policy", manifest("options.overflow", "cut")),
    "options-confidence": ("min-confidence", "above 1", manifest("options.min_confidence", 1.5)),
    "options-abstain-alone": ("abstain-alone", "no min_confidence", manifest("options.min_confidence", None)),
    "options-abstain-text": ("abstain-text", "a line end", manifest("options.abstain", "a\n")),
}


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


class Gguf:
    """An adapter in parts, so that one of them can be wrong."""

    def __init__(self) -> None:
        self.magic, self.version = b"GGUF", 3
        self.tensor_count: int | None = None
        self.key_count: int | None = None
        self.keys: dict[str, bytes] = {
            "general.architecture": struct.pack("<I", 8) + text("qwen3"),
            "general.type": struct.pack("<I", 8) + text("adapter"),
            "adapter.type": struct.pack("<I", 8) + text("lora"),
            "adapter.lora.alpha": struct.pack("<If", 6, 32.0),
        }
        self.extra_keys = b""
        # name, dimensions, columns, rows, type, offset, bytes
        self.tensors: list[list[Any]] = [
            ["blk.0.attn_q.weight.lora_a", 2, 4, 2, 0, 0, bytes(range(32))],
            ["blk.0.attn_q.weight.lora_b", 2, 2, 4, 0, 32, bytes(32)],
        ]
        self.padding, self.tail = b"\0", b""

    def bytes(self) -> bytes:
        tensor_count = len(self.tensors) if self.tensor_count is None else self.tensor_count
        key_count = len(self.keys) + bool(self.extra_keys) if self.key_count is None else self.key_count
        made = self.magic + struct.pack("<IQQ", self.version, tensor_count, key_count)
        made += b"".join(text(key) + value for key, value in self.keys.items()) + self.extra_keys
        for name, *numbers, _ in self.tensors:
            made += text(name) + struct.pack("<IQQIQ", *numbers)
        made += self.padding * (-len(made) % 32)
        for *_, data in self.tensors:
            made += data + self.padding * (-len(data) % 32)
        return made + self.tail


GgufDamage = Callable[[Gguf], bytes | None]


def gguf_part(name: str, value: object) -> GgufDamage:
    return lambda gguf: setattr(gguf, name, value)


def gguf_key(key: str, value: bytes) -> GgufDamage:
    return lambda gguf: gguf.keys.__setitem__(key, value)


def tensor(index: int, field: int, value: object) -> GgufDamage:
    return lambda gguf: gguf.tensors[index].__setitem__(field, value)


def without_key(key: str) -> GgufDamage:
    return lambda gguf: gguf.keys.__delitem__(key)


def third_tensor(*values: object) -> GgufDamage:
    return lambda gguf: gguf.tensors.append([*values])


def transposed(gguf: Gguf) -> None:
    gguf.tensors[1][2:4] = [4, 2]


def other_rank(gguf: Gguf) -> None:
    gguf.tensors.append(["blk.1.attn_q.weight.lora_a", 2, 4, 1, 0, 64, bytes(16)])
    gguf.tensors.append(["blk.1.attn_q.weight.lora_b", 2, 1, 4, 0, 96, bytes(16)])


INVALID_ADAPTER: dict[str, tuple[str, str, GgufDamage]] = {
    "magic": ("adapter-magic", "another magic", gguf_part("magic", b"GGML")),
    "version": ("adapter-version", "GGUF version 2", gguf_part("version", 2)),
    "big-endian": ("adapter-version", "a big-endian GGUF", gguf_part("version", 3 << 24)),
    "cut-header": ("adapter-truncated", "it ends in the metadata", lambda g: g.bytes()[:60]),
    "cut-padding": ("adapter-truncated", "it ends in the padding before the data", lambda g: g.bytes()[:-65]),
    "cut-data": ("adapter-truncated", "it ends in a tensor", lambda g: g.bytes()[:-1]),
    "count-tensors": ("adapter-count", "2^60 tensors", gguf_part("tensor_count", 1 << 60)),
    "count-none": ("adapter-count", "no tensors", gguf_part("tensor_count", 0)),
    "count-keys": ("adapter-count", "2^60 keys", gguf_part("key_count", 1 << 60)),
    "string-long": (
        "adapter-string",
        "a string of 2^62 bytes",
        gguf_key("a", struct.pack("<IQ", 8, 1 << 62)),
    ),
    "string-utf-8": ("adapter-string", "not UTF-8", gguf_key("a", struct.pack("<IQ", 8, 1) + b"\xff")),
    "key-array": ("adapter-key-type", "an array", gguf_key("a", struct.pack("<IIQ", 9, 4, 0))),
    "key-type": ("adapter-key-type", "type 99", gguf_key("a", struct.pack("<I", 99))),
    "key-twice": (
        "adapter-key-twice",
        "two alphas",
        gguf_part("extra_keys", text("adapter.lora.alpha") + struct.pack("<If", 6, 1.0)),
    ),
    "type-model": ("adapter-type", "a model", gguf_key("general.type", struct.pack("<I", 8) + text("model"))),
    "type-other": ("adapter-type", "no LoRA", gguf_key("adapter.type", struct.pack("<I", 8) + text("dora"))),
    "architecture": ("adapter-architecture", "none", without_key("general.architecture")),
    "architecture-number": (
        "adapter-architecture",
        "a number",
        gguf_key("general.architecture", struct.pack("<II", 4, 1)),
    ),
    "alpha-missing": ("adapter-alpha", "none", without_key("adapter.lora.alpha")),
    "alpha-zero": ("adapter-alpha", "0", gguf_key("adapter.lora.alpha", struct.pack("<If", 6, 0.0))),
    "alpha-nan": (
        "adapter-alpha",
        "NaN",
        gguf_key("adapter.lora.alpha", struct.pack("<If", 6, float("nan"))),
    ),
    "alpha-integer": (
        "adapter-alpha",
        "an integer",
        gguf_key("adapter.lora.alpha", struct.pack("<II", 4, 32)),
    ),
    "alignment": ("adapter-alignment", "64", gguf_key("general.alignment", struct.pack("<II", 4, 64))),
    "tensor-name": ("adapter-tensor-name", "a tensor of a model", tensor(0, 0, "blk.0.attn_q.weight")),
    "tensor-name-bare": ("adapter-tensor-name", "no module", tensor(0, 0, ".weight.lora_a")),
    "tensor-dimensions": ("adapter-tensor-shape", "one dimension", tensor(0, 1, 1)),
    "tensor-empty": ("adapter-tensor-shape", "no rows", tensor(0, 3, 0)),
    "tensor-huge": ("adapter-tensor-shape", "2^64 - 2^32 values", tensor(0, 2, (1 << 63) - (1 << 31))),
    "tensor-block": ("adapter-tensor-shape", "rows of 4 values in blocks of 32", tensor(0, 4, 8)),
    "tensor-type": ("adapter-tensor-type", "BF16", tensor(0, 4, 30)),
    "tensor-twice": (
        "adapter-tensor-twice",
        "one tensor twice",
        third_tensor("blk.0.attn_q.weight.lora_b", 2, 2, 4, 0, 64, bytes(32)),
    ),
    "layout-gap": ("adapter-layout", "a gap between tensors", tensor(1, 5, 64)),
    "layout-overlap": ("adapter-layout", "two tensors in one place", tensor(1, 5, 0)),
    "padding": ("adapter-padding", "spaces for zeros", gguf_part("padding", b" ")),
    "trailing": ("adapter-trailing", "32 zeros after the end", gguf_part("tail", bytes(32))),
    "pair-a": ("adapter-pair", "an A without its B", tensor(1, 0, "blk.1.attn_q.weight.lora_b")),
    "pair-b": (
        "adapter-pair",
        "a B without its A",
        third_tensor("blk.1.attn_q.weight.lora_b", 2, 2, 4, 0, 64, bytes(32)),
    ),
    "pair-shape": (
        "adapter-pair",
        "B has the shape of A",
        transposed,
    ),
    "rank": ("adapter-rank", "two ranks", other_rank),
}


def write_paw() -> None:
    folder = VECTORS / "paw"
    for name, data in INCLUDES.items():
        write(folder / "includes" / name, data)
    for name, data in VALID_PAW.items():
        write(folder / "valid" / f"{name}.paw", data)
        spec = paw.parse(data, name, lambda path: INCLUDES[path])
        write(folder / "valid" / f"{name}.normal", paw.dump(spec).encode())
    for name, (data, kind, line, col, why) in INVALID_PAW.items():
        write(folder / "invalid" / f"{name}.paw", data)
        expected: dict[str, object] = {"kind": kind, "why": why}
        expected |= {"line": line, "col": col} if line else {}
        expected |= {"pad_to": (16 << 20) + 1} if name == "too-large" else {}
        expected |= {"include": False} if name == "include-refused" else {}
        write_expected(folder / "invalid" / f"{name}.json", expected)


def write_pawbin() -> None:
    folder = VECTORS / "pawbin"
    for name, (make, shebang) in VALID_PAWBIN.items():
        data = pawbin.dump(make(), shebang)
        write(folder / "valid" / f"{name}.pawbin", data)
    later = Archive(full_program())
    later.minor = 7
    later.set("metadata", {"signed-by": "a later version"})
    write(folder / "later" / "minor-7.pawbin", later.bytes())
    for name, (kind, why, damage) in INVALID_PAWBIN.items():
        archive = Archive(full_program())
        made = damage(archive)
        write(folder / "invalid" / f"{name}.pawbin", archive.bytes() if made is None else made)
        write_expected(folder / "invalid" / f"{name}.json", {"kind": kind, "why": why})
    other = full_program()
    for name, (kind, why, harm) in INVALID_ADAPTER.items():
        gguf = Gguf()
        harmed = harm(gguf)
        bad = Archive(replace(other, adapter=gguf.bytes() if harmed is None else harmed))
        write(folder / "invalid" / f"adapter-{name}.pawbin", bad.bytes())
        write_expected(folder / "invalid" / f"adapter-{name}.json", {"kind": kind, "why": why})
    for name, (why, program) in INVALID_HEAD.items():
        write(folder / "invalid" / f"head-{name}.pawbin", Archive(program).bytes())
        write_expected(folder / "invalid" / f"head-{name}.json", {"kind": "pawbin-head", "why": why})
    old = Archive(joint_program())
    old.major = 1
    doubts = INVALID_JOINT | {"old": ("pawbin-version", "a joint section in version 1", old)}
    for name, (kind, why, doubt) in doubts.items():
        write(folder / "invalid" / f"joint-{name}.pawbin", doubt.bytes())
        write_expected(folder / "invalid" / f"joint-{name}.json", {"kind": kind, "why": why})
    alien = Archive(replace(other, adapter=adapter.to_gguf(small_adapter(architecture="gpt2"), "f16")))
    write(folder / "invalid" / "adapter-of-another-base.pawbin", alien.bytes())
    expected = {"kind": "pawbin-adapter-base", "why": "an adapter for gpt2, a base of qwen3"}
    write_expected(folder / "invalid" / "adapter-of-another-base.json", expected)


def library(change: Callable[[dict[str, bytes], list[dict[str, Any]]], object] = lambda _, __: None) -> bytes:
    """A library of two programs, its entries and programs changed at will and its header made right again."""
    plain = {"triage": pawbin.dump(full_program()), "wég 2": pawbin.dump(small_program())}
    entries: list[dict[str, Any]] = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in plain.items()
    ]
    changed = change(plain, entries)
    header: object = {"programs": entries} if changed is None else changed
    body = bytearray(pawbin.pack_header(header))
    for data in plain.values():
        body += bytes(-len(body) % 64) + data
    return bytes(body)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def shebang_inside(plain: dict[str, bytes], entries: list[dict[str, Any]]) -> None:
    plain["triage"] = pawbin.SHEBANG + plain["triage"]
    entries[0] |= {
        "size": len(plain["triage"]),
        "sha256": hashlib.sha256(plain["triage"]).hexdigest(),
    }


def after_header() -> int:
    """The first byte of padding in `library()`."""
    return pawbin.unpack_header(library()).end


def library_of_version(major: int) -> bytes:
    data = bytearray(library())
    data[8] = major
    return bytes(data)


INVALID_LIBRARIES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "empty": (
        "pawbin-library-keys",
        "no program",
        lambda: library(lambda p, _: p.clear() or {"programs": []}),
    ),
    "version-2": ("pawbin-version", "major version 2", lambda: library_of_version(2)),
    "no-array": (
        "pawbin-library-keys",
        "programs is an object",
        lambda: library(lambda *_: {"programs": {}}),
    ),
    "more-keys": (
        "pawbin-library-keys",
        "a key beside programs",
        lambda: library(lambda _, entries: {"programs": entries, "title": "x"}),
    ),
    "a-program": ("pawbin-library-keys", "one program", lambda: pawbin.dump(small_program())),
    "entry-keys": (
        "pawbin-library-keys",
        "an entry without sha256",
        lambda: library(lambda _, e: e[0].pop("sha256") and None),
    ),
    "digest-type": (
        "pawbin-library-keys",
        "sha256 is a number",
        lambda: library(lambda _, e: e[0].update(sha256=1)),
    ),
    "name-empty": (
        "pawbin-library-name",
        "an empty name",
        lambda: library(lambda _, e: e[0].update(name="")),
    ),
    "name-lines": (
        "pawbin-library-name",
        "two lines",
        lambda: library(lambda _, e: e[0].update(name="a\nb")),
    ),
    "name-type": ("pawbin-library-name", "no string", lambda: library(lambda _, e: e[0].update(name=None))),
    "size-zero": ("pawbin-library-size", "0 bytes", lambda: library(lambda _, e: e[0].update(size=0))),
    "size-true": (
        "pawbin-library-size",
        "true is no size",
        lambda: library(lambda _, e: e[0].update(size=True)),
    ),
    "size-huge": (
        "pawbin-library-size",
        "above the limit",
        lambda: library(lambda _, e: e[0].update(size=(512 << 20) + 1)),
    ),
    "order": ("pawbin-library-order", "not by name", lambda: library(lambda _, e: e.reverse())),
    "twice": (
        "pawbin-library-order",
        "one name twice",
        lambda: library(lambda _, e: e[1].update(name="triage")),
    ),
    "truncated": ("pawbin-library-truncated", "the last byte is missing", lambda: library()[:-1]),
    "padding": ("pawbin-library-padding", "a one in the padding", lambda: flipped(library(), after_header())),
    "inner-shebang": ("pawbin-library-program", "a program with a shebang", lambda: library(shebang_inside)),
    "digest": (
        "pawbin-library-digest",
        "the last byte is another",
        lambda: flipped(library(), -1 % len(library())),
    ),
    "trailing": ("pawbin-library-trailing", "a byte more", lambda: library() + b"\0"),
    "shebang": ("pawbin-library-shebang", "a shebang", lambda: pawbin.SHEBANG + library()),
    "major": ("pawbin-major", "major version 3", lambda: library_of_version(3)),
}


def write_pawlib() -> None:
    folder = VECTORS / "pawlib"
    one = {"triage": pawbin.dump(small_program())}
    two = one | {"wég 2": pawbin.dump(head_program()), "Full": pawbin.dump(full_program(), shebang=True)}
    for name, programs in {"one": one, "two": dict([*two.items()][:2]), "three": two}.items():
        write(folder / "valid" / f"{name}.pawbin", pawlib.dump(programs))
    for name, (kind, why, make) in INVALID_LIBRARIES.items():
        write(folder / "invalid" / f"{name}.pawbin", make())
        write_expected(folder / "invalid" / f"{name}.json", {"kind": kind, "why": why})


def write_expected(path: Path, expected: dict[str, object]) -> None:
    write(path, (json.dumps(expected, ensure_ascii=False) + "\n").encode())


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    shutil.rmtree(VECTORS, ignore_errors=True)
    write_paw()
    write_pawbin()
    write_pawlib()
