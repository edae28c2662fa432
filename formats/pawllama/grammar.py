"""Output contracts as llama.cpp grammars (GBNF): conversion, and greedy choice under one."""

from __future__ import annotations

import ctypes
import importlib
import json
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
from pawformats.errors import PawError
from pawformats.values import FloatArray

from . import library
from .closing import Closing
from .model import Model

#: llama.cpp refuses more repetitions of one item than this (MAX_REPETITION_THRESHOLD).
_MOST_REPEATS = 2000

_SETS = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\x20\x09-\x0D"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])  # llama_token_data


def schema_to_gbnf(schema: str) -> str:
    """The grammar of the JSON texts that match a JSON schema, in llama-cpp-python's dialect: numeric
    bounds and the like are not enforced, properties keep their order.

    Raises PawError `schema-unsupported`.
    """
    library.load()
    module = importlib.import_module("llama_cpp.llama_grammar")
    converter = module.SchemaConverter(prop_order={}, allow_fetch=False, dotall=False, raw_pattern=False)
    converter._format_literal = _json_literal  # its own leaves backslashes unescaped
    try:
        converter.visit(converter.resolve_refs(json.loads(schema), "schema"), "")
        grammar = str(converter.format_grammar())
    except (AssertionError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise PawError("schema-unsupported", f"llama.cpp cannot enforce this JSON schema: {error}") from error
    # The converter lets control characters stand in strings as they are, which JSON forbids.
    return grammar.replace(r'[^"\\]', r'[^"\\\x00-\x1F]')


def _json_literal(text: str) -> str:
    """GBNF of a JSON constant, letters beyond ASCII as they are rather than as `\\u` escapes."""
    plain = json.dumps(json.loads(text), ensure_ascii=False)
    return '"' + "".join(map(_escaped, plain)) + '"'


def regex_to_gbnf(pattern: str) -> str:
    r"""The grammar of the texts that a regular expression matches whole.

    The subset: literals, `.` (not a line break), classes with ranges, `\d \w \s` and their capitals
    (ASCII; capitals outside classes only), `\n \t \r \f \v` and escaped punctuation, groups `(…)` and
    `(?:…)`, `|`, the quantifiers `* + ? {m} {m,} {m,n}`, and `^` and `$` where they change nothing.
    Raises PawError `regex-unsupported` on anything else.
    """
    try:
        return f"root ::= {_Regex(pattern).whole()}\n"
    except RecursionError as error:
        raise PawError("regex-unsupported", "the regex nests too deep") from error


def _escaped(char: str) -> str:
    """A character as GBNF spells it in a literal or class."""
    if char.isascii() and char.isalnum():
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x80 else f"\\U{code:08X}"


class _Regex:
    """Recursive descent over a pattern; each method returns GBNF and leaves `at` behind what it read."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at, self.depth = pattern, 0, 0

    def fail(self, why: str) -> NoReturn:
        raise PawError("regex-unsupported", f"{why} at character {self.at + 1} of the regex /{self.pattern}/")

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            self.fail("unexpected end")
        self.at += 1
        return char

    def whole(self) -> str:
        rule = self.alternatives()
        if self.peek():
            self.fail("unbalanced ')'")
        return rule

    def alternatives(self) -> str:
        found = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            found.append(self.sequence())
        return " | ".join(found)

    def sequence(self) -> str:
        items: list[str] = []
        if self.depth == 0 and self.peek() == "^":
            self.at += 1
        while (char := self.peek()) and char not in "|)":
            if char == "$" and self.depth == 0 and self.pattern[self.at + 1 : self.at + 2] in ("", "|"):
                self.at += 1
                break
            items.append(self.item() + self.quantifier())
        return " ".join(items) or '""'

    def item(self) -> str:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == ".":
            return r"[^\x0A\x0D]"
        if char == "\\":
            return self.escape()
        if char in "*+?{}^$]":
            self.at -= 1
            self.fail(f"unsupported {char!r}")
        return f'"{_escaped(char)}"'

    def group(self) -> str:
        if self.peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                self.fail("unsupported group")
            self.at += 2
        self.depth += 1
        inner = self.alternatives()
        self.depth -= 1
        if self.peek() != ")":
            self.fail("missing ')'")
        self.at += 1
        return f"({inner})"

    def escape(self) -> str:
        char = self.take()
        if char.lower() in _SETS:
            return f"[{'^' if char.isupper() else ''}{_SETS[char.lower()]}]"
        return f'"{_escaped(self.plain_escape(char))}"'

    def plain_escape(self, char: str) -> str:
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char.isalnum():
            self.at -= 1
            self.fail(f"unsupported escape '\\{char}'")
        return char

    def char_class(self) -> str:
        negated = self.peek() == "^"
        self.at += negated
        parts: list[str] = []
        while (char := self.take()) != "]" or not parts:
            if char == "\\":
                char = self.take()
                if char in _SETS:
                    parts.append(_SETS[char])
                    continue
                char = self.plain_escape(char)
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("", "]"):
                self.at += 1
                last = self.take()
                last = self.plain_escape(self.take()) if last == "\\" else last
                if last < char:
                    self.fail("reversed range")
                parts.append(f"{_escaped(char)}-{_escaped(last)}")
            else:
                parts.append(_escaped(char))
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def quantifier(self) -> str:
        char = self.peek()
        if char == "" or char not in "*+?{":
            return ""
        self.at += 1
        if char == "{":
            end = self.pattern.find("}", self.at)
            low, comma, high = self.pattern[self.at : max(end, self.at)].partition(",")
            if not low.isdecimal() or not (high.isdecimal() or not high):
                self.fail("unsupported '{'")
            if max(int(low), int(high or low)) > _MOST_REPEATS or (high and int(high) < int(low)):
                self.fail("unsupported number of repetitions")
            self.at = end + 1
            char = f"{{{int(low)}{comma}{int(high) if high else ''}}}"
        if self.peek() and self.peek() in "*+?{":
            self.fail("unsupported quantifier")
        return char


class Grammar:
    """A grammar over a model's vocabulary; `start` gives the state of one answer. Closes its C object.

    Raises PawError `grammar-refused` if llama.cpp can't use it.
    """

    def __init__(self, model: Model, gbnf: str) -> None:
        self.model, self.api = model, model.api
        library.complaint()
        self.pointer: Any = self.api.llama_sampler_init_grammar(model.vocab, gbnf.encode(), b"root")
        if not self.pointer:
            self.pointer = None
            raise PawError("grammar-refused", f"llama.cpp refuses the grammar: {library.complaint()}")
        control, eog = self.api.llama_vocab_is_control, self.api.llama_vocab_is_eog
        #: Control tokens have no text of their own, but a grammar would match their spelling.
        self.banned = [t for t in range(model.n_vocab) if control(model.vocab, t) and not eog(model.vocab, t)]

    def start(self) -> GrammarState:
        """The state before the first token."""
        return GrammarState(self, self.api.llama_sampler_clone(self.pointer))

    def close(self) -> None:
        if self.pointer:
            self.api.llama_sampler_free(self.pointer)
        self.pointer = None


class GrammarState(Closing):
    """Where one answer stands in its grammar."""

    def __init__(self, grammar: Grammar, pointer: Any) -> None:
        self.grammar, self.api, self.pointer = grammar, grammar.api, pointer

    def close(self) -> None:
        if self.pointer:
            self.api.llama_sampler_free(self.pointer)
        self.pointer = None

    def choose(self, logits: FloatArray) -> int | None:
        """The likeliest token that the grammar permits, which is then accepted; None if it permits none.

        llama.cpp takes milliseconds to test a large vocabulary, so the best few are tried first: if one
        of them is permitted, none outside can be better.
        """
        masked = logits.copy()
        masked[self.grammar.banned] = -np.inf
        everything = np.arange(len(masked))
        few = np.argpartition(-masked, 64)[:64] if len(masked) > 64 else everything
        for best in (few, everything):
            kept = self._permitted(best[np.isfinite(masked[best])], masked)
            if len(kept):
                token = int(kept[np.argmax(masked[kept])])
                self.api.llama_sampler_accept(self.pointer, token)
                return token
        return None

    def _permitted(self, tokens: npt.NDArray[np.intp], logits: FloatArray) -> npt.NDArray[np.int32]:
        """Those of `tokens` that may come next, in ascending order."""
        data = np.zeros(len(tokens), _CANDIDATE)
        data["id"] = np.sort(tokens)
        data["logit"] = logits[data["id"]]
        array = self.api.llama_token_data_array()
        pointer_type = type(array.data)
        array.data = ctypes.cast(ctypes.c_void_p(data.ctypes.data), pointer_type)
        array.size, array.selected, array.sorted = len(data), -1, False
        self.api.llama_sampler_apply(self.pointer, ctypes.byref(array))
        kept: npt.NDArray[np.int32] = data["id"][np.isfinite(data["logit"])]
        return kept
