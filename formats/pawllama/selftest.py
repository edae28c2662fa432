"""Whether this build of llama.cpp may repack weights into its extra buffer types.

Some stock builds crash there: GCC 12 drops most of the tile configuration that llama.cpp's AMX kernels
load, and the first batch over a quantised weight ends in a fault (llama.cpp issue 20824). Repacking
makes prefill up to twice as fast where it works. So a child process tries it once for each library
build and processor; the verdict is kept in the user's cache folder. No verdict, no extra buffers.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pawformats.errors import PawError

from . import cache, library

_TIMEOUT_S = 60
_PASSED, _FAILED = "passed\n", "failed\n"
_PLAIN = b"plain weights work"


@lru_cache(maxsize=1)
def build_key() -> str:
    """A digest of what decides the verdict: the CPU kernels' bytes and the processor's features."""
    digest = hashlib.sha256(platform.machine().encode())
    for path in sorted(library.folder().glob("*ggml-cpu*")):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    try:
        described = Path("/proc/cpuinfo").read_text().splitlines()
        digest.update(next((line for line in described if line.startswith("flags")), "").encode())
    except OSError:
        digest.update(platform.processor().encode())
    return digest.hexdigest()


def trusted() -> bool:
    """The verdict for this library build, tried in a child process if there is none yet.

    False, and nothing is tried, where the verdict can't be kept. Raises PawError `broken-llama-cpp` if
    the library kills even a process that leaves repacking off.
    """
    path = cache.folder() / f"extra-buffers-{build_key()[:32]}"
    known = cache.read(path)
    if known in (_PASSED, _FAILED):
        return known == _PASSED
    # Written before the trial: should the trial take the machine down, it isn't repeated.
    if not cache.write(path, _FAILED):
        return False
    outcome = try_in_child()
    if outcome == "broken":
        path.unlink(missing_ok=True)
        raise PawError(
            "broken-llama-cpp",
            f"llama.cpp in {library.folder()} crashes on this processor",
            hint="it may have been built on another machine: pip install --force-reinstall "
            "--no-cache-dir llama-cpp-python==0.3.36",
        )
    return outcome == "repacked" and cache.write(path, _PASSED)


def try_in_child() -> Literal["repacked", "plain", "broken"]:
    """What works in another process: repacked weights as well as plain ones, plain ones only, or
    not even those."""
    places = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, places)))
    command = [sys.executable, "-m", "pawllama.selftest"]
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    try:
        done = subprocess.run(
            command, env=env, stdin=quiet, stdout=pipe, stderr=quiet, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "plain"
    if done.returncode == 0:
        return "repacked"
    return "broken" if done.returncode < 0 and _PLAIN not in done.stdout else "plain"


def write_model(path: Path) -> None:
    """A random one-layer model whose weights use the quantisations that have repacked kernels."""
    import gguf
    import numpy as np

    kinds = gguf.GGMLQuantizationType
    rng = np.random.default_rng(1)
    width, vocab = 256, 64

    def quantised(kind: gguf.GGMLQuantizationType, rows: int) -> np.ndarray:
        if kind in (kinds.Q8_0, kinds.Q4_0):
            weights = rng.standard_normal((rows, width)).astype(np.float32) / np.sqrt(np.float32(width))
            return np.asarray(gguf.quants.quantize(weights, kind))
        # gguf writes no K-quants: random blocks with a small scale (ggml-common.h) serve as well.
        size, scale_at, scale = {kinds.Q4_K: (144, 0, 2e-4), kinds.Q6_K: (210, 208, 5e-5)}[kind]
        blocks = rng.integers(0, 256, (rows, width // 256, size), dtype=np.uint8)
        scales = np.full(2 if kind == kinds.Q4_K else 1, scale, np.float16)
        blocks[..., scale_at : scale_at + scales.nbytes] = scales.view(np.uint8)
        return blocks.reshape(rows, -1)

    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_context_length(128)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_key_length(64)
    writer.add_value_length(64)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("no_vocab")
    writer.add_vocab_size(vocab)
    weights = {"attn_q": "Q8_0", "attn_k": "Q4_0", "attn_v": "Q4_K", "attn_output": "Q6_K"}
    weights |= {"ffn_gate": "Q8_0", "ffn_up": "Q4_0", "ffn_down": "Q6_K"}
    matrices = {f"blk.0.{name}": (kinds[kind], width) for name, kind in weights.items()}
    matrices["token_embd"] = (kinds.Q8_0, vocab)
    for name, (kind, rows) in matrices.items():
        data = quantised(kind, rows)
        writer.add_tensor(f"{name}.weight", data, raw_shape=data.shape, raw_dtype=kind)
    sizes = {"attn_norm": width, "ffn_norm": width, "attn_q_norm": 64, "attn_k_norm": 64}
    for name, size in sizes.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(size, np.float32))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> int:
    """The child: 0 if both kinds of buffers give the same logits, for a batch and for one token."""
    import numpy as np

    from .context import Context
    from .model import Model
    from .runs import Run

    if hasattr(os, "fork"):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = []
    with tempfile.TemporaryDirectory(prefix="paw-selftest-") as place:
        path = Path(place) / "model.gguf"
        write_model(path)
        for extra in (False, True):
            with Model(path, extra_buffers=extra) as model, Context(model, pool=128) as context:
                batch = context.evaluate([Run(0, 0, list(range(48)))])
                answers.append(np.concatenate([*batch, *context.evaluate([Run(0, 48, [7])])]))
            if not extra:
                sys.stdout.buffer.write(_PLAIN)
                sys.stdout.flush()
    plain, repacked = answers
    # Kernels round activations to 8 bits in blocks of their own: a few percent of the logits' spread.
    return 0 if bool(np.abs(plain - repacked).max() < 0.1 * plain.std()) else 1


if __name__ == "__main__":
    sys.exit(main())
