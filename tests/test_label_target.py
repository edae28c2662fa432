"""Label targets: what a spec says of its labels, torch against llama.cpp, the commands on a tiny encoder."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from pawformats import head, paw, pawbin
from pawformats import target as targets
from pawllama.encoder import FILLED, TILED, Encoder
from pawllama.model import Model
from pawtrainer import (
    encoder,
    label_tasks,
    machine,
    reader,
    reading_tasks,
    restart,
    train_labels,
    train_reading,
)
from pawtrainer.corpus import load as load_corpus
from pawtrainer.export import write_encoder
from pawtrainer.families.base import Task
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from pawc import heads, labels
from pawc.definitions import label_texts
from pawc.encoding import TextEncoder
from pawrun import load
from pawrun.encoder import EncoderSession

TRIAGE = """+++
labels = ["ALERT", "QUIET", "?"]
+++
ALERT if the disk is full, QUIET for step and loss, otherwise "?".

Input: step loss
Output: QUIET

Input: disk full
Output: ALERT

Input: error: disk
Output: ALERT
"""
RECORDS = ["disk full", "step 100 loss 0.5", "error", "alert all", "[SEP] error"]


def words() -> Tokenizer:
    """The tiny vocabulary as BERT's word pieces."""
    made = Tokenizer(models.WordPiece({p: i for i, p in enumerate(tiny.pieces())}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def run(*command: str, stdin: str = "", base: Path | None = None) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    settings |= {"PAW_BASE_PATH": str(base)} if base else {}
    return subprocess.run(
        [sys.executable, "-m", *command],
        input=stdin,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("description", "labels", "texts"),
    [
        (
            "FROST = cold or curt; GLOW = friendly.\nReply with one of FROST, GLOW.",
            ("FROST", "GLOW"),
            ("FROST: cold or curt", "GLOW: friendly"),
        ),
        (
            "Anything rude: say BAD. Praise and thanks -> GOOD.",
            ("GOOD", "BAD"),
            ("GOOD: Praise and thanks", "BAD: Anything rude: say"),
        ),
        (
            "Answer plus if they liked the bed, minus if they didn't, silent if it isn't judged.",
            ("plus", "minus", "silent"),
            ("plus: if they liked the bed", "minus: if they didn't", "silent: if it isn't judged"),
        ),
        ("Is it spam?", ("yes", "no"), ("yes", "no")),
        ("Use a for apples. A pear is b.", ("a", "b"), ("a: for apples", "b: A pear is")),
        (
            "Non-urgent things are low, urgent things are high.",
            ("urgent",),
            ("urgent: things are low. things are high",),
        ),
    ],
)
def test_what_is_said_of_a_label(description: str, labels: tuple[str, ...], texts: tuple[str, ...]) -> None:
    assert label_texts(description, labels) == texts


def test_encodings_agree_with_torch(tmp_path: Path) -> None:
    """F32 weights, alone and beside others: at most 2e-3 apart on vectors of length 1."""
    model = tiny.random_label_model()
    tensors = {name: t.detach().numpy() for name, t in model.encoder.state_dict().items()}
    path = tmp_path / "f32.gguf"
    write_encoder(path, model.encoder.shape, tiny.pieces(), tensors, "F32")
    sequences = [[2, *words().encode(text, add_special_tokens=False).ids, 3] for text in RECORDS]
    sequences += [[2, *([7, 8, 9] * size)[: size - 2], 3] for size in (FILLED - 1, FILLED, TILED - 1, TILED)]
    with torch.no_grad():
        theirs = model.encoder(*label_tasks.padded(sequences)).numpy()
    with Model(path) as base:
        with Encoder(base) as together:
            ours = together.encode(sequences)
        with Encoder(base, together=1) as alone:
            apart = np.concatenate([alone.encode([sequence]) for sequence in sequences])
            assert np.array_equal(alone.encode(sequences), apart)
        with Encoder(base, pooled=False) as unpooled:
            states = [unpooled.states(sequence) for sequence in sequences]
    assert np.linalg.norm(theirs[0] - theirs[1]) > 0.1
    means = np.stack([each.mean(axis=0) for each in states])
    assert list(map(len, states)) == list(map(len, sequences))
    for made in (ours, apart, means / np.linalg.norm(means, axis=1, keepdims=True)):
        assert np.abs(made - theirs).max() < 2e-3


def test_both_tokenise_alike(label_target: Path) -> None:
    with Model(label_target.with_name("mini.gguf")) as base:
        for text in (*RECORDS[:4], "Errör ÉRROR error-full", "a\tb  c\n\nd", "naïve; (all)", "steps fulling"):
            assert base.tokenize(text, special=False) == words().encode(text, add_special_tokens=False).ids
        assert base.special("[SEP]") == 3
        assert 3 not in base.tokenize("[SEP]", special=False)


def test_the_compiler_makes_what_was_trained(label_target: Path) -> None:
    """From one spec: log-odds through pawc's numpy and llama.cpp against those of the trainer's torch."""
    spec, target = paw.parse(TRIAGE.encode(), "triage.paw"), targets.load(str(label_target))
    with TextEncoder(target) as encoder:
        made = head.load(heads.emit(spec, encoder), 3)
    model = tiny.random_label_model()
    wording = TRIAGE.split("+++\n")[2]
    task = Task("t", "g", wording, "label", spec.contract.labels, tuple((r, "?") for r in RECORDS))
    encoded = label_tasks.encode(task, words(), 64)
    assert encoded is not None and encoded.places == [1, 0, 0]
    with torch.no_grad():
        odds = train_labels.odds(model, [encoded])[0].numpy()
    with Model(label_target.with_name("mini.gguf")) as base, Encoder(base) as encoder:
        ours = encoder.encode(encoded.records) @ made[:, :-1].T + made[:, -1]
    assert odds.std() > 0.5
    assert np.abs(ours - odds).max() < 0.35  # Q8_0 weights, at a scale of 14


@pytest.mark.parametrize(
    ("text", "outputs"),
    [
        ("ALERT if the disk is full, QUIET for step and loss.", ()),
        ("Say a, b or Nothing_here!\n- disk: full", ("full", "quiet step")),
    ],
)
@pytest.mark.parametrize("worn", [False, True])
def test_the_compiler_reads_as_the_reader_was_trained(
    tmp_path: Path, text: str, outputs: tuple[str, ...], worn: bool
) -> None:
    """Log-odds of every span: llama.cpp with F32 weights and numpy against torch, without and with a LoRA
    that the encoder wears when it reads."""
    encoded = reading_tasks.reading(text, outputs, (), words(), 64)
    assert encoded is not None
    model: train_labels.Reads = tiny.random_label_model()
    if worn:
        model = train_reading.ReadingModel(tiny.random_label_model(), 32)
        model.fill(restart.reader_lora(targets.load(str(tiny.build_label(tmp_path, "F32", worn)))), "it")
    batch = reading_tasks.batch([encoded])
    with torch.no_grad():
        theirs = train_labels.read(model, batch, machine.precision({}))[0].numpy()
    with TextEncoder(targets.load(str(tiny.build_label(tmp_path, "F32", worn)))) as encoder:
        _, found, ours = labels.read(text, outputs, encoder)
    assert ours.shape == theirs.shape == (len(found), reading_tasks.LONGEST_SPAN)
    there = np.isfinite(ours)
    assert np.array_equal(there, theirs > reader.HOPELESS)
    assert theirs[there].std() > 0.05
    assert np.abs(ours - theirs)[there].max() < (2e-2 if worn else 2e-3)  # the LoRA is kept in 16 bits


def test_a_long_text_is_read_in_windows(label_target: Path) -> None:
    """The tiny encoder reads 62 tokens at once; every span of a longer text has odds, the same each time."""
    text = "disk full: " * 40 + "ALERT or QUIET"
    with TextEncoder(targets.load(str(label_target))) as encoder:
        _, found, odds = labels.read(text, (), encoder)
        again = labels.read(text, (), encoder)[2]
    assert found[-1].text == "QUIET" and np.isfinite(odds[:-6]).all() and np.array_equal(odds, again)


def test_from_source_to_answers(label_target: Path, tmp_path: Path) -> None:
    source, program = tmp_path / "triage.paw", tmp_path / "triage.pawbin"
    source.write_text(TRIAGE)
    command = ("pawc", "--target", str(label_target), "-v", str(source), "-o", str(program))
    done = run(*command)
    assert done.returncode == 0 and "label head by tiny-label-0" in done.stderr, done.stderr
    first = program.read_bytes()
    loaded = pawbin.load(first)
    assert loaded.adapter is None and loaded.head is not None and loaded.compiler == "tiny-label-0"
    run(*command)
    assert program.read_bytes() == first

    base = label_target.parent
    streamed = run("pawrun", str(program), "--scores", stdin="\n".join(RECORDS) + "\n", base=base)
    assert (streamed.returncode, streamed.stderr) == (0, "")
    rows = [line.split("\t") for line in streamed.stdout.splitlines()]
    with load(program, base) as function:
        for record, row in zip(RECORDS, rows, strict=True):
            odds = function.distribution(record)
            assert list(odds) == ["ALERT", "QUIET", "?"] and sum(odds.values()) == pytest.approx(1, abs=1e-5)
            assert max(odds, key=lambda label: odds[label]) in row
        assert len({tuple(round(v, 2) for v in function.distribution(r).values()) for r in RECORDS}) > 2
    sure = run("pawrun", str(program), "--min-confidence", "1", "--abstain", "-", stdin="error\n", base=base)
    assert sure.stdout == "-\n"
    kept = run("pawrun", str(program), "--grep", "ALERT", stdin="disk full\n", base=base)
    assert (kept.stdout, kept.returncode) in (("disk full\n", 0), ("", 1))
    long = run("pawrun", str(program), stdin="disk " * 90 + "\nerror\n", base=base)
    assert long.returncode == 1 and "do not fit" in long.stderr and len(long.stdout.splitlines()) == 2
    cut = run("pawrun", str(program), "--overflow", "head", stdin="disk " * 90 + "\n", base=base)
    assert cut.returncode == 0 and cut.stdout.strip()
    with EncoderSession(loaded, label_target.with_name("mini.gguf"), batch=2, overflow="chunk") as session:
        assert session.room % 2 == 0
        pieces = ["disk " * session.room, "error " * session.room, "step loss " * (session.room // 2)]
        alone = session.answer(pieces)
        whole, short = session.answer(["".join(pieces), "error"])
        best = max(alone, key=lambda answer: answer.score or 0)
        assert (whole.text, short.error) == (best.text, None)
        assert whole.score == pytest.approx(best.score, abs=1e-3)
        assert session.distribution("".join(pieces))[best.text] == pytest.approx(best.score, abs=1e-3)
    told = run("pawrun", str(program), "-v", stdin="error\n", base=base)
    assert "label head" in told.stderr and "bytes by tiny-label-0" in told.stderr
    page = run("pawc", "inspect", str(program))
    assert page.returncode == 0 and "label head" in page.stdout


@pytest.mark.parametrize(
    ("option", "spec", "status", "message"),
    [
        ("-O0", TRIAGE, 2, "can't be"),
        ("-c", TRIAGE, 2, "no adapter"),
        ("-O1", "Say something nice.\n", 1, "names none"),
    ],
)
def test_what_an_encoder_cannot_do(
    label_target: Path, tmp_path: Path, option: str, spec: str, status: int, message: str
) -> None:
    (tmp_path / "a.paw").write_text(spec)
    out = tmp_path / "a.out"
    done = run("pawc", "--target", str(label_target), option, str(tmp_path / "a.paw"), "-o", str(out))
    assert done.returncode == status and message in done.stderr and "Traceback" not in done.stderr
    assert not out.exists()


def test_a_damaged_encoder_is_refused(label_target: Path, tmp_path: Path) -> None:
    copy = tiny.build_label(tmp_path / "copy")
    with (copy.parent / "mini.gguf").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    (tmp_path / "a.paw").write_text(TRIAGE)
    done = run("pawc", "--target", str(copy), str(tmp_path / "a.paw"), "-o", str(tmp_path / "a.pawbin"))
    assert done.returncode != 0 and "not the one that the target names" in done.stderr


def test_a_head_of_another_width_is_refused(label_target: Path, tmp_path: Path) -> None:
    (tmp_path / "a.paw").write_text(TRIAGE)
    run("pawc", "--target", str(label_target), str(tmp_path / "a.paw"), "-o", str(tmp_path / "a.pawbin"))
    program = pawbin.load((tmp_path / "a.pawbin").read_bytes())
    narrow = vars(program) | {"head": head.dump(np.ones((3, 9), np.float32))}
    (tmp_path / "b.pawbin").write_bytes(pawbin.dump(type(program)(**narrow)))
    done = run("pawrun", str(tmp_path / "b.pawbin"), stdin="error\n", base=label_target.parent)
    assert (done.returncode, done.stdout) == (2, "") and "encodings of 8 numbers" in done.stderr


def test_training_lowers_the_loss() -> None:
    """Enough steps on one function make its records' answers likely; the same seed gives the same draw."""
    model, rng = tiny.random_label_model(), random.Random(1)
    pairs = tuple(
        (f"{word} {rng.randint(0, 9)}", label) for word, label in (("disk", "a"), ("step", "b")) * 4
    )
    task = label_tasks.encode(
        Task("t", "g", "a for disks, b for steps", "label", ("a", "b"), pairs), words(), 64
    )
    assert task is not None
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(12):
        loss = train_labels.loss_of(model, [task])
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    assert losses[-1] < 0.3 * losses[0]
    assert train_labels.score(model, [task]) == 1.0


def test_careless_authors_are_drawn() -> None:
    """A share of the functions, the same for the same seed; their labels stay."""
    corpus = load_corpus(None, {"families": 1.0})
    drawn = {share: label_tasks.draw(corpus, words(), "seed", 12, 2, 64, share) for share in (0.0, 1.0)}
    assert drawn[1.0] == label_tasks.draw(corpus, words(), "seed", 12, 2, 64, 1.0) != drawn[0.0]
    task = Task("t", "g", "Please tell apart the disks and the steps: a or b.", "label", ("a", "b"), ())
    spoilt = {label_tasks.careless(task, random.Random(seed)).spec for seed in range(20)}
    assert len(spoilt) > 10 and all(re.search(r"\ba\b.*\bb\b", spec, re.DOTALL) for spec in spoilt)


def test_what_learns_is_held_to_the_public_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    model, public = (tiny.random_label_model(seed) for seed in (1, 2))
    monkeypatch.setattr(encoder, "load_public", lambda to: to.load_state_dict(public.encoder.state_dict()))
    model.encoder.token_embd.requires_grad_(False)
    before = {name: value.clone() for name, value in model.encoder.state_dict().items()}
    train_labels._pull(train_labels._anchor(model), 0.25)
    for name, value in model.encoder.named_parameters():
        share = 0.25 if value.requires_grad else 0.0
        wanted = torch.lerp(before[name], public.encoder.state_dict()[name], share)
        assert torch.allclose(value, wanted, atol=1e-6)


def test_an_encoder_goes_a_share_of_the_way_back_to_the_public_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, public = (tiny.random_label_model(seed).encoder for seed in (1, 2))
    inner = {ours_name: name for name, ours_name in encoder._INNER.items()}
    outer = {ours_name: name for name, ours_name in encoder._OUTER.items()}
    stored = {}
    for name, tensor in public.state_dict().items():
        module, kind = name.rsplit(".", 1)
        if module in outer:
            stored[f"{outer[module]}.{kind}"] = tensor
        else:
            _, layer, part = module.split(".", 2)
            stored[f"encoder.layer.{layer}.{inner[part]}.{kind}"] = tensor
    save_file(stored, tmp_path / "model.safetensors")
    monkeypatch.setattr(encoder, "model_folder", lambda: tmp_path)
    before = {name: tensor.clone() for name, tensor in ours.state_dict().items()}
    encoder.load_public(ours, 0.25)
    for name, tensor in ours.state_dict().items():
        assert torch.allclose(tensor, 0.75 * before[name] + 0.25 * public.state_dict()[name], atol=1e-6)
    encoder.load_public(ours)
    assert all(torch.equal(ours.state_dict()[name], tensor) for name, tensor in public.state_dict().items())


def test_groups_hold_every_sequence_once() -> None:
    sequences = [[0] * n for n in (5, 90, 3, 40, 41, 8, 200)]
    groups = label_tasks.groups(sequences, 96)
    assert sorted(index for group in groups for index in group) == list(range(len(sequences)))
    assert all(len(g) == 1 or len(g) * max(len(sequences[i]) for i in g) <= 96 for g in groups)


def test_the_base_of_a_release_is_the_compilers_encoder(label_target: Path) -> None:
    found = targets.load(str(label_target))
    assert found.lm_sha256 == found.base.sha256
    assert found.lm_path is not None
    assert hashlib.sha256(Path(found.lm_path).read_bytes()).hexdigest() == found.base.sha256
