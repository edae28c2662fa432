# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Web and intent: ticket routing, chat intents, navigation and settings targets, FAQ selection, slots to JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from pawtrainer.families import sentences as s
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import (
    NONE_WORDS,
    Kind,
    draw_labels,
    fill,
    kind,
    label_function,
    label_wordings,
    text_function,
)
from pawtrainer.families.repair import json_style, tells
from pawtrainer.families.text import OTHER

GROUP = "web-and-intent"

TICKETS: dict[str, tuple[str, ...]] = {
    "billing": ("I was charged twice for {month}.", "My invoice shows the wrong [amount|address].", "Please send me the receipt for order {big}.", "Why is there a fee of {n} euros on my bill?", "The refund of {big} euros has not arrived.", "Can I pay by [card|bank transfer] instead?", "My card was declined at checkout.", "When is the next payment due?"),
    "technical": ("The app crashes when I open the {product} page.", "I get error {big} after the update.", "The page stays white in my browser.", "Video calls freeze after {n} minutes.", "Upload of files over {n} MB fails.", "The search button does nothing.", "Sync between phone and laptop is broken.", "Your API returns 500 since {time}."),
    "sales": ("How much is a licence for {n} users?", "Do you offer a discount for schools?", "I'd like a quote for {big} {product}s.", "Can we get a demo on {day}?", "What is the difference between the basic and the pro plan?", "We are interested in buying for our {dept} team.", "Is there a free trial?"),
    "shipping": ("Where is my parcel? It should have come on {day}.", "Tracking says delivered but there is no {product}.", "Please deliver to {city} instead.", "How long does shipping to {country} take?", "The box arrived damaged.", "The courier left the {product} in the rain.", "Can you ship before {day}?"),
    "account": ("I can't log in, my password is not accepted.", "Please change my email to the new one.", "How do I delete my account?", "My account is locked after {n} attempts.", "The code for two-step login never arrives.", "I want to change my user name to {first}{n}.", "Someone else is using my account."),
    "returns": ("I want to send the {product} back.", "The {product} doesn't fit, can I exchange it?", "How do I print a return label?", "Within how many days can I return the {product}?", "Got a {adj} {product} instead of the one I ordered, want to swap it.", "I changed my mind about the {product}, how do I give it back?"),
    "hr": ("I'd like to take {n} days of holiday in {month}.", "Where do I hand in my sick note?", "My payslip for {month} is missing.", "When does the parental leave of {first} start?", "Who do I ask about a salary raise?", "We have a new colleague, {first} {last}, please prepare the contract."),
    "facilities": ("The light in room {n} is broken.", "The heating on floor {n} is cold.", "There is no paper in the toilet.", "The lift is stuck again.", "Could someone clean the carpet in the {dept} office?", "The window in the hall won't close.", "We need {n} more chairs in the meeting room."),
    "legal": ("Please review the contract with {company}.", "We got a letter from a lawyer about a trademark.", "Is this clause on liability valid?", "A customer asks for all personal data under the GDPR.", "Can we use the photo without a licence?", "{company} threatens to sue us."),
    "press": ("I'm a journalist from {city} and need a statement.", "Can we interview your CEO {first} {last}?", "Please send logos for our magazine article.", "Do you have a press photo of the {product}?", "We'd like to report about {company} on TV."),
    "jobs": ("I'd like to apply as {job}.", "Attached is my CV for the {job} position.", "Are there internships in {city}?", "Did you receive my application?", "Is the {job} job still open?", "When will the interviews for the {job} post take place?"),
    "security": ("I found a hole in your login page.", "Got a phishing mail that pretends to be from {company}.", "A laptop with customer data was stolen in {city}.", "There were {n} logins from {country} on my account last night.", "Somebody put malware on the {dept} server.", "I clicked on a strange link and typed my password."),
}
TICKETS = s.extended(TICKETS, ("I have a question about the {x}.", "Something is wrong with the {x}.", "{x}??", "need help: {x}", "Who can help me with the {x}?", "Still no answer about the {x} since {day}.", "It's about the {x}, please call {first} {last}."), {
    "billing": "invoice, credit note, VAT number on the bill, direct debit, late fee, overcharge, payment reminder, receipt, double charge, bank transfer",
    "technical": "error message, crash, loading screen, broken link, plug-in, slow website, sync problem, bug in the export, black screen, failed update",
    "sales": "price list, quote, volume discount, demo, trial version, licence offer, enterprise plan, pricing for {n} seats, upgrade offer",
    "shipping": "delivery, parcel, tracking number, courier, customs form, lost package, delivery date, damaged box, wrong delivery address",
    "account": "password, login, user name, two-step code, locked account, profile email, sign-in, deleted account",
    "returns": "return label, exchange, wrong size, item to send back, return period, returned {product}",
    "hr": "payslip, holiday request, sick note, parental leave, employment contract, overtime, pension plan, salary",
    "facilities": "heating, lift, broken window, cleaning, light bulb, office key, water leak, air conditioning, desk chair",
    "legal": "contract clause, trademark, data protection request, lawsuit, licence agreement, liability, court letter",
    "press": "press release, interview, press photo, magazine article, TV report, statement for our newspaper",
    "jobs": "job application, vacancy, internship, CV, job interview, open position as {job}",
    "security": "phishing mail, stolen laptop, malware, data breach, suspicious login, hacked account, ransom note",
})
TICKET_KINDS = [
    kind("billing", "billing finance accounts payments money", "invoices, payments and refunds", "money questions", "bills and charges"), kind("technical", "tech technical support IT bugs", "bugs and crashes", "technical trouble", "software that does not work"), kind("sales", "sales quotes commercial buying", "prices, quotes and trials before buying", "people who want to buy"),
    kind("shipping", "shipping delivery logistics parcels", "parcels and delivery", "late, lost or damaged parcels"), kind("account", "account login access identity", "login, password and account data", "access to the account"), kind("returns", "returns exchange sendback", "returning or exchanging goods", "goods that go back"),
    kind("hr", "HR people personnel staff", "holidays, pay slips and staff matters", "questions of employees on leave or pay"), kind("facilities", "facilities building janitor house", "broken things in the building", "rooms, heating and cleaning"), kind("legal", "legal law lawyers compliance", "contracts, data protection and law", "legal matters"), kind("press", "press media pr", "journalists and the media", "press inquiries"),
    kind("jobs", "jobs careers recruiting hiring", "applications and vacancies", "people who look for a job"), kind("security", "security abuse secops incident", "phishing, break-ins and data theft", "security incidents"),
]


def bank_label(rng: random.Random, bank: dict[str, tuple[str, ...]], kinds: Sequence[Kind], things: list[str], asks: list[str], low: int, high: int, noise: float = 0.35, other: float = 0.45) -> Function:
    """A label function over a drawn part of a bank, the rest sometimes as a class of its own."""
    chosen = rng.sample(list(kinds), min(len(kinds), rng.randint(low, high)))
    keys = {one.key for one in chosen}
    rest = [key for key in bank if key not in keys]
    if rest and rng.random() < other:
        chosen.append(OTHER)
    return label_function(rng, things, asks, chosen, lambda r, key: w.chat(r, s.write(r, bank[r.choice(rest) if key == "other" else key]), noise))


@family(GROUP)
def ticket_routing(rng: random.Random) -> Function:
    return bank_label(rng, TICKETS, TICKET_KINDS, ["ticket", "customer message", "support request", "mail"], ["the team that handles it", "the right queue", "the department in charge", "where it should go"], 2, 6)


@family(GROUP)
def ticket_to_named_team(rng: random.Random) -> Function:
    """Queues with invented names: only the spec says who does what."""
    chosen = rng.sample(TICKET_KINDS, rng.randint(2, 5))
    style = rng.randrange(4)
    if style == 0:
        names = rng.sample(w.FIRST, len(chosen))
    elif style == 1:
        names = [f"team-{x}" for x in rng.sample("abcdefghkxyz", len(chosen))]
    elif style == 2:
        names = [f"{x.lower()}@{w.DOMAINS[3]}" for x in rng.sample(w.FIRST, len(chosen))]
    else:
        names = rng.sample(("Alpine", "Baltic", "Crater", "Dune", "Estuary", "Fjord", "Glacier", "Harbour", "Island", "Jungle"), len(chosen))
    kinds = [Kind(one.key, (name,), one.means) for one, name in zip(chosen, names, strict=True)]
    if rng.random() < 0.4:
        rest = [key for key in TICKETS if key not in {k.key for k in kinds}]
        kinds.append(kind("other", "nobody triage trash inbox desk", "anything else", "all the rest"))
    else:
        rest = []

    def wide(rng: random.Random, key: str) -> str:
        return w.chat(rng, s.write(rng, TICKETS[rng.choice(rest) if key == "other" else key]))

    return label_function(rng, ["ticket", "message", "mail", "request"], ["the person or team in charge", "the one who takes it", "the recipient"], kinds, wide, plain=False)


CHAT: dict[str, tuple[str, ...]] = {
    "greeting": ("[Hi|Hello|Hey] there!", "Good [morning|evening], {first} here.", "hey, anybody there?", "Hello {first}, nice to meet you.", "hiya", "Good day to you."), "goodbye": ("[Bye|See you], {first}.", "Talk to you on {day}, bye!", "That's all, good night.", "Catch you later.", "Have a nice weekend, goodbye.", "cya"),
    "thanks": ("Thanks a lot!", "Thank you, {first}, that helped.", "great, much appreciated", "Cheers, that's what I needed.", "thx, you're the best"), "booking": ("[I'd like to book|Please reserve] a table for {n} on {day}.", "Can I get an appointment at {time}?", "Book a room in {city} for {n} nights.", "reserve {n} seats for the {sport} match", "a table by the window at {time} please"),
    "cancel": ("[Please cancel|I need to cancel] my reservation on {day}.", "Cancel the order {big}.", "I won't come at {time}, take me off the list.", "drop my booking in {city}", "call off the appointment with {first}"), "status": ("Where is my order {big}?", "Has my {product} been shipped?", "What's the status of ticket {big}?", "is my application still being processed?", "how far is the repair of my {product}?"),
    "weather": ("Will it rain in {city} on {day}?", "How warm is it in {city}?", "Do I need an umbrella tomorrow?", "what's the forecast for {day}", "is it snowing in {country}?"), "music": ("Play some {instrument} music.", "Put on my jazz playlist.", "next song please", "turn the volume down to {n}", "who sings this song?"),
    "alarm": ("Wake me at {time}.", "Set an alarm for {time} on {day}.", "timer for {n} minutes", "cancel tomorrow's alarm", "remind me in {n} minutes to call {first}"), "translate": ("How do you say {fruit} in French?", "Translate good morning into Spanish.", "what does merci mean", "say thank you in Japanese", "{animal} in German please"),
    "math": ("What is {n} times {n}?", "add {big} and {n}", "How much is {n} percent of {big}?", "{big} minus {n}", "square root of {big}"), "joke": ("Tell me a joke.", "make me laugh", "Do you know a funny story?", "say something funny about {animal}s", "another joke please"),
    "agent": ("I want to talk to a human.", "Give me a real person, please.", "connect me with an agent", "can somebody from {dept} call me?", "no more bots, let me speak to someone"), "complaint": ("This is the worst service ever.", "I'm really unhappy with your {dept} team.", "your {product} is a disgrace", "I've been waiting for {n} days, that's unacceptable!", "I want to complain about {first}."),
    "smalltalk": ("How are you today?", "What's your name?", "are you a robot?", "How old are you?", "do you like {drink}?", "What do you do at the weekend?"), "navigate": ("How do I get to {city}?", "Directions to the nearest pharmacy.", "take me home", "route to {company} avoiding tolls", "how far is it to {city} by car"),
    "shopping": ("Add {fruit}s to my shopping list.", "put {drink} and {veg} on the list", "what's on my shopping list?", "buy a new {product}", "take {fruit} off the list"), "lights": ("Turn on the light in the kitchen.", "lights off please", "dim the lamp to {n} percent", "make the bedroom lamp red", "switch off everything in the hall"),
}
CHAT_MEANS = {
    "greeting": ("hello greet hi", "a greeting", "someone who says hello"), "goodbye": ("bye farewell goodbye", "a farewell", "someone who says goodbye"), "thanks": ("thanks gratitude thank_you", "thanks", "someone who says thank you"), "booking": ("book reserve booking", "a wish to book something", "reservations"), "cancel": ("cancel cancellation revoke", "cancelling something", "calling off a booking or order"),
    "status": ("status tracking order_status", "a question about the state of an order", "asking how far something is"), "weather": ("weather forecast get_weather", "a question about the weather", "the weather"), "music": ("music play_music audio", "playing music", "songs and volume"), "alarm": ("alarm timer set_alarm", "alarms and timers", "being reminded or woken"), "translate": ("translate translation language", "a translation", "a word in another language"),
    "math": ("math calculate calc", "a calculation", "arithmetic"), "joke": ("joke fun humor", "a wish for a joke", "something funny"), "agent": ("agent human handover", "a wish to talk to a person", "asking for a human"), "complaint": ("complaint angry complain", "a complaint", "an unhappy customer"), "smalltalk": ("smalltalk chitchat chat", "small talk", "personal questions to the bot"), "navigate": ("navigate route directions", "directions to a place", "finding the way"),
    "shopping": ("shopping list groceries", "the shopping list", "things to buy"), "lights": ("lights lamp smart_light", "switching lights", "lamps"),
}
CHAT_KINDS = [kind(key, names, *means) for key, (names, *means) in CHAT_MEANS.items()]


@family(GROUP)
def chat_intent(rng: random.Random) -> Function:
    return bank_label(rng, CHAT, CHAT_KINDS, ["chat message", "message", "utterance", "user message", "voice command"], ["the intent", "the intent of the user", "what the user wants"], 2, 7, 0.4)


@family(GROUP)
def escalate(rng: random.Random) -> Function:
    """Hand over to a person or let the bot go on, by a drawn condition."""
    hot = rng.sample(("agent", "complaint", "cancel", "status", "booking", "translate"), rng.choice((1, 2)))
    cold = [key for key in CHAT if key not in (*hot, "complaint", "agent")]
    means = " or ".join(CHAT_MEANS[key][1] for key in hot)
    kinds = [kind("yes", "human handover escalate yes operator 1", means, f"{means}"), kind("no", "bot auto continue no robot 0", "anything else", "all other messages")]
    return label_function(rng, ["chat message", "message"], ["who should answer", "if a person has to take over", "whether to hand over"], kinds, questions=[f"is it {means}", f"does the message hold {means}"], plain=False, make=lambda r, key: w.chat(r, s.write(r, CHAT[r.choice(hot if key == "yes" else cold)]), 0.4))


@family(GROUP)
def multi_intent(rng: random.Random) -> Function:
    """One or two requests in one message; list the labels in order, or in drawn order, with separator or JSON."""
    kinds = rng.sample([k for k in CHAT_KINDS if k.key not in ("smalltalk", "complaint", "thanks", "goodbye", "greeting")], rng.randint(3, 5))
    labels, natural = draw_labels(rng, kinds)
    by_key = dict(zip((k.key for k in kinds), labels, strict=True))
    as_json = rng.random() < 0.35
    sep = rng.choice((", ", ",", "+", " ", ";", " > ", "|", " & "))
    none = rng.choice([n for n in NONE_WORDS if n not in labels])
    rest = [k.key for k in CHAT_KINDS if k.key not in by_key and k.key not in ("complaint", "agent")]
    del natural

    def sample(rng: random.Random) -> Pair:
        how = rng.random()
        if how < 0.12:
            return w.chat(rng, s.write(rng, CHAT[rng.choice(rest)])), "[]" if as_json else none
        keys = rng.sample(list(by_key), 1 if how < 0.4 else 2)
        lines = [s.write(rng, CHAT[key]).rstrip(".!") for key in keys]
        text = lines[0] if len(lines) == 1 else lines[0] + rng.choice((", and ", ". Also, ", " and then ", "; ", ", oh and ", ". ")) + lines[1][0].lower() + lines[1][1:]
        got = [by_key[key] for key in keys]
        return w.chat(rng, text, 0.3), json.dumps(got) if as_json else sep.join(got)

    table = rng.choice((", ", "; ", "\n")).join(f"{label} = {rng.choice(k.means)}" for label, k in zip(labels, kinds, strict=True))
    rules = [["as a JSON array in the order of the text, {empty} if none", "JSON list, order of the text, {empty} when nothing fits"] if as_json else ["in the order of the text, joined with {sep}; {none} if none", "separator {sep}, order of the text, {none} when nothing fits"]]
    return text_function(rng, sample, ["a message that can hold several requests", "a chat message"], ["[list|name|print] all intents of the message:[ |\n]{table}", "tag every request in the message.[ |\n]{table}", "which of these does the user want? several are possible:[ |\n]{table}"], ["message -> intents ({table})", "multi-intent: {table}"], rules, "json" if as_json else "list", table=table, sep=f'"{sep}"', none=none, empty="[]")


# ---------------------------------------------------------------------------------------------------------
# pages and settings

PAGES: dict[str, tuple[str, ...]] = {
    "orders": ("where can I see what I bought", "show my last order", "list my purchases", "order history please", "I want to look at order {big}"), "profile": ("change my name", "update my address", "upload a new photo of me", "edit my personal data", "I moved to {city}, where do I enter that"), "payment": ("add a credit card", "remove my old card", "change how I pay", "update bank account", "set up direct debit"),
    "security": ("change my password", "turn on two-step login", "see where I am logged in", "set a new passphrase", "sign out all devices"), "notifications": ("stop sending me emails", "mute push messages", "get a text when my parcel ships", "turn off the weekly newsletter", "no alerts at night"), "cart": ("what's in my basket", "go to checkout", "remove the {product} from my basket", "show the shopping cart", "I want to pay for the things I picked"),
    "help": ("how does this work", "contact support", "I have a question", "read the FAQ", "where is the manual"), "language": ("switch to German", "show the site in French", "I don't understand English, change it", "set Spanish as language"), "search": ("look for a {adj} {product}", "find {brand} {product}s", "do you have {product}s?", "search {product}"), "wishlist": ("things I saved for later", "show my favourites", "the {product} I put a heart on", "open my wish list"),
    "returns": ("send a {product} back", "start a return", "print a return label", "the {product} is too small, give it back"), "display": ("make the text bigger", "turn on dark mode", "the screen is too bright", "larger font please", "change colours to high contrast"), "sound": ("it is too loud", "mute the clicks", "change the ringtone", "volume up", "no sound from the speakers"), "network": ("connect to wifi", "I have no internet", "turn on airplane mode", "change the wifi password", "set up a VPN"),
    "battery": ("why is my power low", "show what drains the battery", "turn on power saving", "how many hours are left on this charge"), "storage": ("my disk is full", "delete old files", "how much space is left", "free up memory"), "accounts": ("add my work mail", "remove {first}'s login from this device", "create a user for my son", "switch user"), "updates": ("install the latest version", "is my software current", "check for upgrades", "stop automatic upgrades"),
    "privacy": ("which apps see my location", "forbid the camera for {brand}", "clear my history", "don't share my data"), "printers": ("add the office printer", "print queue is stuck", "choose another printer", "remove the old laser printer"),
}
PAGE_MEANS = {
    "orders": "past orders", "profile": "name, address and photo", "payment": "cards and ways to pay", "security": "passwords and logins", "notifications": "mails and alerts", "cart": "basket and checkout", "help": "questions and support", "language": "the language of the site", "search": "finding products", "wishlist": "saved items", "returns": "sending goods back", "display": "text size, colours and brightness", "sound": "volume and tones",
    "network": "wifi and internet", "battery": "power", "storage": "disk space and files", "accounts": "users and logins on the device", "updates": "new software versions", "privacy": "location, camera and history", "printers": "printing",
}


@family(GROUP)
def page_target(rng: random.Random) -> Function:
    """A wish in words to a URL path, a page name or a settings panel."""
    keys = rng.sample(list(PAGES), rng.randint(3, 6))
    style = rng.randrange(5)
    names = {0: [f"/{k}" for k in keys], 1: [f"/account/{k}" for k in keys], 2: list(keys), 3: [w.cap(k) for k in keys], 4: [f"#{k}" for k in keys]}[style]
    if rng.random() < 0.3:
        names = [f"/{a}" for a in rng.sample(("a1", "b2", "c3", "k7", "p9", "x4", "q8", "m5"), len(keys))]
    kinds = [Kind(k, (n,), (PAGE_MEANS[k],)) for k, n in zip(keys, names, strict=True)]
    rest = [k for k in PAGES if k not in keys]
    other = rng.random() < 0.4
    if other:
        kinds.append(Kind("other", (rng.choice(("/", "/404", "/home", "home", "none", "NONE")),), ("anything else", "all other wishes")))
    labels = tuple(k.names[0] for k in kinds)
    rng.shuffle(kinds)
    by_key = {k.key: k.names[0] for k in kinds}
    wordings = label_wordings(rng, ["user wish", "request", "user input", "message"], ["the page to open", "the navigation target", "the right page", "where to send the user"], [(k.names[0], k.means) for k in kinds], False)
    every = list(by_key)

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(every)
        return w.chat(rng, s.write(rng, PAGES[rng.choice(rest) if key == "other" else key]), 0.4), by_key[key]

    return Function(wordings, "label", sample, labels)


@family(GROUP)
def settings_page(rng: random.Random) -> Function:
    kinds = [kind(key, f"{key} {key}_page {w.cap(key)}", means, f"wishes about {means}") for key, means in PAGE_MEANS.items()]
    return bank_label(rng, PAGES, kinds, ["wish", "request", "user question", "search in the settings"], ["the settings page", "the page", "the menu entry to open"], 2, 6, 0.4)


@family(GROUP)
def faq_pick(rng: random.Random) -> Function:
    """The number or code of the FAQ entry that answers the message."""
    entries = {
        "How do I change my delivery address?": ("I moved, please send it to {city}", "order goes to the wrong street", "can the parcel go to my office instead"), "When will my parcel arrive?": ("still waiting for my {product}", "how long until delivery", "tracking hasn't moved since {day}"), "How do I return an item?": ("the {product} doesn't fit", "I want to send the {product} back", "don't like the colour, can I give it back"),
        "Why was my card declined?": ("payment failed with my visa", "can't pay, card refused", "the checkout says card not accepted"), "How do I reset my password?": ("forgot my login", "can't remember the password", "password lost, help"), "Do you ship abroad?": ("can you deliver to {country}", "I live in {country}, is that possible?", "international shipping?"),
        "Where can I find my invoice?": ("I need the bill for {month}", "send me the receipt as pdf", "invoice for order {big} please"), "How do I cancel my subscription?": ("I want to stop the monthly plan", "end my membership", "no longer want to pay every month"), "Are there discounts for students?": ("I'm at university, is it cheaper?", "student price?", "do pupils pay less"),
        "How do I contact support?": ("I want to talk to someone", "phone number of your service?", "is there a chat with a human"), "Is there a warranty?": ("{product} broke after {n} months, is that covered?", "guarantee on the {product}?", "how many years of guarantee"), "Can I change my order?": ("add a {product} to order {big}", "I ordered two but want three", "swap the {adj} {product} in my order for another one"),
    }
    chosen = rng.sample(list(entries), rng.randint(3, 5))
    rest = [q for q in entries if q not in chosen]
    style = rng.choice(("Q", "F", "", "#", "faq-", "A"))
    codes = [f"{style}{i}" for i in (range(1, len(chosen) + 1) if rng.random() < 0.7 else rng.sample(range(1, 60), len(chosen)))]
    none = rng.choice((f"{style}0", "none", "NONE", "-")) if rng.random() < 0.6 else ""
    labels = [*codes, none] if none else codes
    by = dict(zip(codes, chosen, strict=True))

    def sample(rng: random.Random) -> Pair:
        code = rng.choice(labels)
        return w.chat(rng, s.write(rng, entries[by[code] if code in by else rng.choice(rest)]), 0.3), code

    gap = rng.choice(("\n", "; ", " "))
    table = gap.join(f"{c}{rng.choice((' ', ' ', ' '))}{q}" for c, q in by.items())
    made = text_function(rng, sample, ["a customer message", "a question from a customer"], ["[print|return|give] the code of the FAQ entry that answers the message:\n{table}", "our FAQ:\n{table}\nwhich entry answers the customer? [print|output] its code", "route the message to the right FAQ entry, code only.\n{table}"], ["customer message -> FAQ code\n{table}"], [["{none} if no entry fits", "no fitting entry: {none}"]] if none else [], table=table, none=none)
    return Function(made.wordings, "label", sample, tuple(labels))


# ---------------------------------------------------------------------------------------------------------
# slots


def _slots_function(rng: random.Random, made: Callable[[random.Random], tuple[str, dict[str, object]]], what: dict[str, str], does: Sequence[str], gets: Sequence[str], note: Sequence[str]) -> Function:
    """Slots to JSON with drawn key names (a drawn subset of the slots) or to `key=value` pairs."""
    used = rng.sample(list(what), rng.randint(2, len(what)))
    rename = {key: rng.choice((key, key, key.upper(), key[:4], f"{key}_")) for key in used}
    pairs = rng.random() < 0.25
    dump, told = json_style(rng)
    protected: dict[str, str] = {}
    none = rng.choice(NONE_WORDS) if pairs else "null"

    def sample(rng: random.Random) -> Pair:
        text, values = made(rng)
        if pairs:
            return text, "; ".join(f"{rename[k]}={values[k] if values[k] is not None else none}" for k in used)
        return text, dump({rename[k]: values[k] for k in used})

    table = ", ".join(f"{rename[key]} ({what[key]})" for key in used)
    rules = [["{none} if [not given|missing]", "missing values are {none}", "{none} for everything that is not said"]]
    if note:
        rules.append(list(note))
    rules.append(["[written|in the form] <<k=v; k=v>>".replace("<<k=v; k=v>>", "{form}")] if pairs else tells(told, protected))
    slots: dict[str, Any] = {"table": table, "none": none, "form": "k=v; k=v"}
    goal = "key=value pairs" if pairs else "JSON"
    return text_function(rng, sample, gets, [*(f"{do} into {goal} with {{table}}" for do in does), f"[print|return] {goal} with {{table}}", f"fill these slots as {goal}: {{table}}"], [f"{gets[0].split(' ', 1)[1]} -> {goal}: {{table}}"], rules, "text" if pairs else "json", **slots, **protected)


@family(GROUP)
def travel_slots(rng: random.Random) -> Function:
    def made(rng: random.Random) -> tuple[str, dict[str, object]]:
        a, b = rng.sample(w.CITIES, 2)
        mode = rng.choice(("train", "flight", "bus"))
        day, people = rng.choice((None, rng.choice(w.WEEKDAYS))), rng.choice((None, rng.randrange(2, 7)))
        origin = rng.choice((a, a, None))
        text = rng.choice(("I need a {m}", "book a {m}", "find me a {m}", "any {m}", "looking for a {m}")).replace("{m}", mode) + (f" from {origin}" if origin else "") + f" to {b}" + (f" on {day}" if day else "") + (f" for {people} people" if people else "")
        return w.chat(rng, text + ".", 0.25) if rng.random() < 0.5 else text, {"from": origin, "to": b, "day": day, "people": people, "mode": mode}

    def safe(rng: random.Random) -> tuple[str, dict[str, object]]:
        text, values = made(rng)
        # typos or lower case would leave the spelling of the answer open
        while any(isinstance(v, str) and v not in text for v in values.values()):
            text, values = made(rng)
        return text, values

    return _slots_function(rng, safe, {"from": "city of departure", "to": "destination city", "day": "day of the week", "people": "number of people", "mode": "train, flight or bus"}, ["turn the travel request", "parse the request"], ["a travel request", "a trip request"], [])


@family(GROUP)
def table_booking(rng: random.Random) -> Function:
    def made(rng: random.Random) -> tuple[str, dict[str, object]]:
        n, day, time, name = rng.randrange(2, 13), rng.choice((None, *w.WEEKDAYS)), rng.choice((None, f"{rng.randrange(12, 22)}:{rng.choice(('00', '15', '30', '45'))}")), rng.choice((None, rng.choice(w.LAST)))
        bits = [f"a table for {n}"] + ([f"on {day}"] if day else []) + ([f"at {time}"] if time else []) + ([rng.choice(("name is", "name:", "under the name")) + f" {name}"] if name else [])
        text = fill(rng, "[I'd like|Can we have|please reserve|Book|hello, i need|Good evening, we want] {x}[.|, please|, thanks|]", x=" ".join([*bits[:-1], ", " + bits[-1] if name else bits[-1]]).replace(" ,", ","))
        return text, {"guests": n, "day": day, "time": time, "name": name}

    return _slots_function(rng, made, {"guests": "number of people", "day": "day of the week", "time": "time of day", "name": "name of the guest"}, ["turn the reservation", "parse the booking"], ["a table reservation", "a booking message"], [])


@family(GROUP)
def smart_home(rng: random.Random) -> Function:
    devices, rooms = ("light", "heating", "fan", "radio", "blinds", "TV"), ("kitchen", "bedroom", "bathroom", "hall", "office", "garage")
    on, off = rng.choice((("on", "off"), ("ON", "OFF"), ("start", "stop"), ("1", "0")))

    def made(rng: random.Random) -> tuple[str, dict[str, object]]:
        device, room, state = rng.choice(devices), rng.choice((None, *rooms)), rng.choice((on, off))
        place = f" in the {room}" if room else ""
        word = "on" if state == on else "off"
        text = rng.choice((f"turn {word} the {device}{place}", f"switch the {device}{place} {word}", f"{device} {word}{place} please", f"could you turn the {device} {word}{place}?", f"please switch {word} the {device}{place}", f"the {device}{place} should be {word}"))
        return rng.choice((text, w.cap(text) + ("" if text.endswith("?") else "."))), {"device": device, "room": room, "state": state}

    return _slots_function(rng, made, {"device": "the device", "room": "the room", "state": f"{on} or {off}"}, ["turn the command", "translate the command"], ["a smart home command", "a voice command"], [])


@family(GROUP)
def search_filters(rng: random.Random) -> Function:
    """A shop query in words to filters as JSON or pairs."""

    def made(rng: random.Random) -> tuple[str, dict[str, object]]:
        product, colour, brand, limit, size = rng.choice(w.PRODUCTS), rng.choice((None, *w.GROUPS["colour"])), rng.choice((None, None, *w.BRANDS)), rng.choice((None, rng.randrange(10, 500, 5))), rng.choice((None, None, "S", "M", "L", "XL"))
        text = rng.choice(("", "show me ", "i want a ", "looking for a ", "find ", "any ")) + " ".join(x for x in (colour, brand, product) if x) + (f" in size {size}" if size else "") + (rng.choice((" under {}", " below {} euros", " max {} EUR", " cheaper than {}", " up to {} euros")).format(limit) if limit else "")
        return text, {"product": product, "color": colour, "brand": brand, "max": limit, "size": size}

    return _slots_function(rng, made, {"product": "the kind of product", "color": "the colour", "brand": "the brand", "max": "highest price as a number", "size": "the size"}, ["turn the shop query", "convert the query"], ["a shop query", "a search in words"], [])


@family(GROUP)
def product_field(rng: random.Random) -> Function:
    """One field of a product title: brand, colour, size, price, model."""
    want = rng.choice(("brand", "colour", "size", "price", "model", "product"))
    none = rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        have = {"brand": rng.choice(w.BRANDS), "colour": rng.choice(w.GROUPS["colour"]), "size": rng.choice(("S", "M", "L", "XL", "38", "42", "44")), "price": f"{rng.randrange(5, 900)}.{rng.choice(('00', '50', '99'))}", "model": f"{rng.choice('ABDKTXZ')}{rng.randrange(10, 999)}", "product": rng.choice(w.PRODUCTS)}
        gone = {key for key in have if key != "product" and rng.random() < 0.3}
        bits = [have["brand"], have["product"], have["model"], have["colour"]]
        bits = [x for k, x in zip(("brand", "product", "model", "colour"), bits, strict=True) if k not in gone]
        rng.shuffle(bits)
        text = rng.choice((" ".join(bits), ", ".join(bits)))
        text += (f", size {have['size']}" if "size" not in gone else "") + (rng.choice((" - {} EUR", " {} EUR", ", only {} EUR")).format(have["price"]) if "price" not in gone else "")
        return text, none if want in gone else have[want]

    tell = {"brand": "the brand", "colour": "the colour", "size": "the size", "price": "the price as a number without the currency", "model": "the model code", "product": "the kind of product"}[want]
    rules = [] if want == "product" else [["[if|when] it is missing, [print|answer] {none}", "{none} if [not given|absent]"]]
    return text_function(rng, sample, ["a product title", "a shop listing"], [f"[print|return|extract|give] {tell}", f"[find|take] {tell} in the product title"], [f"product title -> {tell}"], rules, none=none)


TOOLS: dict[str, tuple[tuple[str, ...], str]] = {
    "get_weather": (CHAT["weather"], "the weather"), "play_music": (CHAT["music"], "music and volume"), "set_alarm": (CHAT["alarm"], "alarms, timers and reminders"), "calculate": (CHAT["math"], "arithmetic"), "translate": (CHAT["translate"], "translations"), "find_route": (CHAT["navigate"], "directions"), "edit_shopping_list": (CHAT["shopping"], "the shopping list"), "control_lights": (CHAT["lights"], "lamps"),
    "send_mail": (("Write a mail to {first} about the {product}.", "email {first} that I'm late", "send the report to {first} {last}", "reply to {first}'s mail", "forward this mail to {dept}"), "writing mails"), "search_web": (("Look up the population of {city}.", "google {company}", "search the web for {animal} facts", "find news about {country}", "who is {first} {last}? look online"), "looking something up online"),
    "create_event": (("Put a meeting with {first} on {day} at {time}.", "add dentist {day} {time} to my calendar", "schedule a call with {company}", "block {day} afternoon in my calendar", "plan lunch with {first} at {time}"), "entries in the calendar"), "open_file": (("Open the {product} spreadsheet.", "show me the file report{n}.pdf", "open my notes from {day}", "bring up the document about {company}", "load {product}.csv"), "opening files"),
    "take_note": (("Note that {first} likes {drink}.", "write down: {n} {fruit}s needed", "jot down the idea about {product}s", "make a note: call {company}", "remember the locker number {big}"), "notes"),
}


@family(GROUP)
def tool_choice(rng: random.Random) -> Function:
    names = rng.sample(list(TOOLS), rng.randint(3, 6))
    style = rng.randrange(4)

    def show(name: str) -> str:
        parts = name.split("_")
        return {0: name, 1: parts[0] + "".join(w.cap(p) for p in parts[1:]), 2: ".".join(reversed(parts)), 3: name.upper()}[style]

    kinds = [Kind(name, (show(name),), (TOOLS[name][1], f"requests about {TOOLS[name][1]}")) for name in names]
    rest = [name for name in TOOLS if name not in names]
    if rng.random() < 0.4:
        kinds.append(kind("other", "none no_tool NONE null answer", "anything else", "requests that no tool covers"))
    return label_function(rng, ["user request", "request", "message"], ["the tool to call", "the function that serves the request", "the right tool"], kinds, lambda r, key: w.chat(r, s.write(r, TOOLS[r.choice(rest) if key == "other" else key][0]), 0.3))


@family(GROUP)
def form_field(rng: random.Random) -> Function:
    """What was typed into one box: which field of a form is it?"""
    makers: dict[str, Callable[[random.Random], str]] = {
        "name": w.person, "email": w.email, "phone": w.phone, "date": lambda r: f"{r.randrange(1, 29):02d}.{r.randrange(1, 13):02d}.{r.randrange(1950, 2026)}", "zip": lambda r: f"{r.randrange(10000, 99999)}", "city": lambda r: r.choice(w.CITIES), "street": w.address, "url": lambda r: f"https://{r.choice(w.BRANDS).lower()}.com",
        "price": lambda r: f"{r.randrange(1, 900)}.{r.randrange(10, 99)} EUR", "company": lambda r: f"{w.company(r)} {r.choice(w.SUFFIXES)}", "iban": lambda r: f"DE{r.randrange(10, 99)} {r.randrange(1000, 9999)} {r.randrange(1000, 9999)} {r.randrange(1000, 9999)}", "comment": lambda r: r.choice(w.FILLER),
    }
    means = {"name": "a person's name", "email": "an email address", "phone": "a phone number", "date": "a date", "zip": "a five-digit postcode", "city": "a town", "street": "a street with a number", "url": "a web address", "price": "an amount of money", "company": "a company with its legal form", "iban": "a bank account number", "comment": "a sentence of free text"}
    keys = rng.sample(list(makers), rng.randint(3, 6))
    kinds = [kind(key, f"{key} {key}_field", means[key]) for key in keys]
    return label_function(rng, ["typed value", "form input", "value"], ["the form field", "the field it belongs to", "the type of the value"], kinds, lambda r, key: makers[key](r))


@family(GROUP)
def calendar_entry(rng: random.Random) -> Function:
    """A sentence to a one-line entry in a drawn order and notation."""
    order = rng.choice(("{day} {time} {what}", "{what} @ {day} {time}", "{time} | {day} | {what}", "{day}, {time}: {what}", "{what};{day};{time}", "[{day} {time}] {what}", "{what} ({day}, {time})"))
    short = rng.random() < 0.4

    def sample(rng: random.Random) -> Pair:
        day, time, first = rng.choice(w.WEEKDAYS), f"{rng.randrange(8, 20):02d}:{rng.choice(('00', '15', '30', '45'))}", rng.choice(w.FIRST)
        what = rng.choice((f"lunch with {first}", f"call {first}", "dentist", "team meeting", f"{rng.choice(w.GROUPS['sport'])} training", f"meeting with {w.company(rng)}", "haircut", f"pick up {first}", "budget review"))
        text = rng.choice((f"{what} on {day} at {time}", f"please put {what} in my calendar, {day} {time}", f"on {day} at {time} I have {what}", f"remind me of {what} at {time} on {day}", f"{day}, {time}, {what}", f"schedule {what} for {day} at {time}"))
        return text, order.replace("{day}", day[:3] if short else day).replace("{time}", time).replace("{what}", what)

    shown = order.replace("{day}", "DAY").replace("{time}", "TIME").replace("{what}", "WHAT")
    rules = [["[shorten|cut] the day to three letters", "DAY is the first three letters"]] if short else []
    return text_function(rng, sample, ["an appointment in words", "a calendar request"], ["[write|rewrite|turn] the appointment [as|into|to] {form}", "[print|return] {form} for the appointment"], ["appointment -> {form}"], rules, form=shown)


@family(GROUP)
def button_label(rng: random.Random) -> Function:
    """Which of the drawn buttons does the user mean to press?"""
    wishes = {"Save": ("keep my changes", "store it", "don't lose this", "save it please"), "Cancel": ("never mind, stop", "forget it, go back without changes", "abort", "I don't want this any more"), "Delete": ("get rid of it", "remove this for good", "throw it away", "erase the entry"), "Print": ("I need it on paper", "hard copy please", "send it to the printer"), "Share": ("let {first} see it", "send this link to {first}", "show it to my friends"),
              "Edit": ("I want to change the text", "fix a typo in it", "let me rewrite the title"), "Download": ("put it on my computer", "I want the file on my disk", "get a local copy as pdf"), "Undo": ("take the last step back", "oops, revert that", "put it back as it was before"), "Search": ("find the {product}", "look for {first} in here", "where is the word {fruit}"), "Next": ("go on", "continue to step {n}", "move forward"), "Back": ("return to the page before", "one step back", "previous page please"),
              "Help": ("I don't understand this", "explain how it works", "what does this field mean?"), "Log out": ("sign me off", "end my session", "I'm done, close my account session"), "Pay": ("let me buy it now", "check out with my card", "complete the purchase")}
    names = rng.sample(list(wishes), rng.randint(3, 6))
    upper = rng.random()
    labels = [n.upper() if upper < 0.2 else n.lower() if upper < 0.4 else n for n in names]

    def sample(rng: random.Random) -> Pair:
        at = rng.randrange(len(names))
        return w.chat(rng, s.write(rng, wishes[names[at]]), 0.25), labels[at]

    made = text_function(rng, sample, ["what a user wants to do", "a wish in words"], ["which button fulfils the wish: {all}", "[print|return|pick] the button to press, only one of {all}", "the screen has the buttons {all}. [print|name] the one that the user needs", "answer with exactly one of {all}: the button that is meant"], ["user wish -> {all}", "button for the wish: {all}"], all=rng.choice((", ", " / ", " | ")).join(labels))
    return Function(made.wordings, "label", sample, tuple(labels))
