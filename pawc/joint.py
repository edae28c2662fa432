"""Joint reading as the compiler prepares it: what is said of each label, and the target's LoRA for it.

The LoRA is the same for every spec of a target; what makes the program is in the texts.
"""

from __future__ import annotations

from pathlib import Path

from pawformats import adapter as adapters
from pawformats.head import TOGETHER
from pawformats.values import Joint, JointReader, Spec, Target

from . import lm
from .definitions import label_texts


def emit(spec: Spec, target: Target) -> Joint | None:
    """How a program of the spec reads a record again; None if its target can't."""
    labels, has = spec.contract.labels, target.joint
    if has is None:
        return None
    return Joint(
        texts=label_texts(spec.description, labels),
        record=has.record,
        label=of_each(min(len(labels), TOGETHER), has.label, has.labels),
        scale=has.scale,
        weight=has.weight,
        below=has.below,
    )


def of_each(count: int, label: int, labels: int) -> int:
    """Tokens of each of `count` texts, of which one may have `label` and all together `labels`."""
    return min(label, labels // count)


def adapter(has: JointReader, quant: str) -> bytes:
    """The LoRA's GGUF, quantised. Raises PawError as its file is missing or damaged."""
    lm.verify(has.path, has.sha256, "adapter for joint reading")
    return adapters.to_gguf(adapters.from_gguf(Path(has.path).read_bytes()), quant)
