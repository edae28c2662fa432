"""Whether a short English text asks for anything: whether it has a verb, or a form that does without one."""

from __future__ import annotations

import re

#: The verbs that begin or carry the descriptions of trainer/fuzzybench, and their like.
_WORDS = """
    abbreviate accept add adjust alert align am analyse analyze annotate anonymise anonymize answer append
    apply approve are arrange ask assess assign be block boil break build calculate can capitalise
    capitalize catch categorise categorize censor change check choose classify clean coerce collapse collect
    combine compare compose compute condense convert copy correct could count create cut decide decline
    decode deduce delete describe detect determine did discard do does drop edit emit encode escalate escape
    estimate evaluate examine exclude expand explain express extract fill filter find fix flag flatten
    format forward generate get give go grade group guess had handle has have hide highlight how identify
    ignore include infer insert inspect interpret is join judge keep label leave let list locate look
    lowercase make map mark mask match may measure merge might must name need normalise normalize obfuscate
    order output pair paraphrase parse pass pick predict prefer print prioritise prioritize process produce
    propose pseudonymise pull put quote rank rate read recognise recognize recommend recover redact reduce
    reformat reject remove render reorder repair repeat rephrase replace reply report rerank resolve respond
    restore retrieve return reverse review rewrite round route run say scan score scrub search select send
    separate serialise serialize set shall shorten should show shrink simplify slugify solve sort spell
    split standardise standardize state strip suggest sum summarise summarize swap tag take tell tidy
    tokenise tokenize transcribe transform translate trim truncate turn unescape unify uppercase use
    validate verify want warn was were what when where which who why will would write
"""
_VERBS = frozenset(_WORDS.split())
#: What takes the place of a verb: a question, a mapping.
_VERBLESS = re.compile(r"\?|->|=>|→|\w\s+(?:in)?to\s+\w")
_ENDINGS = ("", "s", "es", "d", "ed", "ing")


def has_verb(text: str) -> bool:
    """Also true of a text with letters beyond ASCII, of whose language nothing is known here."""
    if _VERBLESS.search(text) or any(c.isalpha() and not c.isascii() for c in text):
        return True
    return any(map(_is_verb, re.findall(r"[a-z]+", text.lower())))


def _is_verb(word: str) -> bool:
    stems = {word.removesuffix(ending) for ending in _ENDINGS}
    stems |= {stem + "e" for stem in stems if word.endswith("ing")}
    stems |= {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}  # tagging
    stems |= {stem[:-1] + "y" for stem in stems if stem.endswith("i")}  # classified
    return not _VERBS.isdisjoint(stems)
