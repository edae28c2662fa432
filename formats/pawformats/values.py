"""The values that the stages hand to each other: frozen, without I/O in their methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .errors import Position

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float32]
else:  # for annotations alone: what handles only text need not wait for numpy
    FloatArray = object

Overflow = Literal["error", "head", "tail", "middle"]
#: What a target's compiler makes: a LoRA for a decoder, or a label head for an encoder.
Product = Literal["lora", "head"]
OutputKind = Literal["free", "labels", "json_schema", "regex"]

#: Longest answer of a program that doesn't say otherwise, in tokens.
DEFAULT_MAX_TOKENS = 256
#: No answer may be allowed to be longer, in tokens: beyond every base's context.
MAX_MAX_TOKENS = 1 << 20


@dataclass(frozen=True)
class Example:
    """An input and the answer that it should give; `position` is that of its `Input:` line."""

    input: str
    output: str
    position: Position | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Contract:
    """What an answer may be: anything, one of `labels`, or text that matches a schema or a regex.

    `json_schema` is JSON text without spaces whose keys keep their order, which is that of an answer's
    properties. `max_tokens` bounds every answer.
    """

    kind: OutputKind = "free"
    labels: tuple[str, ...] = ()
    json_schema: str | None = None
    regex: str | None = None
    max_tokens: int = DEFAULT_MAX_TOKENS


@dataclass(frozen=True)
class Options:
    """Front-matter settings that are neither text nor contract."""

    version: str | None = None
    target: str | None = None
    overflow: Overflow = "error"
    min_confidence: float | None = None
    abstain: str | None = None


@dataclass(frozen=True)
class Spec:
    """A parsed `.paw` source. `includes` are the files it read, as written (their examples stand in
    `examples`, so equality doesn't look at them); `positions` maps a front-matter key (`"labels"`,
    `"output.regex"` …) or `"description"` to its place."""

    name: str | None
    description: str
    examples: tuple[Example, ...] = ()
    tests: tuple[Example, ...] = ()
    contract: Contract = Contract()
    options: Options = Options()
    includes: tuple[str, ...] = field(default=(), compare=False)
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True)
class PseudoProgram:
    """The clean restatement that the interpreter reads before each record."""

    text: str
    spec_digest: str


@dataclass(frozen=True)
class Adapter:
    """A LoRA: `modules` maps a base tensor name without `.weight` (`blk.0.attn_q`) to (A, B).

    A has shape (rank, in), B has shape (out, rank), both float32 (PEFT's orientation); the
    interpreter adds `alpha / rank · B A x` (llama.cpp: `llama_adapter_lora`).
    """

    target: str
    architecture: str
    rank: int
    alpha: float
    modules: Mapping[str, tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Prompt:
    """Text around the pseudo-program and the record, in the order in which it is tokenised:
    before · pseudo-program · after · record · suffix. `before`, `after` and `suffix` may name
    special tokens; the pseudo-program and the record are plain text."""

    before: str
    after: str
    suffix: str


@dataclass(frozen=True)
class Joint:
    """How a record that leaves a label head in doubt is read again, together with what the spec says of
    each label (formats/pawbin.md §10).

    `texts` are the labels', in the contract's order. Of a record its first `record` tokens are read, of
    each text its first `label`. `scale` turns cosines into log-odds, which count `weight` times beside the
    head's, where no label has a probability of `below` by the head alone.
    """

    texts: tuple[str, ...]
    record: int
    label: int
    scale: float
    weight: float
    below: float


@dataclass(frozen=True)
class JointReader:
    """What a target has for joint reading: the file of its LoRA, the numbers of a Joint, and how many tokens
    all texts may have together (`labels`)."""

    path: str
    sha256: str
    record: int
    label: int
    labels: int
    scale: float
    weight: float
    below: float


@dataclass(frozen=True)
class BaseRef:
    """The interpreter's GGUF that a program was compiled for, found by its digest alone."""

    name: str
    architecture: str
    sha256: str
    size: int
    context: int


@dataclass(frozen=True)
class Refinement:
    """How a program was refined: the level of -O, 2 or 3, and the SHA-256 (hex) of the rows that it learned
    beyond the spec's own examples; None if there were none."""

    level: int
    data: str | None = None


@dataclass(frozen=True)
class Program:
    """A linked `.pawbin`: everything that is needed to run, but the base.

    `version` and `target` count here; those of `options` are the source's and are not archived.
    """

    name: str
    version: str | None
    target: str
    compiler: str | None  # snapshot name of the compiler; None at -O0
    base: BaseRef
    prompt: Prompt
    pseudo_program: PseudoProgram
    contract: Contract
    options: Options
    adapter: bytes | None  # a LoRA GGUF; None at -O0, and beside a head that is never in doubt
    tests: tuple[Example, ...] = ()
    source: str | None = None  # the normalised spec, kept unless stripped
    toolchain: str = ""  # version of pawc that linked it
    head: bytes | None = None  # a label head (pawformats.head), if the base is an encoder
    refinement: Refinement | None = None  # None at -O0 and -O1
    joint: Joint | None = None  # how a head's doubts are settled, with the adapter


@dataclass(frozen=True)
class Target:
    """An interpreter and the compiler trained for it, as read from a target file.

    Paths are absolute. `tau` are the vocabulary rows of the compiler LM's prefix tokens;
    `mapper` is None for a target that has no trained compiler (only -O0 works), and `lm`, where a mapper is
    there, for one whose base is the compiler LM too. Of a target
    that makes heads, `rank` to `layers`, the mapper, `tau` and the tokens are empty; `scale`,
    `example_weight`, the reader and `joint` are for those alone.
    """

    name: str
    product: Product
    base: BaseRef
    prompt: Prompt
    pseudo_compiler: str
    compiler: str | None
    lm_path: str | None
    lm_sha256: str | None
    mapper_path: str | None = None
    mapper_sha256: str | None = None
    rank: int = 0
    alpha: float = 0.0
    modules: tuple[str, ...] = ()
    layers: int = 0
    tau: tuple[int, ...] = ()
    spec_token: str = ""
    program_token: str = ""
    end_token: str = ""
    scale: float = 0.0
    example_weight: float = 0.0
    reader_path: str | None = None
    reader_sha256: str | None = None
    joint: JointReader | None = None
