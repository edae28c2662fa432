"""Speed of `pawrun` on a stream, beside llama.cpp's bare evaluation and, if there, the official runtime.

`python bench/engine.py --work FOLDER [--peer PYTHON]` takes nano, and a model with random weights of the
exact shape of Qwen3-0.6B (Q6_K, with a Q4_0 adapter of rank 64 on all seven maps), which it makes in FOLDER
once. Prompts have some 250 tokens, records some 30, answers two tokens. Records begin with a date, as lines
of a log do, and what those of a batch begin with alike pawrun evaluates once; "undated" ones have none.
PYTHON is one whose environment has the package programasweights and the same build of llama-cpp-python.
Writes bench/results/engine-DATE.json.
Only the ratios within one run mean something.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from pawformats import adapter, pawbin
from pawformats.values import Adapter, BaseRef, Contract, Options, Program, Prompt, PseudoProgram
from pawllama import bases, library, merging
from pawllama.context import Context
from pawllama.model import Model
from pawllama.runs import Run, count
from pawtrainer.export import Vocabulary, write_base
from pawtrainer.shape import MODULES, Shape
from run import results, write  # beside this file

from pawc import targets

ROOT = Path(__file__).parents[1]
BIG = Shape(151_936, 1024, 28, 16, 8, 128, 3072, context=2048, rope_theta=1e6)
RANK = 64
PREFIX = 250
LABELS = ("disk full", "all fine", "not sure")
WORDS = (
    *("error", "warning", "disk", "full", "retry", "connection", "reset", "by", "peer"),
    *("user", "login", "failed", "timeout", "after", "ms", "on", "node"),
)


def records(many: int, dated: bool = True) -> list[str]:
    """Lines that differ, of some 30 tokens of nano."""
    rng, made = random.Random(0), []
    for _ in range(many):
        first = f"2026-11-{rng.randint(10, 30)}" if dated else f"{rng.randint(10, 99)}"
        words = " ".join(rng.choices(WORDS, k=9 if dated else 13))
        made.append(f"{first} {words} {rng.randint(100, 999)}")
    return made


# ── the model of the shape of Qwen3-0.6B ────────────────────────────────────────────────────────────


def big_base(folder: Path) -> Path:
    """Random weights, the same in each layer; a byte-level vocabulary, filled up with long tokens."""
    path = folder / "big-q6_k.gguf"
    if path.exists():
        return path
    rng = np.random.default_rng(0)
    tensors: dict[str, Any] = {}

    def normal(*size: int) -> Any:
        return (rng.standard_normal(size, np.float32) * size[-1] ** -0.5).astype(np.float32)

    tensors["token_embd.weight"] = normal(BIG.vocab, BIG.dim)
    tensors["output_norm.weight"] = np.ones(BIG.dim, np.float32)
    maps = {module: normal(*reversed(BIG.module_size(module))) for module in MODULES}
    for layer in range(BIG.layers):
        for module in MODULES:
            tensors[f"blk.{layer}.{module}.weight"] = maps[module]
        for norm, size in (("attn_norm", BIG.dim), ("ffn_norm", BIG.dim)):
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(size, np.float32)
        for norm in ("attn_q_norm", "attn_k_norm"):
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(BIG.head_dim, np.float32)
    small = Model(bases.find(targets.find("nano").base))  # its vocabulary, so that both read alike
    try:
        reader = gguf.GGUFReader(small.path)
    finally:
        small.close()

    def strings(key: str) -> list[str]:
        field = reader.get_field(f"tokenizer.ggml.{key}")
        assert field is not None
        return [str(item) for item in field.contents()]

    tokens = strings("tokens")
    tokens += [f"<filling {number}>" for number in range(BIG.vocab - len(tokens))]
    plain = folder / "big-f16.gguf"
    write_base(plain, BIG, Vocabulary(tuple(tokens), tuple(strings("merges"))), tensors, "F16")
    api = library.load()
    params = api.llama_model_quantize_default_params()
    params.ftype = api.LLAMA_FTYPE_MOSTLY_Q6_K
    made = path.with_suffix(".new")
    if api.llama_model_quantize(os.fsencode(plain), os.fsencode(made), params):
        raise RuntimeError("llama.cpp could not quantise the base")
    plain.unlink()
    made.rename(path)
    return path


def random_adapter(shape: Shape) -> bytes:
    rng = np.random.default_rng(1)
    modules = {}
    for layer in range(shape.layers):
        for module in MODULES:
            size_in, size_out = shape.module_size(module)
            a = rng.standard_normal((RANK, size_in), np.float32) * np.float32(size_in**-0.5)
            b = rng.standard_normal((size_out, RANK), np.float32) * np.float32(0.1 * RANK**-0.5)
            modules[f"blk.{layer}.{module}"] = (a, b)
    return adapter.to_gguf(Adapter("big", "qwen3", RANK, float(RANK), modules), "q4_0")


# ── programs ────────────────────────────────────────────────────────────────────────────────────────


def make(folder: Path, name: str, base: Path, weights: bytes, model: Model, contract: Contract) -> Path:
    """A program whose prompt has PREFIX tokens."""
    nano = targets.find("nano")
    text = "Task: Say what matters."
    while len(model.tokenize(text, special=False)) < PREFIX - 2:
        text += " " + WORDS[len(text) % len(WORDS)]
    digest = hashlib.sha256(base.read_bytes()).hexdigest()
    program = Program(
        name=name,
        version=None,
        target=name,
        compiler="random-0",
        base=BaseRef(name, "qwen3", digest, base.stat().st_size, 1024),
        prompt=Prompt(nano.prompt.before, nano.prompt.after, nano.prompt.suffix),
        pseudo_program=PseudoProgram(text + "\n", "0" * 64),
        contract=contract,
        options=Options(),
        adapter=weights,
    )
    path = folder / f"{name}-{contract.kind}.pawbin"
    path.write_bytes(pawbin.dump(program))
    return path


def ours(program: Path, base: Path, lines: Sequence[str], *options: str) -> tuple[float, float, list[str]]:
    """Seconds of a whole process, records a second of its stream alone, and its answers."""
    command = [sys.executable, "-m", "pawrun", "--no-memo", "--stats", "--base", str(base)]
    command += [*options, str(program)]
    began = time.perf_counter()
    done = subprocess.run(
        command, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    rate = re.search(r"([\d.]+) records/s", done.stderr)
    assert rate
    return time.perf_counter() - began, float(rate[1]), done.stdout.splitlines()


def bare(program: Path, base: Path, lines: Sequence[str], batch: int) -> tuple[float, float]:
    """Seconds that llama.cpp takes to load the base and evaluate the prompt, and tokens a second of
    llama_decode alone, for the same prefills in the same batches: what llama.cpp's own bench measures, with
    this adapter and behind this prompt."""
    loaded = pawbin.load(program.read_bytes())
    first = time.perf_counter()
    with Model(base) as model:
        prompt = [
            *model.tokenize(loaded.prompt.before, special=True),
            *model.tokenize(loaded.pseudo_program.text, special=False),
            *model.tokenize(loaded.prompt.after, special=True),
        ]
        suffix = model.tokenize(loaded.prompt.suffix, special=True)
        tokens = [[*model.tokenize(line, special=False), *suffix] for line in lines]
        with Context(model, pool=len(prompt) + batch * 128, sequences=batch + 1) as context:
            context.adapt(model.adapter(loaded.adapter or b""))
            context.evaluate([Run(0, 0, prompt)])
            ready = time.perf_counter() - first
            took = 0.0
            for at in range(0, len(tokens), batch):
                for slot in range(batch):
                    context.share(0, slot + 1)
                runs = [Run(slot + 1, len(prompt), one) for slot, one in enumerate(tokens[at : at + batch])]
                began = time.perf_counter()
                context.evaluate(runs)
                took += time.perf_counter() - began
                for slot in range(batch):
                    context.forget(slot + 1)
    return ready, sum(map(len, tokens)) / took


PEER = """
import json, sys, time
import programasweights as paw
lines = sys.stdin.read().split("\\n")[:-1]
began = time.perf_counter()
function = paw.function(sys.argv[1], offline=True)
function(lines[0], max_tokens=2)
opened = time.perf_counter()
answers = [function(line, max_tokens=2) for line in lines]
print(json.dumps({"open": opened - began, "loop": time.perf_counter() - opened, "answers": answers}))
"""


def peer(python: str, folder: Path, program: Path, base: Path, lines: Sequence[str]) -> dict[str, Any]:
    """The official runtime's loop over the same base, adapter and prompt."""
    loaded = pawbin.load(program.read_bytes())
    cache = folder / "peer-cache"
    (cache / "base_models").mkdir(parents=True, exist_ok=True)
    link = cache / "base_models" / base.name
    if not link.exists():
        os.link(base, link) if base.stat().st_dev == cache.stat().st_dev else link.write_bytes(
            base.read_bytes()
        )
    prompt = loaded.prompt
    template = (
        f"{prompt.before}{loaded.pseudo_program.text}{prompt.after}{{INPUT_PLACEHOLDER}}{prompt.suffix}"
    )
    about = {
        "program_id": hashlib.sha256(program.read_bytes()).hexdigest()[:20],
        "interpreter": loaded.base.name,
        "runtime_id": f"bench-{loaded.base.name}",
        "runtime_manifest_version": 1,
        "runtime": {
            "runtime_id": f"bench-{loaded.base.name}",
            "interpreter": loaded.base.name,
            "manifest_version": 1,
            "adapter_format": "gguf_lora",
            "prompt_template": {"format": "rendered_text", "placeholder": "{INPUT_PLACEHOLDER}"},
            "local_sdk": {
                "supported": True,
                "base_model": {
                    "provider": "url",
                    "file": base.name,
                    "url": f"https://example.invalid/{base.name}",
                },
            },
        },
    }
    archive = folder / f"{loaded.base.name}.paw"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("meta.json", json.dumps(about))
        file.writestr("prompt_template.txt", template)
        file.writestr("adapter.gguf", loaded.adapter or b"")
    done = subprocess.run(
        [python, "-c", PEER, str(archive)],
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, "PAW_CACHE_DIR": str(cache), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def loaded_machine(work: Callable[[], float], busy: int) -> float:
    """The same with so many other processes that keep a core busy."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        return work()
    finally:
        for other in others:
            other.kill()
            other.wait()


def measure(
    name: str, base: Path, weights: bytes, many: int, folder: Path, python: str | None
) -> dict[str, Any]:
    lines = records(many)
    with Model(base) as model:
        programs = {
            kind: make(folder, name, base, weights, model, contract)
            for kind, contract in (
                ("labels", Contract(kind="labels", labels=LABELS)),
                ("free", Contract(max_tokens=2)),
            )
        }
        size = sum(len(model.tokenize(line, special=False)) + 1 for line in lines)
        evaluated = in_batches([model.tokenize(line, special=False) for line in lines], 8) + many
        plain = records(many, dated=False)
        undated = sum(len(model.tokenize(line, special=False)) + 1 for line in plain)
    found: dict[str, Any] = {
        "records": many,
        "tokens": size,
        "tokens_evaluated": evaluated,
        "undated_tokens": undated,
        "threads": library.threads(base.stat().st_size),
    }
    for kind, program in programs.items():
        ours(program, base, lines[:1])  # the prefix is kept, the files are warm
        start = statistics.median(ours(program, base, lines[:1])[0] for _ in range(3))
        _, rate, answers = ours(program, base, lines)
        _, alone, exact = ours(program, base, lines, "--deterministic")
        found[kind] = {
            "start_s": start,
            "records_per_s": rate,
            "deterministic_records_per_s": alone,
            "prefill_tokens_per_s": rate * evaluated / many,
            "same_as_deterministic": sum(a == b for a, b in zip(answers, exact, strict=True)) / many,
        }
        if base.stat().st_size <= merging.LARGEST:
            start_merged = statistics.median(ours(program, base, lines[:1], "--merge")[0] for _ in range(3))
            found[kind]["merged_start_s"] = start_merged
            _, found[kind]["merged_records_per_s"], merged = ours(program, base, lines, "--merge")
            found[kind]["merged_same"] = sum(a == b for a, b in zip(merged, exact, strict=True)) / many
        few = lines[: max(2, many // 4)]
        shared = loaded_machine(lambda program=program, few=few: ours(program, base, few)[1], 2)
        found[kind]["busy_share"] = shared / ours(program, base, few)[1]
        if python:
            theirs = peer(python, folder, program, base, few)
            found[kind]["peer_records_per_s"] = slow = len(few) / theirs["loop"]
            found[kind]["ratio"] = rate / slow
            if "merged_records_per_s" in found[kind]:
                found[kind]["merged_ratio"] = found[kind]["merged_records_per_s"] / slow
            found[kind]["undated"] = beside(python, folder, program, base, plain)
            if kind == "free":
                same = sum(a.strip() == b for a, b in zip(exact, theirs["answers"], strict=False))
                found[kind]["same_as_peer"] = same / len(few)
    found["bare_start_s"], found["bare_tokens_per_s"] = bare(programs["labels"], base, lines, 8)
    found["start_share"] = found["labels"]["start_s"] / found["bare_start_s"]
    found["share_of_bare"] = found["labels"]["prefill_tokens_per_s"] / found["bare_tokens_per_s"]
    return found


def in_batches(tokens: Sequence[Sequence[int]], batch: int) -> int:
    """Tokens that are evaluated for records in batches."""
    groups = (tokens[at : at + batch] for at in range(0, len(tokens), batch))
    return sum(count([Run(n, 0, one, behind=0) for n, one in enumerate(group)]) for group in groups)


def beside(python: str, folder: Path, program: Path, base: Path, lines: Sequence[str]) -> dict[str, float]:
    """Records a second of ours, with and without merging, and how many times the official runtime's."""
    few = lines[: max(2, len(lines) // 4)]
    slow = len(few) / peer(python, folder, program, base, few)["loop"]
    rate = ours(program, base, lines)[1]
    found = {"records_per_s": rate, "peer_records_per_s": slow, "ratio": rate / slow}
    if base.stat().st_size <= merging.LARGEST:
        found["merged_ratio"] = ours(program, base, lines, "--merge")[1] / slow
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder of the made model and programs")
    parser.add_argument("--peer", help="a Python whose environment has the official runtime")
    parser.add_argument(
        "--records", type=int, default=1000, help="for nano; a fifth of it for the large model"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    nano = bases.find(targets.find("nano").base)
    small = replace(BIG, vocab=6144, dim=256, layers=6, heads=4, kv_heads=2, head_dim=64, ffn=640)
    result: dict[str, Any] = results("llama-cpp-python", "numpy")
    plan = {
        "nano": (nano, random_adapter(small), arguments.records),
        "0.6B shape": (big_base(arguments.work), random_adapter(BIG), arguments.records // 5),
    }
    for name, (base, weights, many) in plan.items():
        result[name] = measure(name.split()[0], base, weights, many, arguments.work, arguments.peer)
        print(name, json.dumps(result[name], indent=1), flush=True)
    write(arguments.out, f"engine-{result['date']}", result)


if __name__ == "__main__":
    main()
