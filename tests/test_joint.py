"""Joint reading: a record that leaves a label head in doubt is read again, with the texts of all labels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shell
import tiny
import torch
from pawformats import adapter, head, paw, pawbin
from pawformats.errors import PawError
from pawformats.values import FloatArray, Joint, Program
from shell import Shell
from test_label_target import RECORDS, TRIAGE, words

from pawc import refine
from pawc.definitions import label_texts
from pawrun.encoder import EncoderSession

LABELS = ("ALERT", "QUIET", "?")
MANY = f"+++\nlabels = {json.dumps([f'k{n}' for n in range(17)])}\n+++\nSay which of the kinds it is.\n"


@pytest.fixture
def tool(tmp_path: Path, joint_target: Path) -> Shell:
    return Shell(tmp_path, joint_target)


def odds(program: Program, target: Path, *records: str) -> FloatArray:
    """(n, labels): what a program says to each record, one at a time."""
    with EncoderSession(program, target.with_name("mini.gguf"), batch=1) as session:
        return np.array([list(session.distribution(record).values()) for record in records], np.float32)


def test_a_program_says_what_is_read_again(tool: Shell) -> None:
    program = tool.compile("a.paw", TRIAGE)
    made = pawbin.load(program.read_bytes())
    description = paw.parse(TRIAGE.encode(), "a.paw").description
    assert made.joint == Joint(label_texts(description, LABELS), 16, 12, 12.0, 0.6, 0.9)
    assert made.adapter is not None and made.head is not None and made.compiler == "tiny-label-0"
    assert pawbin.describe(program.read_bytes()).version == (2, 0)
    assert tool.compile("b.paw", TRIAGE).read_bytes() != b""
    told = tool("pawrun", "-v", str(program), stdin="error\n")
    assert told.returncode == 0 and "below a probability of 0.9" in told.stderr
    page = tool("pawc", "inspect", str(program))
    assert page.returncode == 0 and "read again" in page.stdout
    facts = json.loads(tool("pawc", "inspect", "--json", str(program)).stdout)
    assert facts["joint"]["record"] == 16 and sum(part["size"] for part in facts["parts"]) == facts["size"]


def test_doubts_are_settled_as_torch_has_it(tmp_path: Path) -> None:
    """Every record's probabilities: F32 weights with the LoRA beside them against torch with it merged; and
    the head alone decides where it is sure."""
    target = tiny.build_joint(tmp_path / "target", "F32")
    program = pawbin.load(Shell(tmp_path, target).compile("a.paw", TRIAGE, "--quant", "f32").read_bytes())
    assert program.joint is not None
    model = tiny.random_label_model().encoder
    with torch.no_grad():
        for name, (a, b) in tiny.random_encoder_lora().modules.items():
            model.get_submodule(name).weight += torch.tensor((b @ a).astype(np.float16).astype(np.float32))

    def ids(text: str, most: int) -> list[int]:
        return words().encode(text, add_special_tokens=False).ids[:most]

    def read(record: str) -> FloatArray:
        parts = [ids(record, 16), *(ids(text, 12) for text in program.joint.texts)]
        sequence, spans = [2], []
        for part in parts:
            spans.append(slice(len(sequence), len(sequence) + len(part)))
            sequence += [*part, 3]
        with torch.no_grad():
            states, _ = model.states(torch.tensor([sequence]), torch.tensor([len(sequence)]))
        means = [torch.nn.functional.normalize(states[0, span].mean(0), dim=0) for span in spans]
        return torch.softmax(80.0 * torch.stack(means[1:]) @ means[0], 0).numpy()

    alone = odds(replace(program, joint=None), target, *RECORDS[:4])
    surest = alone.max(axis=1)
    program = replace(program, joint=replace(program.joint, scale=80.0, below=float(np.median(surest))))
    both = odds(program, target, *RECORDS[:4])
    doubtful = surest < np.median(surest)
    assert doubtful.sum() == 2
    for record, first, found, again in zip(RECORDS, alone, both, doubtful, strict=False):
        wanted = first * read(record) ** np.float32(0.6) if again else first
        assert found == pytest.approx(wanted / wanted.sum(), abs=5e-3), record
    assert np.abs(both - alone)[doubtful].max() > 0.02
    together = EncoderSession(program, target.with_name("mini.gguf"), batch=4)
    with together as session:
        best = [answer.text for answer in session.answer(RECORDS[:4])]
    assert best == [LABELS[row.argmax()] for row in both]


def test_more_labels_than_can_be_read_together(tool: Shell) -> None:
    made = pawbin.load(tool.compile("many.paw", MANY).read_bytes())
    assert made.joint is not None and (len(made.joint.texts), made.joint.label) == (17, 36 // 16)
    made = replace(made, joint=replace(made.joint, label=1))  # the tiny base reads 64 tokens
    (alone,) = odds(replace(made, joint=None), tool.target, "disk is full")
    (both,) = odds(made, tool.target, "disk is full")
    assert alone.max() < 0.9 and np.abs(both - alone).max() > 1e-3
    assert np.flatnonzero(both < 1e-9).tolist() == [np.argsort(-alone, kind="stable")[-1]]


def test_the_likeliest_are_read_together() -> None:
    assert head.together(np.array([0.5, 0.3, 0.2], np.float32)) == [0, 1, 2]
    falling = np.arange(20, 0, -1, dtype=np.float32) / 210
    assert head.together(falling) == list(range(16))
    assert head.together(falling[::-1]) == list(range(4, 20))
    assert head.together(np.full(40, 0.025, np.float32)) == list(range(16))


def test_what_strip_explain_and_diff_make_of_it(tool: Shell) -> None:
    program = tool.compile("a.paw", TRIAGE)
    before = pawbin.load(program.read_bytes())
    found = tool("pawc", "explain", "--json", str(program), "error", "--target", str(tool.target))
    rows = json.loads(found.stdout)["rows"]
    without = next(row for row in rows if row["without"] == "joint reading")
    assert without["distribution"] != rows[0]["distribution"]
    assert sum(without["distribution"].values()) == pytest.approx(1, abs=1e-4)
    assert tool("pawc", "strip", "-o", "bare.pawbin", str(program)).returncode == 0
    bare = pawbin.load((tool.folder / "bare.pawbin").read_bytes())
    assert (bare.joint, bare.adapter, bare.source) == (before.joint, before.adapter, None)
    assert tool.answers(tool.folder / "bare.pawbin", *RECORDS[:4]) == tool.answers(program, *RECORDS[:4])
    other = tool.compile("b.paw", TRIAGE.replace("disk is full", "disk is gone"))
    assert "section joint" in tool("pawc", "diff", str(program), str(other)).stdout


def test_it_can_not_be_merged(tool: Shell) -> None:
    program = tool.compile("a.paw", TRIAGE)
    done = tool("pawrun", "--merge", str(program), stdin="error\n")
    assert (done.returncode, done.stdout) == (2, "") and "with and without" in done.stderr


def test_a_damaged_lora_is_refused(tmp_path: Path) -> None:
    target = tiny.build_joint(tmp_path / "copy")
    with target.with_name("joint.gguf").open("r+b") as file:
        file.seek(-7, 2)
        file.write(b"damage")
    (tmp_path / "damaged.paw").write_text(TRIAGE)
    done = Shell(tmp_path, target)("pawc", "--target", str(target), "damaged.paw", "-o", "a.pawbin")
    assert done.returncode != 0 and "joint reading" in done.stderr and not (tmp_path / "a.pawbin").exists()


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"record": 60}, "joint-refused"), ({"texts": ("disk " * 20,) * 3, "label": 20}, "joint-refused")],
)
def test_texts_that_leave_no_room(tool: Shell, change: dict[str, object], kind: str) -> None:
    program = pawbin.load(tool.compile("a.paw", TRIAGE).read_bytes())
    assert program.joint is not None
    wide = replace(program, joint=replace(program.joint, **change))  # type: ignore[arg-type]
    with pytest.raises(PawError) as caught:
        EncoderSession(wide, tool.target.with_name("mini.gguf"))
    assert caught.value.kind == kind


def test_a_lora_for_another_width_is_refused(tool: Shell, tiny_target: Path) -> None:
    program = pawbin.load(tool.compile("a.paw", TRIAGE).read_bytes())
    lora = tiny.random_encoder_lora()
    narrow = {name: (a[:, :32], b) for name, (a, b) in lora.modules.items()}
    bad = replace(program, adapter=adapter.to_gguf(replace(lora, modules=narrow), "f16"))
    (tool.folder / "bad.pawbin").write_bytes(pawbin.dump(bad))
    done = tool("pawrun", "bad.pawbin", stdin="error\n")
    assert (done.returncode, done.stdout) == (2, "") and "does not fit" in done.stderr


def test_a_refined_program_reads_again_only_if_that_helps(tool: Shell) -> None:
    """What only rows say is learned as without joint reading; a random LoRA is no help to it."""
    rows = [(f"{word} {n}", a) for n in range(12) for word, a in (("disk", "QUIET"), ("step", "ALERT"))]
    (tool.folder / "rows.tsv").write_text("".join(f"{given}\t{answer}\n" for given, answer in rows))
    refined = pawbin.load(tool.compile("a.paw", shell.LABELS, "-O2", "--data", "rows.tsv").read_bytes())
    assert refined.refinement is not None and (refined.joint is None) == (refined.adapter is None)
    assert pawbin.load(tool.compile("b.paw", shell.LABELS).read_bytes()).joint is not None


def test_refinement_weighs_reading_again() -> None:
    """Encodings say nothing: a second reading that knows is kept, one that lies is dropped."""
    rng = np.random.default_rng(3)
    places = np.array([0, 1] * 20)
    encodings = rng.standard_normal((40, 8)).astype(np.float32)
    encodings /= np.linalg.norm(encodings, axis=1, keepdims=True)
    flat = np.zeros((2, 9), np.float32)
    joint = Joint(("a", "b"), 8, 8, 1.0, 0.6, 0.7)
    texts = [str(n) for n in range(40)]

    def read(sign: float) -> refine.Doubts:
        return refine.Doubts(joint, lambda some, _: sign * 6.0 * np.eye(2, dtype=np.float32)[places[some]])

    def refined(doubts: refine.Doubts | None) -> refine.Refined:
        return refine.refine(encodings, places, texts, lambda _: flat, lambda _: flat, doubts)

    knows, lies = refined(read(1.0)), refined(read(-1.0))
    assert knows.before.wrong == 0.0 and (knows.head is None or knows.again)
    assert lies.before.wrong == 1.0 and lies.head is not None and not lies.again
    assert lies.after == refined(None).after


def test_settling_is_a_product_of_probabilities() -> None:
    joint = Joint(("a", "b"), 8, 8, 1.0, 1.0, 0.75)
    first = np.array([[0.6, 0.4], [0.8, 0.2]], np.float32)
    assert head.doubtful(first, joint) == [0]
    again = np.log(np.array([[0.2, 0.8]], np.float32))
    assert head.settled(first[:1], again, joint)[0] == pytest.approx([0.12 / 0.44, 0.32 / 0.44], abs=1e-6)


def test_the_second_encoder_is_kept_on_disk_and_shared(
    tool: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    program = tool.compile("a.paw", TRIAGE)
    folder = tmp_path / "cache/paw/merged"
    first = tool("pawrun", "--scores", "--no-cache", str(program), stdin="error\n")
    assert first.returncode == 0 and not folder.exists()
    assert tool("pawrun", "--scores", str(program), stdin="error\n").stdout == first.stdout
    (entry,) = (path for path in folder.iterdir() if path.name != "counts")
    whole = entry.read_bytes()
    assert tool("pawrun", "--scores", str(program), stdin="error\n").stdout == first.stdout
    assert json.loads((folder / "counts").read_text())["hits"] == 1
    entry.write_bytes(whole[:-100] + bytes(100))
    assert tool("pawrun", "--scores", str(program), stdin="error\n").stdout == first.stdout
    assert entry.read_bytes() == whole
    loaded = pawbin.load(program.read_bytes())
    base = tool.target.with_name("mini.gguf")
    sure = replace(loaded, joint=replace(loaded.joint, below=1e-3))  # type: ignore[type-var]
    with EncoderSession(sure, base, cached=False) as session:
        session.distribution("error")
        assert session._worn is None
    with EncoderSession(loaded, base, cached=False) as one:
        one.distribution("error")
        with EncoderSession(loaded, base, cached=False) as other:
            other.distribution("error")
            assert one._worn is other._worn
        after = one.distribution("disk is full")
    assert np.array_equal(odds(loaded, tool.target, "disk is full")[0], np.float32(list(after.values())))


def test_refinement_reads_nothing_again_with_more_labels_than_are_read_together() -> None:
    """The head of -O1 settles its doubts as its program does; a new one never does."""
    rng = np.random.default_rng(4)
    places = np.arange(102) % 17
    encodings = rng.standard_normal((102, 8)).astype(np.float32)
    joint = Joint(tuple(f"k{n}" for n in range(17)), 8, 8, 1.0, 1.0, 1.0)
    flat = np.zeros((17, 9), np.float32)
    asked: list[int] = []

    def read(some: refine.Places, odds: FloatArray) -> FloatArray:
        asked.extend(some.tolist())
        assert [head.together(row) for row in odds] == [list(range(16))] * len(some)
        return np.where(np.arange(17) < 16, 6.0 * np.eye(17)[places[some]], -np.inf).astype(np.float32)

    texts = [f"record {number}" for number in range(102)]
    found = refine.refine(
        encodings, places, texts, lambda _: flat, lambda _: flat, refine.Doubts(joint, read)
    )
    assert sorted(asked) == list(range(102)) and not found.again
    assert found.before.wrong == pytest.approx(6 / 102)
