# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Core text: reading sentiment, urgency, tone, topic, question type, language and the like from a sentence."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from pawtrainer.families import sentences as s
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import Kind, kind, label_function, label_wordings, text_function

GROUP = "core-text"
GOOD = kind("good", "positive good pos happy satisfied like thumbs_up plus praise favourable", "praise or satisfaction", "a happy customer", "a favourable opinion", "a writer who is pleased", "a positive opinion")
BAD = kind("bad", "negative bad neg unhappy dissatisfied dislike thumbs_down minus complaint critical", "complaints or disappointment", "an unhappy customer", "an unfavourable opinion", "a writer who is displeased", "a negative opinion")
MIXED = kind("mixed", "mixed both ambivalent partly so-so half", "both praise and criticism", "good and bad points together", "an opinion with pros and cons", "liking one thing and disliking another")
FLAT = kind("flat", "neutral none factual neither no_opinion zero", "no opinion at all", "plain facts without any judgement", "a text that judges nothing", "facts only")


def pick(rng: random.Random, kinds: Sequence[Kind], low: int, high: int, always: str = "") -> list[Kind]:
    """A random subset of the kinds, with `always` in it when named."""
    fixed = [one for one in kinds if one.key == always]
    rest = [one for one in kinds if one.key != always]
    return fixed + rng.sample(rest, min(len(rest), rng.randint(low, high) - len(fixed)))


def from_bank(bank: dict[str, tuple[str, ...]], noise: float = 0.3) -> Callable[[random.Random, str], str]:
    return lambda rng, key: w.chat(rng, s.write(rng, bank[key]), noise)


def with_other(bank: dict[str, tuple[str, ...]], keys: Sequence[str], noise: float = 0.3) -> Callable[[random.Random, str], str]:
    """Like from_bank; the key "other" draws from the classes that the function leaves out."""
    rest = [key for key in bank if key not in keys]

    def make(rng: random.Random, key: str) -> str:
        return w.chat(rng, s.write(rng, bank[rng.choice(rest) if key == "other" else key]), noise)

    return make


OTHER = kind("other", "other none else misc rest unknown neither", "anything else", "everything else", "all the rest", "none of these")


@family(GROUP)
def review_sentiment(rng: random.Random) -> Function:
    kinds = [GOOD, BAD]
    if rng.random() < 0.45:
        kinds.append(MIXED)
    if rng.random() < 0.45:
        kinds.append(FLAT)
    domain = rng.choice([*w.OPINIONS, None, None])
    noun = f"{domain} review" if domain else "review"

    def make(rng: random.Random, key: str) -> str:
        return w.chat(rng, w.review(rng, key, domain))

    return label_function(rng, [noun, "review", "customer comment", "piece of feedback", "comment"], ["the sentiment", "the overall opinion", "the mood of the writer", "the verdict", "the polarity", "how the customer feels"], kinds, make)


@family(GROUP)
def aspect_sentiment(rng: random.Random) -> Function:
    """The opinion on one aspect only; the others are distractors."""
    domain = rng.choice(list(w.OPINIONS))
    aspect = rng.choice(list(w.OPINIONS[domain]))
    good = kind("good", "positive good pos plus like happy praise", f"praise of the {aspect}", f"a good word on the {aspect}", f"the {aspect} being liked")
    bad = kind("bad", "negative bad neg minus dislike unhappy complaint", f"criticism of the {aspect}", f"a complaint about the {aspect}", f"the {aspect} being disliked")
    none = kind("none", "none silent absent zero unmentioned neutral no_mention", f"no opinion on the {aspect}", f"the {aspect} not being mentioned", f"nothing said on the {aspect}")
    others = [one for one in w.OPINIONS[domain] if one != aspect]

    def make(rng: random.Random, key: str) -> str:
        rest = [w.opinion(rng, rng.random() < 0.5, domain, rng.choice(others)) for _ in range(rng.choice((0, 1, 1)) if key != "none" else rng.choice((1, 1, 2)))]
        if key != "none":
            rest.insert(rng.randrange(len(rest) + 1), w.opinion(rng, key == "good", domain, aspect))
        return w.chat(rng, " ".join(rest))

    return label_function(rng, [f"{domain} review", f"review of a {domain}", "review"], [f"the opinion on the {aspect} only", f"the sentiment towards the {aspect}", f"the verdict on the {aspect}, nothing else"], [good, bad, none], make, plain=False,
                          rules=[[f"only the {aspect} counts", f"ignore everything but the {aspect}", "other aspects do not matter"]])


@family(GROUP)
def star_rating(rng: random.Random) -> Function:
    """Numbers for moods, in a drawn direction."""
    high, low = rng.choice((("5", "1"), ("1", "5"), ("10", "0"), ("3", "1"), ("1", "-1"), ("+", "-"), ("A", "F"), ("2", "0"), ("100", "0")))
    middle = {"5": "3", "10": "5", "3": "2", "2": "1", "A": "C", "100": "50", "+": "0"}.get(high, "3" if high == "1" and low == "5" else "0")
    labels = {"good": high, "bad": low, "mixed": middle}
    parts = [kind("good", high, "full praise", "a delighted customer", "all good"), kind("bad", low, "a scathing review", "an angry customer", "all bad"), kind("mixed", middle, "praise and criticism together", "good and bad in one review", "mixed feelings")]
    wordings = label_wordings(rng, ["review", "comment", "feedback"], ["the score of the review", "the rating", "the grade that fits"], [(labels[k.key], k.means) for k in parts], False)
    return Function(wordings, "label", lambda r: (lambda key: (w.chat(r, w.review(r, key)), labels[key]))(r.choice(list(labels))), tuple(labels.values()))


@family(GROUP)
def recommend(rng: random.Random) -> Function:
    domain = rng.choice(list(w.OPINIONS))
    aspects = rng.sample(list(w.OPINIONS[domain]), 2)
    first = [kind(one, f"{one} the_{one} {one}s", f"remarks on the {one}", f"the {one}", f"an opinion about the {one}") for one in aspects]
    if rng.random() < 0.5:
        first.append(kind(rng.choice([a for a in w.OPINIONS[domain] if a not in aspects]), "third rest other_topic extra", "placeholder"))
        last = first[-1]
        first[-1] = kind(last.key, f"{last.key} the_{last.key}", f"remarks on the {last.key}", f"the {last.key}", f"an opinion about the {last.key}")

    def make(rng: random.Random, key: str) -> str:
        return w.chat(rng, w.opinion(rng, rng.random() < 0.5, domain, key))

    return label_function(rng, [f"{domain} review", "review sentence", "comment"], ["the aspect that the review talks about", "the thing being judged", "the topic of the remark"], first, make)


def _bank_family(rng: random.Random, bank: dict[str, tuple[str, ...]], kinds: Sequence[Kind], things: list[str], asks: list[str], low: int, high: int, other: float = 0.4, noise: float = 0.3) -> Function:
    """A label function over a drawn subset of a sentence bank, sometimes with a class for the rest."""
    chosen = pick(rng, kinds, low, high)
    keys = [one.key for one in chosen]
    if len(keys) < len(bank) and rng.random() < other:
        chosen.append(OTHER)
    return label_function(rng, things, asks, chosen, with_other(bank, keys, noise))


@family(GROUP)
def emotion(rng: random.Random) -> Function:
    kinds = [
        kind("joy", "joy happy happiness glad", "joy", "happiness", "a happy writer"), kind("anger", "anger angry mad furious", "anger", "an angry writer", "rage"),
        kind("sadness", "sadness sad sorrow grief", "sadness", "a sad writer", "grief or loneliness"), kind("fear", "fear afraid scared anxiety", "fear", "a frightened writer", "worry"),
        kind("surprise", "surprise surprised astonished", "surprise", "astonishment", "a surprised writer"), kind("disgust", "disgust disgusted yuck", "disgust", "revulsion", "something gross"),
        kind("gratitude", "gratitude thankful grateful thanks", "gratitude", "a thankful writer", "thanks"),
    ]
    return _bank_family(rng, s.EMOTIONS, kinds, ["message", "post", "tweet", "text", "chat line"], ["the emotion", "the main feeling", "the feeling of the writer", "the mood"], 2, 5)


@family(GROUP)
def urgency(rng: random.Random) -> Function:
    kinds = [
        kind("high", "high urgent critical now P1 hot immediate", "a matter for right now", "an emergency or a total stop", "something that cannot wait", "an urgent problem"),
        kind("medium", "medium normal soon P2 warm week", "a matter with a deadline in days", "something for this week or with a date", "a problem that can wait some days"),
        kind("low", "low later can_wait P3 cold whenever", "a matter without any hurry", "wishes and minor things", "something that can wait"),
    ]
    chosen = kinds if rng.random() < 0.6 else [kinds[0], kinds[2]]
    return label_function(rng, ["message", "ticket", "email", "request", "support message"], ["the urgency", "the priority", "how urgent it is", "how soon someone has to act"], chosen, from_bank(s.URGENCY))


@family(GROUP)
def tone(rng: random.Random) -> Function:
    kinds = [
        kind("polite", "polite courteous kind friendly", "polite wording", "courtesy", "a friendly tone"), kind("rude", "rude impolite insulting hostile", "rudeness", "insults", "a rude tone"),
        kind("neutral", "neutral plain matter-of-fact businesslike", "a plain statement", "a matter-of-fact tone", "neither kind nor rude wording"), kind("sarcastic", "sarcastic ironic sarcasm irony", "sarcasm", "irony", "mock praise"),
    ]
    return _bank_family(rng, s.TONES, kinds, ["message", "sentence", "mail", "comment", "reply"], ["the tone", "the tone of voice", "the manner of the message", "how it is said"], 2, 4, other=0.2)


TOPIC_KINDS = [
    kind("sports", "sports sport athletics", "matches, players and records", "sport"), kind("politics", "politics political government", "elections, laws and ministers", "politics"),
    kind("technology", "technology tech IT computers", "computers, software and gadgets", "technology"), kind("health", "health medicine medical", "illness, doctors and medicine", "health"),
    kind("business", "business economy finance money", "companies, shares and jobs", "business news"), kind("weather", "weather forecast", "rain, sun and storms", "the weather"),
    kind("travel", "travel trips tourism holiday", "trips, hotels and sights", "travel"), kind("food", "food cooking recipes kitchen", "cooking and eating", "food"),
    kind("science", "science research", "research and discoveries", "science"), kind("music", "music concerts", "songs, bands and concerts", "music"),
    kind("education", "education school learning", "schools and studying", "education"), kind("crime", "crime police justice", "thefts, police and courts", "crime"),
    kind("gardening", "gardening garden plants", "plants and gardens", "gardening"), kind("housing", "housing homes property real-estate", "rents, flats and houses", "housing"),
]


@family(GROUP)
def topic(rng: random.Random) -> Function:
    return _bank_family(rng, s.TOPICS, TOPIC_KINDS, ["headline", "sentence", "news item", "text", "post"], ["the topic", "the subject", "the section it belongs to", "what it is about"], 2, 6, noise=0.15)


@family(GROUP)
def topic_yes_no(rng: random.Random) -> Function:
    one = rng.choice(TOPIC_KINDS)
    about = rng.choice(one.means)
    kinds = [kind("yes", "yes true y relevant keep on-topic match", f"a text about {about}", about, f"anything to do with {about}"), kind("no", "no false n irrelevant drop off-topic skip", "any other subject", "everything else", f"a text that is not about {about}")]
    rest = [key for key in s.TOPICS if key != one.key]

    def make(rng: random.Random, key: str) -> str:
        return w.chat(rng, s.write(rng, s.TOPICS[one.key if key == "yes" else rng.choice(rest)]), 0.15)

    return label_function(rng, ["headline", "sentence", "news item", "text"], [f"whether it is about {about}", f"relevance for a newsletter on {about}", f"if the text deals with {about}"], kinds, make, plain=False, questions=[f"[is|does] the text [about|deal with] {about}".replace("[is|does] the text [about|deal with]", q) for q in ("is the text about", "is it about", "does the text deal with", "is this about", "about")])


@family(GROUP)
def question_type(rng: random.Random) -> Function:
    kinds = [
        kind("person", "person who human name", "a person as the answer", "questions about a person", "who-questions"), kind("place", "place where location", "a place as the answer", "questions about a location", "where-questions"),
        kind("time", "time when date", "a time or date as the answer", "questions about when", "when-questions"), kind("number", "number amount quantity howmany", "a number as the answer", "questions about a quantity", "how-many questions"),
        kind("reason", "reason why cause", "a reason as the answer", "questions about the cause", "why-questions"), kind("manner", "manner how instructions howto", "instructions as the answer", "questions about how to do something", "how-to questions"),
        kind("yesno", "yesno boolean polar closed", "yes or no as the answer", "questions answered by yes or no", "yes/no questions"), kind("definition", "definition meaning what explain", "an explanation of a term", "questions about what something means", "definitions"),
    ]
    return _bank_family(rng, s.QUESTIONS, kinds, ["question"], ["the type of answer wanted", "the question type", "the kind of answer it asks for"], 2, 5)


@family(GROUP)
def language_id(rng: random.Random) -> Function:
    codes = {"English": "en", "German": "de", "French": "fr", "Spanish": "es", "Italian": "it", "Dutch": "nl", "Portuguese": "pt", "Polish": "pl"}
    kinds = [kind(name, f"{name} {code} {name.lower()}", f"{name}", f"{name} text", f"a text in {name}") for name, code in codes.items()]
    return _bank_family(rng, s.LANGUAGES, kinds, ["sentence", "text", "line"], ["the language", "the language it is written in"], 2, 5, noise=0.15)


@family(GROUP)
def formality(rng: random.Random) -> Function:
    kinds = [kind("formal", "formal official stiff business", "formal, official wording", "business letters", "a formal register"), kind("informal", "informal casual chatty slang", "casual, chatty wording", "slang and chat", "an informal register")]
    return label_function(rng, ["sentence", "message", "line", "text"], ["the register", "the formality", "the style"], kinds, from_bank(s.FORMALITY, 0.1))


@family(GROUP)
def sentence_kind(rng: random.Random) -> Function:
    kinds = [kind("question", "question interrogative ask query", "a question", "a sentence that asks something"), kind("command", "command imperative order request", "an order or request", "a sentence that tells someone to do something"),
             kind("statement", "statement declarative fact telling", "a statement", "a sentence that tells something"), kind("exclamation", "exclamation exclamatory wow", "an exclamation", "a cry of surprise or admiration")]
    marks = rng.random() < 0.5

    def make(rng: random.Random, key: str) -> str:
        end = {"question": "?", "command": rng.choice(".!"), "statement": ".", "exclamation": "!"}[key]
        return w.chat(rng, s.write(rng, s.SENTENCE_KINDS[key]) + (end if marks else ""), 0.2)

    return label_function(rng, ["sentence", "line", "utterance"], ["the sentence type", "the kind of sentence", "the mood of the sentence"], pick(rng, kinds, 2, 4), make)


@family(GROUP)
def tense(rng: random.Random) -> Function:
    kinds = [kind("past", "past before past_tense was", "something in the past", "the past tense", "what happened before"), kind("present", "present now present_tense is", "something now or in general", "the present tense", "what is true now"),
             kind("future", "future later future_tense will", "something to come", "the future", "what will happen")]
    return label_function(rng, ["sentence", "line"], ["the tense", "the time it speaks of", "the time of the action"], pick(rng, kinds, 2, 3), from_bank(s.TENSES, 0.15))


@family(GROUP)
def fact_or_opinion(rng: random.Random) -> Function:
    kinds = [kind("fact", "fact objective factual", "a checkable fact", "something that can be looked up", "an objective statement"), kind("opinion", "opinion subjective view", "a personal opinion", "a judgement or taste", "a subjective statement"),
             kind("prediction", "prediction forecast guess future", "a prediction", "a claim about the future")]
    return label_function(rng, ["sentence", "claim", "statement"], ["the kind of claim", "the nature of the statement", "the type of claim"], kinds[: rng.choice((2, 3))], from_bank(s.STANCE, 0.15))


@family(GROUP)
def spam(rng: random.Random) -> Function:
    kinds = [kind("spam", "spam junk trash block bad", "spam", "unwanted advertising, scams and phishing", "junk mail", "a fraud or a prize trick"), kind("ham", "ham ok legit keep clean good inbox", "a normal message", "ordinary personal or business mail", "a message from someone who knows you", "legitimate mail")]
    return label_function(rng, ["message", "SMS", "email", "mail"], ["the kind of message", "the verdict of a spam filter", "the folder it belongs in"], kinds, from_bank(s.SPAM, 0.15))


@family(GROUP)
def reply_stance(rng: random.Random) -> Function:
    kinds = [kind("yes", "yes accept accepted in coming agree", "acceptance", "a yes", "someone who agrees"), kind("no", "no decline declined out refuse", "a refusal", "a no", "someone who declines"), kind("maybe", "maybe unsure undecided open tentative", "an undecided answer", "someone who does not know yet", "neither a yes nor a no")]
    return label_function(rng, ["reply", "answer to an invitation", "response", "RSVP message"], ["the answer given", "the decision", "the RSVP status"], kinds[: rng.choice((2, 3, 3))], from_bank(s.REPLIES))


@family(GROUP)
def email_act(rng: random.Random) -> Function:
    kinds = [kind("request", "request todo task ask", "a task or request for the reader", "something to be done"), kind("info", "info fyi notice news", "information without any action", "a notice"), kind("meeting", "meeting calendar appointment schedule", "a meeting to arrange", "an invitation to meet"),
             kind("thanks", "thanks praise thank_you kudos", "thanks or praise", "an expression of thanks"), kind("complaint", "complaint problem issue grievance", "a complaint", "an unhappy sender"), kind("apology", "apology sorry regret", "an apology", "someone who says sorry")]
    return _bank_family(rng, s.EMAIL_ACTS, kinds, ["email", "mail", "message", "mail body"], ["the purpose of the mail", "what the mail wants", "the type of mail"], 2, 5)


@family(GROUP)
def mentions_group(rng: random.Random) -> Function:
    """Does the sentence mention a member of a word group (an animal, a city …)?"""
    group = rng.choice([g for g in w.GROUPS if g not in ("job", "language", "programming language", "weather", "body part", "vehicle", "furniture", "kitchenware", "metal", "bird", "fish")])
    name = ("an " if group[0] in "aeiou" else "a ") + group
    kinds = [kind("yes", "yes true y 1 found has present", f"a text that mentions {name}", f"at least one mention of {name}", f"{name} in the text"), kind("no", "no false n 0 none lacks absent", "a text without one", f"no mention of {name}", "none in the text")]
    others = [g for g in w.GROUPS if g != group and not set(w.GROUPS[g]) & set(w.GROUPS[group]) and g not in ("country", "city", "weather") and not (group == "animal" and g in ("fish", "bird"))]
    frames = ("I saw {x} in the window", "We talked about {x} all evening", "She drew {x} on the wall", "The story is about {x}", "{first} dreamt of {x}", "There was a picture of {x}", "They wrote a song about {x}", "My favourite word is {x}", "The quiz had a question on {x}", "He named his boat {x}")

    def make(rng: random.Random, key: str) -> str:
        word = rng.choice(w.GROUPS[group] if key == "yes" else w.GROUPS[rng.choice(others)])
        text = rng.choice(frames).replace("{x}", word).replace("{first}", rng.choice(w.FIRST))
        other = rng.choice(w.GROUPS[rng.choice([g for g in others if g not in ("colour", "flower")])])
        return w.chat(rng, text + rng.choice(("", f" and then about {other}", f" near the {other}")) + ".", 0.2)

    return label_function(rng, ["sentence", "line", "text"], [f"whether {name} is mentioned", f"if the text names {name}"], kinds, make, plain=False, questions=[f"is {name} mentioned", f"does the text mention {name}", f"does the line name {name}", f"mentions {name}", f"is there {name} in it"])


@family(GROUP)
def word_group(rng: random.Random) -> Function:
    groups = rng.sample([g for g in w.GROUPS if g not in ("bird", "fish", "flower", "tree", "city", "language")], rng.randint(2, 5))
    seen = [set(w.GROUPS[g]) for g in groups]
    kinds = [kind(g, f"{g.replace(' ', '_')} {g.replace(' ', '-')}s", g, f"a word for a {g}", f"{g} words") for g in groups]
    rest = [g for g in w.GROUPS if g not in groups]
    use = rng.random() < 0.3
    if use:
        kinds.append(OTHER)

    def make(rng: random.Random, key: str) -> str:
        for _ in range(50):
            word = rng.choice(w.GROUPS[rng.choice(rest) if key == "other" else key])
            if sum(word in one for one in seen) == (0 if key == "other" else 1):
                return rng.choice((word, word, word.capitalize(), f"{rng.choice(('a', 'the', 'my'))} {word}" if word.islower() else word))
        return "qwxz" if key == "other" else word

    return label_function(rng, ["word", "term", "item"], ["the category", "the group of the word", "the class"], kinds, make)


@family(GROUP)
def odd_one_out(rng: random.Random) -> Function:
    sep = rng.choice((", ", ", ", " ", " / ", "; "))
    count = rng.choice((4, 4, 5, 3))
    clear = [g for g in w.GROUPS if g not in ("colour", "flower", "metal", "language", "body part", "job")]

    def sample(rng: random.Random) -> Pair:
        g, other = rng.sample(clear, 2)
        while {g, other} & {"fruit", "vegetable", "tree", "animal", "bird", "fish"} and {g, other} <= {"fruit", "vegetable", "tree", "animal", "bird", "fish", "drink"}:
            g, other = rng.sample(clear, 2)
        shown = rng.sample([x for x in w.GROUPS[g] if " " not in x], count - 1)
        odd = rng.choice([x for x in w.GROUPS[other] if x not in w.GROUPS[g] and " " not in x])
        shown.insert(rng.randrange(count), odd)
        return sep.join(shown), odd

    return text_function(rng, sample, ["some words", f"{count} words", "a short word list"], ["find the odd one out [and print it|]", "[print|return|name] the word that does not belong to the others", "[tell me|say] which word does not fit"], ["words -> odd one out", "odd one out"])


@family(GROUP)
def opposite(rng: random.Random) -> Function:
    pairs = (("hot", "cold"), ("big", "small"), ("old", "new"), ("fast", "slow"), ("up", "down"), ("open", "closed"), ("light", "dark"), ("happy", "sad"), ("rich", "poor"), ("full", "empty"), ("early", "late"), ("hard", "soft"), ("high", "low"), ("wet", "dry"), ("left", "right"),
             ("strong", "weak"), ("buy", "sell"), ("win", "lose"), ("start", "stop"), ("love", "hate"), ("day", "night"), ("black", "white"), ("clean", "dirty"), ("loud", "quiet"), ("thick", "thin"), ("near", "far"), ("push", "pull"), ("give", "take"), ("true", "false"), ("inside", "outside"),
             ("before", "after"), ("arrive", "leave"), ("cheap", "expensive"), ("deep", "shallow"), ("first", "last"), ("friend", "enemy"), ("on", "off"), ("heavy", "weightless"), ("remember", "forget"), ("accept", "reject"), ("increase", "decrease"), ("asleep", "awake"), ("laugh", "cry"), ("war", "peace"))
    kinds = [kind("yes", "opposite yes antonyms contrary", "opposites", "words of contrary meaning"), kind("no", "unrelated no other different", "words that are no opposites", "any other pair")]
    sep = rng.choice((" / ", " - ", ", ", " vs ", " | "))

    def make(rng: random.Random, key: str) -> str:
        a, b = rng.choice(pairs)
        if key == "no":
            while True:
                c = rng.choice(rng.choice(pairs))
                if c not in (a, b):
                    break
            b = c
        return sep.join((a, b) if rng.random() < 0.5 else (b, a))

    if rng.random() < 0.5:
        return label_function(rng, ["pair of words", "word pair"], ["the relation of the two words", "whether the words are opposites"], kinds, make, plain=False, questions=["are the two words opposites", "opposites", "do the words mean the contrary of each other"])
    upper = rng.random() < 0.3

    def sample(rng: random.Random) -> Pair:
        a, b = rng.choice([p for p in pairs if p[0] != "heavy"])
        if rng.random() < 0.5:
            a, b = b, a
        return a, b.upper() if upper else b

    rules = [["[answer|write it] in capitals", "upper case, please"]] if upper else []
    return text_function(rng, sample, ["a word"], ["[give|print|write|name] the opposite of the word", "[return|find] the antonym"], ["word -> opposite", "antonym"], rules)
