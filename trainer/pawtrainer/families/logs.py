# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Log triage: alert or quiet, who acts, topics, owners, severity, and the parts of a log line."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pawtrainer.families import events as ev
from pawtrainer.families import lexicon as lx
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.phrasing import (
    ARBITRARY,
    NONE_WORDS,
    Kind,
    kind,
    label_function,
    label_wordings,
    text_function,
)

GROUP = "logs-and-monitoring"
LINE = ("log line", "log message", "log entry", "line of a log", "syslog line", "server log line", "line from our logs")


def joined(rng: random.Random, items: Sequence[str], last: str = "or") -> str:
    """`a, b or c`, `a/b/c`, ..."""
    if len(items) == 1:
        return items[0]
    return rng.choice((", ".join(items[:-1]) + f" {last} " + items[-1], ", ".join(items[:-1]) + f" {last} " + items[-1], ", ".join(items), " / ".join(items)))


def fill_shape(shape: str, found: Mapping[str, str]) -> str:
    """The shape with its capital names, as whole words, replaced by their values in one pass."""
    return re.sub(rf"\b(?:{'|'.join(found)})\b", lambda m: found[m[0]], shape)


_CAPS = re.compile(r"\{[^}]*\}|\b(?!JSON\b|SQL\b|HTTP\b|URL\b|UUIDs?\b|IP\b|IPv4\b|SSN\b|IBANs?\b|CSV\b|UTC\b)([A-Z]{2,}s?|N|\*/N)\b")


def shape_function(
    rng: random.Random,
    sample: Callable[[random.Random], Pair],
    gets: Sequence[str],
    does: Sequence[str],
    terse: Sequence[str],
    rules: Sequence[Sequence[str]] = (),
    output_kind: str = "text",
    **slots: Any,
) -> Function:
    """`text_function` that keeps the capital words of templates (FILE, NAME, HH:MM) as they are."""
    kept: dict[str, str] = {}

    def protect(template: str) -> str:
        def take(match: re.Match[str]) -> str:
            if not match[1]:
                return match[0]
            name = f"caps{match[1].replace('/', 'x').replace('*', 'x')}"
            kept[name] = match[1]
            return "{" + name + "}"

        return _CAPS.sub(take, template)

    get, do, short, *rule = ([protect(text) for text in part] for part in (gets, does, terse, *rules))
    return text_function(rng, sample, get, do, short, rule, output_kind, **{**slots, **kept})


def event_line(rng: random.Random, event: ev.Event) -> str:
    return ev.write(rng, event).text


ALERT = ("alert ALERT page yes wake problem act 1 red notify", (
    "something is broken, at risk or close to a limit", "a real problem that somebody has to fix", "outages, failures, data at risk and limits almost reached", "a person should look at it", "it needs a human",
    "there is something to repair, now or later", "anything wrong that does not heal by itself"))
QUIET = ("quiet QUIET skip no sleep fine ignore 0 green mute", (
    "routine, success, or a hiccup that was already handled", "nothing to do", "normal operation, or it recovered by itself", "everyday chatter", "no human is needed", "harmless noise, also single failed logins and retries that worked",
    "the rest"))


@family(GROUP)
def log_alert(rng: random.Random) -> Function:
    def make(rng: random.Random, key: str) -> str:
        return event_line(rng, ev.any_of(rng, ev.BY_ACTION["I"] if key == "quiet" else ev.BY_ACTION[rng.choice("PPT")]))

    return label_function(rng, LINE, ["whether the line needs a human", "if somebody must look at it", "whether to raise an alert"], [kind("alert", ALERT[0], *ALERT[1]), kind("quiet", QUIET[0], *QUIET[1])], make,
                          questions=["does this log line need a human", "should somebody look at this log line", "is this log line a real problem", "alert on this line", "does the line report trouble that somebody must fix", "worth an alert"])


@family(GROUP)
def log_action(rng: random.Random) -> Function:
    kinds = [
        kind("P", "page PAGE now urgent P1 wake call emergency critical red", "the service is down, data is being lost or somebody breaks in: act at once", "outage, data loss or attack under way", "users are hit now", "it cannot wait until morning", "wake somebody up"),
        kind("T", "ticket TICKET later todo P2 note plan monday warning yellow", "something is broken or close to a limit but can wait for office hours", "degraded, to be fixed in the next days", "worth a ticket, not a phone call", "work for tomorrow", "a problem that users hardly notice yet"),
        kind("I", "ignore IGNORE never nothing P3 sleep drop none ok green", "routine, or it has already recovered", "nothing to do", "normal operation, single failed logins, retries that worked", "no action", "noise"),
    ]
    return label_function(rng, LINE, ["what to do with the line", "how urgent it is", "the action for the person on call", "who has to act and when"], kinds, lambda r, key: event_line(r, ev.any_of(r, ev.BY_ACTION[key])), keep_order=True)


@family(GROUP)
def log_page_only(rng: random.Random) -> Function:
    """Pages only for emergencies: mere tickets count as quiet."""
    def make(rng: random.Random, key: str) -> str:
        return event_line(rng, ev.any_of(rng, ev.BY_ACTION["P"] if key == "page" else ev.BY_ACTION[rng.choice("TTI")]))

    kinds = [kind("page", "page wake yes urgent PAGE now call", "the service is down, data is lost or an attack is under way", "an emergency that cannot wait until morning", "outage, data loss or break-in"),
             kind("wait", "wait sleep no later WAIT morning mail", "everything else, also problems that can wait for office hours", "warnings, small failures and routine", "it can wait until morning", "anything that is no emergency")]
    return label_function(rng, LINE, ["whether to wake the person on call", "whether it can wait"], kinds, make, questions=["is this worth waking somebody at night", "should we page the person on call", "is this log line an emergency", "outage, data loss or attack in this line"])


def _topics(rng: random.Random, low: int, high: int, enough: int = 4) -> list[str]:
    pool = [t for t, found in ev.BY_TOPIC.items() if len([e for e in found if e.action != "I"]) >= enough]
    return rng.sample(pool, rng.randint(low, high))


def _phrase(rng: random.Random, topics: Sequence[str], last: str = "or") -> str:
    return joined(rng, [ev.TOPIC_MEANS[t][0].split()[rng.choice((0, 0, 1))] for t in topics], last)


@family(GROUP)
def log_watchlist(rng: random.Random) -> Function:
    """Alert only for the topics that the spec names; routine lines of these topics stay quiet."""
    topics = _topics(rng, 1, 3)
    inside = [e for t in topics for e in ev.BY_TOPIC[t] if e.action != "I"]
    routine = [e for t in topics for e in ev.BY_TOPIC[t] if e.action == "I"]
    outside = [e for e in ev.EVENTS if e.topic not in (*topics, "-", "life") and e.action != "I"]

    def make(rng: random.Random, key: str) -> str:
        if key == "alert":
            return event_line(rng, rng.choice(inside))
        return event_line(rng, rng.choice(routine) if routine and rng.random() < 0.4 else ev.any_of(rng, outside) if rng.random() < 0.75 else ev.any_of(rng, ev.BY_ACTION["I"]))

    said = [_phrase(rng, topics) for _ in range(3)]
    kinds = [kind("alert", ALERT[0], *(f"{how} {x}" for how in ("a problem of", "trouble with", "something wrong with", "failures and warnings about") for x in said)),
             kind("quiet", QUIET[0], "problems of any other sort, and all routine lines", "everything else, also normal lines on these subjects", "other trouble and good news", "the rest, whatever it says")]
    rules = [["Routine lines are <<key:quiet>> even on these subjects", "Problems elsewhere are <<key:quiet>>, too", "Good news is always <<key:quiet>>"]] if rng.random() < 0.4 else []
    questions = [f"is something wrong with {x}" for x in said] + [f"does the line report a problem of {x}" for x in said] + [f"trouble with {x} in this log line" for x in said]
    return label_function(rng, LINE, [f"whether it reports a problem with {said[0]}", f"whether {said[1]} is in trouble"], kinds, make, rules=rules, questions=questions if rng.random() < 0.6 else ())


@family(GROUP)
def log_exceptions(rng: random.Random) -> Function:
    """Alert for every problem except those of the topics that another team watches."""
    topics = _topics(rng, 1, 3)
    said = [_phrase(rng, topics, rng.choice(("or", "and"))) for _ in range(3)]
    outside = [e for e in ev.EVENTS if e.topic not in (*topics, "-", "life") and e.action != "I"]
    muted = [e for t in topics for e in ev.BY_TOPIC[t] if e.action != "I"]

    def make(rng: random.Random, key: str) -> str:
        if key == "alert":
            return event_line(rng, ev.any_of(rng, outside))
        return event_line(rng, rng.choice(muted) if rng.random() < 0.55 else ev.any_of(rng, ev.BY_ACTION["I"]))

    kinds = [kind("alert", ALERT[0], *(f"any problem except {x}" for x in said), *(f"failures, warnings and risks, but not those about {x}" for x in said)),
             kind("quiet", QUIET[0], *(f"routine lines, and problems of {x}" for x in said), *(f"everything about {x}, and all that is fine" for x in said))]
    return label_function(rng, LINE, ["whether to alert us", "if our team has to react"], kinds, make)


@family(GROUP)
def log_severity(rng: random.Random) -> Function:
    """The level that a message deserves; the line does not print one."""
    scheme = rng.randrange(3)
    if scheme == 0:
        groups = {"error": "ef", "warn": "w", "info": "i"}
    elif scheme == 1:
        groups = {"error": "ef", "info": "i"}
    else:
        groups = {"fatal": "f", "error": "e", "info": "i"}
    info = {
        "error": kind("error", "error ERR bad failure red", "something failed", "an error: an operation did not work", "a failure"),
        "fatal": kind("fatal", "fatal CRIT critical dead black", "the program or machine cannot go on", "a crash, lost data or a service that is down", "the worst kind: nothing works any more"),
        "warn": kind("warn", "warning WARN soft caution yellow", "still working, but unusual or close to a limit", "a warning", "not broken yet, worth a look"),
        "info": kind("info", "info INFO fine normal green", "normal operation", "a success or routine message", "nothing wrong"),
    }
    pools: dict[str, list[ev.Event]] = {}
    for key, levels in groups.items():
        wanted = "I" if key == "info" else "T" if key == "warn" else "P" if key == "fatal" else "PT"
        pools[key] = [e for e in ev.EVENTS if e.level in levels and e.action in wanted]

    def make(rng: random.Random, key: str) -> str:
        event = ev.any_of(rng, pools[key])
        return lx.write_line(rng, rng.choice(("bare", "plain", "compose", "syslog", "ts")), lx.put(rng, event.template), event.level).text

    return label_function(rng, LINE, ["the severity", "the log level that fits", "how bad it is"], [info[key] for key in groups], make, keep_order=True)


@family(GROUP)
def log_topic(rng: random.Random) -> Function:
    topics = _topics(rng, 3, 6, 3)
    kinds = [kind(t, *_topic_kind(t)) for t in topics]

    def make(rng: random.Random, key: str) -> str:
        return event_line(rng, rng.choice(ev.BY_TOPIC[key]))

    return label_function(rng, LINE, ["what it is about", "the subject of the line", "the component concerned", "the area", "the topic"], kinds, make)


def _topic_kind(topic: str) -> tuple[str, ...]:
    names, means = ev.TOPIC_MEANS[topic]
    return names, *means


@family(GROUP)
def log_topic_or_other(rng: random.Random) -> Function:
    topics = _topics(rng, 2, 3, 3)
    kinds = [kind(t, *_topic_kind(t)) for t in topics] + [kind("other", "other rest misc OTHER else", "anything else", "none of these", "all other lines")]
    rest = [e for e in ev.EVENTS if e.topic not in (*topics, "-", "life", "sec")]

    def make(rng: random.Random, key: str) -> str:
        return event_line(rng, ev.any_of(rng, rest) if key == "other" else rng.choice(ev.BY_TOPIC[key]))

    return label_function(rng, LINE, ["what it is about", "the subject of the line", "which part of the system speaks"], kinds, make)


@family(GROUP)
def log_owner(rng: random.Random) -> Function:
    """Which team gets the line: drawn team names, each with drawn duties."""
    topics = _topics(rng, 3, 7, 3)
    teams = rng.sample(rng.choice((ev.TEAM_NAMES, ev.TEAM_NAMES, ARBITRARY, lx.USERS[5:])), min(len(topics), rng.randint(2, 4)))
    duties: dict[str, list[str]] = {team: [topics[at]] for at, team in enumerate(teams)}
    for topic in topics[len(teams):]:
        duties[rng.choice(teams)].append(topic)
    kinds = [Kind(team, (team,), tuple(joined(rng, [rng.choice(ev.TOPIC_MEANS[t][1]) if rng.random() < 0.5 else ev.TOPIC_MEANS[t][0].split()[0] for t in own], "and") for _ in range(3))) for team, own in duties.items()]

    def make(rng: random.Random, key: str) -> str:
        return event_line(rng, rng.choice(ev.BY_TOPIC[rng.choice(duties[key])]))

    return label_function(rng, LINE, ["which team owns it", "the team to call", "who has to look at it", "the owner"], kinds, make, plain=False)


@family(GROUP)
def log_system(rng: random.Random) -> Function:
    names = {"nginx": "nginx", "apache": "apache httpd", "postgres": "postgres postgresql", "mysql": "mysql mariadb", "redis": "redis redis-server", "kernel": "kernel linux", "systemd": "systemd init", "kubernetes": "kubernetes k8s", "docker": "docker containers", "java": "java jvm", "cron": "cron crond", "windows": "windows win", "network": "router network", "mail": "mail postfix", "sshd": "sshd ssh", "training": "training ml"}
    told = {"nginx": "the web server nginx", "apache": "Apache httpd", "postgres": "the PostgreSQL server", "mysql": "MySQL", "redis": "the Redis store", "kernel": "the Linux kernel", "systemd": "systemd units", "kubernetes": "Kubernetes events", "docker": "Docker", "java": "a Java program", "cron": "the cron daemon", "windows": "Windows events", "network": "a router or switch", "mail": "the mail server", "sshd": "the SSH server", "training": "a machine learning run"}
    chosen = rng.sample(list(names), rng.randint(3, 6))
    return label_function(rng, LINE, ["which program wrote it", "the system that it comes from", "the source of the line", "what software is talking"], [kind(name, names[name], told[name], names[name].split()[0] + " messages") for name in chosen],
                          lambda r, key: ev.write(r, r.choice([e for e in ev.EVENTS if e.system == key]), 0.75).text)


@family(GROUP)
def log_transient(rng: random.Random) -> Function:
    kinds = [kind("t", "transient retry temporary yes wait again RETRY", "a temporary problem: trying again later may work", "timeouts, busy servers, lost connections", "it can go away by itself", "worth another try"),
             kind("p", "permanent stop fatal no fix give-up STOP", "it stays until a person changes something: wrong name, missing file, bad setting, bug, broken disk", "trying again will not help", "a lasting error that needs a fix", "somebody must change code, data, hardware or configuration")]
    pools = {"t": [e for e in ev.EVENTS if e.course == "t"], "p": [e for e in ev.EVENTS if e.course == "p"]}
    return label_function(rng, [*LINE, "error message", "error"], ["whether a retry makes sense", "if the error is temporary", "whether it will pass"], kinds, lambda r, key: event_line(r, r.choice(pools[key])), questions=["is it worth a retry", "is this error temporary", "could trying again help", "retry"])


@family(GROUP)
def log_recovered(rng: random.Random) -> Function:
    """Failure, recovery or neither: recovery lines speak of trouble, too."""
    down = ("{svc} is down", "lost connection to {host}", "{host} stopped answering pings", "link {eth} down", "{svc}: health check failed {few} times", "replication to {host} broken", "disk {dev} failed", "power lost on {host}", "queue {topic} stuck", "{domain} unreachable since {sec} s", "alert FIRING: high latency on {svc}", "node {node} NotReady", "could not reach {host}", "backup of {db} failed", "[FIRING:1] {svc} error rate high")
    up = ("{svc} is back up after {sec} s", "connection to {host} restored", "{host} answers pings again", "link {eth} up", "{svc}: health check passed after {few} failures", "replication to {host} caught up", "disk {dev} replaced, rebuild finished", "power restored on {host}", "queue {topic} moving again", "{domain} reachable after {sec} s of downtime", "alert RESOLVED: high latency on {svc}", "node {node} Ready again", "reconnected to {host} after {few} failed attempts", "backup of {db} succeeded on second try", "[RESOLVED] {svc} error rate high")
    flat = ("{svc} handled {n} requests", "user {user} logged in", "{host} up for {n} days", "cache size {size}", "cron job {job} started", "{big} rows exported", "configuration of {svc} unchanged", "heartbeat from {host}", "GET {uri} 200", "{n} metrics written", "new version {ver} available")
    kinds = [kind("down", "down broken DOWN firing problem bad open", "a failure begins or goes on", "something stopped working", "trouble is reported"), kind("up", "up recovered UP resolved recovery good closed", "something works again after a failure", "a recovery", "the trouble is over"), kind("flat", "neutral normal INFO other none same idle", "neither a failure nor a recovery", "plain information", "anything else")]
    bank = {"down": down, "up": up, "flat": flat}
    chosen = kinds if rng.random() < 0.6 else kinds[:2]
    return label_function(rng, [*LINE, "alert text", "status message"], ["whether it is a failure or a recovery", "the state change", "what happened to the service"], chosen, lambda r, key: lx.write_line(r, r.choice(lx.APP_STYLES), lx.put(r, r.choice(bank[key])), {"down": r.choice("we"), "up": "i", "flat": "i"}[key]).text)


# ---------------------------------------------------------------------------------------------------------
# printed levels

_RANKS = ("debug", "info", "warning", "error", "fatal")


def levelled_line(rng: random.Random, rank: int, style: str | None = None) -> lx.Line:
    """A line that prints its level; the message need not fit the level."""
    return lx.write_line(rng, style or rng.choice(lx.LEVELLED), lx.put(rng, ev.any_of(rng, ev.EVENTS).template), lx.LEVELS[rank])


@family(GROUP)
def level_group(rng: random.Random) -> Function:
    """Sort by the printed level only, whatever the message says."""
    cut = rng.choice(((0, 2, 3), (0, 3), (0, 2), (0, 1, 3), (0, 1, 2, 3), (0, 4), (0, 3, 4)))
    bounds = [*cut, 5]
    kinds, spans = [], {}
    names = ("low calm debug g0 quiet a", "fine info normal g1 plain b", "soft warn yellow g2 mild c", "bad error red g3 loud d", "worst fatal black g4 dead e")
    for at, start in enumerate(cut):
        covered = _RANKS[start : bounds[at + 1]]
        spans[str(at)] = range(start, bounds[at + 1])
        up = [name.upper() for name in covered]
        kinds.append(kind(str(at), names[start if len(cut) > 2 else (1 if at == 0 else 3)], "level " + joined(rng, up), joined(rng, covered) + " lines", "printed level " + joined(rng, covered)))
    rules = [["Go by the printed level only, not by the text", "The message does not matter, only the level", "Only the level counts", "Never mind what the message says"]]
    return label_function(rng, LINE, ["the group of its level", "the class of the printed level"], kinds, lambda r, key: levelled_line(r, r.choice(spans[key])).text, plain=False, rules=rules, keep_order=True)


@family(GROUP)
def level_threshold(rng: random.Random) -> Function:
    least = rng.randrange(1, 5)
    name = rng.choice((_RANKS[least], _RANKS[least].upper()))
    kinds = [kind("keep", "keep yes show pass KEEP store", f"level {name} or worse", f"at least {name}", f"{name} and above"), kind("drop", "drop no hide cut DROP discard", f"any level below {name}", f"less than {name}", f"milder than {name}")]
    rules = [["The order is debug, info, warning, error, fatal", "Levels from mild to bad: debug < info < warning < error < fatal", "Single letters D I W E F stand for levels", "The message itself does not matter"]] if rng.random() < 0.6 else []
    return label_function(rng, LINE, ["whether the printed level is high enough", f"whether the level reaches {name}"], kinds, lambda r, key: levelled_line(r, r.randrange(least, 5) if key == "keep" else r.randrange(least)).text, rules=rules, plain=False, questions=[f"is the printed level at least {name}", f"level {name} or worse", f"does the line have level {name} or above"])


@family(GROUP)
def level_normalise(rng: random.Random) -> Function:
    """Write the printed level in the words of the spec."""
    words = rng.choice((_RANKS, tuple(x.upper() for x in _RANKS), ("D", "I", "W", "E", "F"), ("0", "1", "2", "3", "4"), ("TRACE", "NOTE", "WARN", "ERR", "CRIT"), ("d", "i", "w", "e", "f"), tuple(rng.sample(ARBITRARY, 5))))
    means = (("debug", "debug or trace"), ("info", "info or notice"), ("warning", "warnings", "warn"), ("error", "errors"), ("fatal", "fatal or critical", "critical"))
    kinds = [Kind(str(rank), (words[rank],), means[rank]) for rank in range(5)]
    function = fixed_labels(rng, LINE, ["the printed level", "its log level"], kinds, lambda r, key: levelled_line(r, int(key)).text)
    return function


def fixed_labels(rng: random.Random, things: Sequence[str], asks: Sequence[str], kinds: Sequence[Kind], make: Callable[[random.Random, str], str], rules: Sequence[Sequence[str]] = ()) -> Function:
    """A label function whose labels are given: each kind has one name."""
    labels = {one.key: one.names[0] for one in kinds}
    order = list(kinds)
    if rng.random() < 0.4:
        rng.shuffle(order)

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(list(labels))
        return make(rng, key), labels[key]

    wordings = label_wordings(rng, things, asks, [(one.names[0], one.means) for one in order], False, rules)
    return Function(wordings, "label", sample, tuple(one.names[0] for one in order))


@family(GROUP)
def level_count(rng: random.Random) -> Function:
    """How many lines of an excerpt have a level (or at least that level)."""
    rank = rng.choice((2, 3, 3, 1))
    above = rng.random() < 0.4
    style = rng.choice(("short", "plainlv", "pipe", "app", "short"))
    name = lx.STYLES[style].levels[rank]

    def sample(rng: random.Random) -> Pair:
        count = rng.randint(2, 6 if style in ("short", "plainlv") else 4)
        ranks = [rng.choice((1, 1, 2, 3, 3, rank)) for _ in range(count)]
        short = [e.template for e in ev.EVENTS if len(e.template) < 38 and "{uuid}" not in e.template]
        text = "\n".join(lx.write_line(rng, style, lx.put(rng, rng.choice(short)), lx.LEVELS[r]).text for r in ranks)
        hits = sum(r >= rank if above else r == rank for r in ranks)
        return (text, str(hits)) if len(text) < 380 else sample(rng)

    which = f"{name} or worse" if above else name
    return shape_function(rng, sample, ["a few log lines", "an excerpt of a log"], ["count the lines [with|of] level {which}", "[print|say|give] how many lines are {which}", "how many {which} lines are there? [print|give] the number"], ["number of {which} lines", "count {which}", "log excerpt -> how many {which}"], which=which)


# ---------------------------------------------------------------------------------------------------------
# parts of a line

FULL = tuple(name for name, style in lx.STYLES.items() if style.time and "{msg}" in style.body and style.levels)


def some_line(rng: random.Random, styles: Sequence[str] = FULL) -> lx.Line:
    event = ev.any_of(rng, ev.EVENTS)
    return lx.write_line(rng, rng.choice(list(styles)), lx.put(rng, event.template), event.level)


@family(GROUP)
def log_strip_header(rng: random.Random) -> Function:
    def sample(rng: random.Random) -> Pair:
        line = some_line(rng, (*FULL, "syslog", "rfc5424", "kernel", "compose", "short", "pybasic", "cisco"))
        return line.text, line.message

    return shape_function(rng, sample, ["a log line", "a line of some log", "a log line of any format"], ["strip the [time stamp, level and source|header|prefix] and [print|keep] [only|just] the message", "[print|return|give] [only|just] the message [text|itself], without time, level, host or component", "cut off everything before the message", "reduce it to the message"], ["log line -> message only", "message without the header", "log message text"])


@family(GROUP)
def log_time(rng: random.Random) -> Function:
    how = rng.randrange(4)
    none = rng.choice(NONE_WORDS)
    said, terse = ((["[print|return|copy] the time stamp [exactly|] as [it is|] written", "extract the [full|] time stamp, unchanged", "give the date and time just as the line shows them"], "time stamp as printed"),
                   (["[print|return|give] the time [of day|] as HH:MM", "extract the clock time, hours and minutes only, as HH:MM"], "time as HH:MM"),
                   (["[print|return|give] the time [of day|] as HH:MM:SS", "extract the clock time with seconds, HH:MM:SS"], "time as HH:MM:SS"),
                   (["[print|return|give] the date as YYYY-MM-DD", "extract the date (YYYY-MM-DD)", "on which day was it? answer as YYYY-MM-DD"], "date as YYYY-MM-DD"))[how]
    styles = [name for name in lx.STYLES if name not in ("bare", "k8sevent", "kernel", "ts", "hdfs", "klog")]
    dated = [name for name in styles if "iso" in lx.STYLES[name].time or "ymd" in lx.STYLES[name].time]

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            return lx.put(rng, rng.choice(ev.EVENTS).template), none
        line = some_line(rng, dated if how == 3 else styles)
        return line.text, (line.time, line.clock[:5], line.clock, line.date)[how] or none

    return shape_function(rng, sample, ["a log line", "a line of a log file"], said, [terse, f"log line -> {terse}"], [["[without one|if there is none|if it has none], [print|write|answer] {none}", "no [time|date] at the start: {none}", "{none} if the line has none"]], none=none)


@family(GROUP)
def log_component(rng: random.Random) -> Function:
    none = rng.choice(NONE_WORDS)
    upper = rng.random() < 0.2
    with_component = [name for name, style in lx.STYLES.items() if "{comp}" in style.body and name not in ("windows", "apache", "cisco")]

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.15:
            line = some_line(rng, ("postgres", "airflow", "actions", "plain", "plainlv"))
            return line.text, none
        line = some_line(rng, with_component)
        return line.text, line.component.upper() if upper else line.component

    rules = [["[print|write|answer] {none} if [the line names none|there is none]", "no such name: {none}", "{none} [without|when there is no] component"]]
    if upper:
        rules.append(["write it in capitals", "in upper case", "all letters upper case"])
    return shape_function(rng, sample, ["a log line", "one line of a log"], ["[print|return|extract] the [component|program, service or logger] that wrote the line, from its header", "which [service|component|logger] wrote it? take the name from the header, without the process id", "[give|print] the name of the [service|program|logger] in the header [only|]"], ["log line -> service or logger in the header", "component from the header"], rules, none=none)


@family(GROUP)
def log_host(rng: random.Random) -> Function:
    none = rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.2:
            return some_line(rng, ("app", "log4j", "bracket", "pipe", "postgres")).text, none
        line = some_line(rng, ("syslog", "rfc5424", "systemd", "cron", "cisco"))
        return line.text, line.host

    return shape_function(rng, sample, ["a syslog line", "a log line"], ["[print|return|give] the host that sent the line, from the header", "extract the host name after the time stamp", "which machine wrote it? [print|give] the host name of the header"], ["syslog line -> host", "host name in the header"], [["{none} if the header [has|names] none", "[print|write] {none} without a host in the header"]], none=none)


@family(GROUP)
def log_json(rng: random.Random) -> Function:
    """Parts of the header as JSON with drawn keys."""
    fields = rng.sample(("time", "level", "component", "message"), rng.randint(2, 4))
    keys = {"time": rng.choice(("time", "ts", "t", "timestamp", "at", "when")), "level": rng.choice(("level", "lvl", "severity", "l")), "component": rng.choice(("component", "source", "logger", "service", "src", "from")), "message": rng.choice(("message", "msg", "text", "m", "body"))}
    low = rng.random() < 0.4
    styles = [name for name, style in lx.STYLES.items() if style.time and style.levels and "{comp}" in style.body and name not in ("windows", "apache", "json", "logfmt")]

    def sample(rng: random.Random) -> Pair:
        event = rng.choice([e for e in ev.EVENTS if len(e.template) < 90 and '"' not in e.template])
        line = lx.write_line(rng, rng.choice(styles), lx.put(rng, event.template), event.level)
        found = {"time": line.time, "level": line.level.lower() if low else line.level, "component": line.component, "message": line.message}
        return line.text, json.dumps({keys[f]: found[f] for f in fields})

    told = {"time": "the time stamp", "level": "the level", "component": "the service or logger", "message": "the message"}
    listed = "; ".join(f"{keys[f]} = {told[f]}" for f in fields)
    shape = json.dumps({keys[f]: "..." for f in fields})
    rules = [["all values as printed", "copy the values as they stand"]] if not low or "level" not in fields else [["[the|write the] level in lower case, the rest as printed"]]
    return shape_function(rng, sample, ["a log line", "an application log line"], ["[turn|parse|convert] it [into|to] JSON: {listed}", "[make|print|return] a JSON object like {shape} ({listed})", "extract as JSON {listed}"], ["log line -> {shape} ({listed})", "parse to JSON: {listed}"], rules, "json", listed=listed, shape=shape)


_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r'"[^"]*"')


@family(GROUP)
def log_mask(rng: random.Random) -> Function:
    """Variable parts replaced by drawn marks; every rule is exact, so the answer follows from it."""
    how = rng.choice(("ip", "uuid", "number", "quoted", "ip+number", "word", "path"))
    mark = rng.choice(("<*>", "*", "#", "<x>", "N", "?", "<VAR>", "___", "%", "XXX", "{}", "<num>", "..."))
    second = rng.choice([m for m in ("<IP>", "IP", "@", "<ip>", "$ip", "a.b.c.d") if m != mark])
    told = {
        "ip": ["replace [every|each] IPv4 address [by|with] {mark}, change nothing else", "mask [all|the] IP addresses as {mark} and keep the rest"], "uuid": ["replace [every|each] UUID [by|with] {mark}, change nothing else", "mask UUIDs as {mark}, rest unchanged"],
        "number": ["replace [every|each] run of digits [by|with] {mark}, also inside words", "every group of digits becomes {mark}, wherever it stands; the rest stays"], "quoted": ["replace every double-quoted part, quotes included, [by|with] {mark}", "text in double quotes becomes {mark} (the quotes go too)"],
        "ip+number": ["replace [every|each] IPv4 address [by|with] {second} and every other run of digits [by|with] {mark}", "IP addresses become {second}, all other groups of digits {mark}"], "word": ["replace every [word|blank-separated token] that has a digit in it [by|with] {mark}", "tokens (split at blanks) with at least one digit become {mark}"],
        "path": ["replace every [word|token] that starts with a slash [by|with] {mark}", "tokens that begin with / become {mark}, all else stays"],
    }[how]
    terse = {"ip": "IPv4 -> {mark}", "uuid": "UUID -> {mark}", "number": "every run of digits -> {mark}", "quoted": 'every "..." -> {mark}', "ip+number": "IPv4 -> {second}, other digit runs -> {mark}", "word": "each token with a digit -> {mark}", "path": "each token starting with / -> {mark}"}[how]
    slot = {"ip": "{ip}", "uuid": "{uuid}", "quoted": '"', "ip+number": "{ip}", "path": " /"}.get(how, "")
    pool = [e for e in ev.EVENTS if slot in e.template or (how == "path" and (" {mount}" in e.template or " {uri}" in e.template))]

    def change(text: str) -> str:
        if how in ("word", "path"):
            return " ".join(mark if (any(c.isdigit() for c in token) if how == "word" else token.startswith("/")) else token for token in text.split(" "))
        if how == "ip+number":
            pieces = _IP.split(text)
            return second.join(_NUMBER.sub(lambda m: mark, piece) for piece in pieces)
        return {"ip": _IP, "uuid": _UUID, "number": _NUMBER, "quoted": _QUOTED}[how].sub(lambda m: mark, text)

    def sample(rng: random.Random) -> Pair:
        event = rng.choice(pool if rng.random() < 0.85 else [e for e in ev.EVENTS if "{uuid}" not in e.template])
        style = rng.choice(("bare", "bare", "short")) if how in ("number", "word", "ip+number") else rng.choice(("bare", "short", "app", "syslog", "bracket"))
        text = lx.write_line(rng, style, lx.put(rng, event.template), event.level).text
        return text, change(text)

    return shape_function(rng, sample, ["a log line", "a log message"], told, [terse, "log template: " + terse, "mask: " + terse], mark=mark, second=second)


ERROR_CODES = (
    ("ORA-{n5}", "ORA-{n5}: {unique constraint violated|table or view does not exist|snapshot too old}"), ("E{n4}", "error[E{n4}]: {mismatched types|cannot find value in this scope}"), ("{n3}", "HTTP {n3}: request to {svc} failed"),
    ("SQLSTATE {n5}", "ERROR: relation {table} missing (SQLSTATE {n5})"), ("ECONNREFUSED", "connect ECONNREFUSED {ip}:{port}"), ("ENOSPC", "write failed: ENOSPC, no space left on {mount}"), ("EACCES", "EACCES: permission denied, open '{file}'"), ("ETIMEDOUT", "connect ETIMEDOUT {ip}:443"),
    ("0x8007{n4}", "Update failed with error 0x8007{n4}"), ("ERR-{n3}", "[{svc}] ERR-{n3} while loading {table}"), ("AH0{n4}", "AH0{n4}: could not read {file}"), ("TS{n4}", "src/app.ts(12,5): error TS{n4}: Type 'string' is not assignable"), ("MY-01{n4}", "[MY-01{n4}] Plugin {svc} reported: init failed"),
    ("ENOENT", "npm ERR! ENOENT: no such file {file}"), ("CS{n4}", "Program.cs(8,3): error CS{n4}: ; expected"), ("{n3}", "upstream answered with status code {n3}"), ("ERESOLVE", "npm ERR! code ERESOLVE"), ("PAY-{n4}", "payment {uuid} rejected, code PAY-{n4}"), ("FS{n3}", "FS{n3} mount of {mount} failed"),
)


@family(GROUP)
def error_code(rng: random.Random) -> Function:
    none = rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        if rng.random() < 0.2:
            return lx.put(rng, rng.choice([e.template for e in ev.EVENTS if e.system in ("app", "deploy", "backup") and not re.search(r"\d|\{(hex|ms|port)\}", e.template)])), none
        shape, template = rng.choice(ERROR_CODES)
        digits = {"{n3}": str(rng.choice((404, 500, 502, 503, 429, 401, 403, 410))), "{n4}": str(rng.randrange(1000, 9999)), "{n5}": f"{rng.randrange(99999):05d}"}
        for slot, value in digits.items():
            shape, template = shape.replace(slot, value), template.replace(slot, value)
        event = lx.put(rng, template)
        return lx.write_line(rng, rng.choice(("bare", "bare", "short", "syslog", "bracket")), event, "e").text, shape

    return shape_function(rng, sample, ["an error message", "a log line", "an error line"], ["[extract|print|return|give] the error code [only|]", "which error code does it name? [print|give] the code as written", "pull out the [error or status|error] code, unchanged"], ["error code only", "error line -> code", "log line -> error code"], [["{none} if there is no code", "no code: {none}", "[print|write|answer] {none} without a code"]], none=none)


SSH = {
    "fail": ("Failed password for {u} from {a} port {port} ssh2", "authentication failure for {u}; client {a}", "login failed: user={u} ip={a}", "wrong password for user {u} ({a})", "Invalid credentials, account {u}, remote {a}", "{a} failed to log in as {u}"),
    "ok": ("Accepted password for {u} from {a} port {port} ssh2", "user {u} logged in from {a}", "session opened: user={u} ip={a}", "{a} authenticated as {u}", "Login ok, account {u}, remote {a}"),
}


@family(GROUP)
def login_fields(rng: random.Random) -> Function:
    """User and address of a login line, in a drawn shape."""
    ku, ka, kr = rng.choice(("user", "u", "name", "account", "who")), rng.choice(("ip", "addr", "from", "src", "address")), rng.choice(("ok", "success", "accepted", "granted"))
    shapes = (("json", f'{{"{ku}": USER, "{ka}": ADDRESS}}'), ("json", f'{{"{ku}": USER, "{ka}": ADDRESS, "{kr}": true or false}}'), ("text", "USER@ADDRESS"), ("text", "ADDRESS USER"), ("text", f"{ku}=USER {ka}=ADDRESS"), ("text", "USER,ADDRESS"), ("text", "ADDRESS"), ("text", "USER"))
    number = rng.randrange(len(shapes))
    output_kind, shape = shapes[number]

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(("fail", "ok"))
        user, address = rng.choice(lx.USERS), lx.ip(rng)
        message = lx.put(rng, rng.choice(SSH[key]).replace("{u}", user).replace("{a}", address))
        text = lx.write_line(rng, rng.choice(("syslog", "bare", "app", "bracket")), message, "i").text
        if output_kind == "json":
            value: dict[str, object] = {ku: user, ka: address}
            if number == 1:
                value[kr] = key == "ok"
            return text, json.dumps(value)
        return text, fill_shape(shape, {"USER": user, "ADDRESS": address})

    return shape_function(rng, sample, ["a login line of a log", "an auth log line"], ["[print|return|write|extract] user and address as {shape}" if number < 6 else "[print|return|extract] only the {shape} [of the login|]", "who logged in or tried to, and from where? answer in the form {shape}"], ["login line -> {shape}", "auth log: {shape}"], [["USER is the account, ADDRESS the IP"]], output_kind, shape=shape)


@family(GROUP)
def same_event(rng: random.Random) -> Function:
    """Two lines: the same kind of event with other values, or two kinds."""
    sep = rng.choice((" || ", " <> ", " ## ", "\n", " /// "))
    name = {"\n": "a line break", " || ": '" || "', " <> ": '" <> "', " ## ": '" ## "', " /// ": '" /// "'}[sep]
    pool = [e for e in ev.EVENTS if "{" in e.template and len(e.template) < 90]

    def make(rng: random.Random, key: str) -> str:
        one = rng.choice(pool)
        near = [e for e in pool if e.system == one.system and e.template != one.template]
        far = [e for e in pool if e.template != one.template]
        other = one if key == "same" else rng.choice(near if near and rng.random() < 0.6 else far)
        style = rng.choice(("bare", "short", "plainlv"))
        lines = [lx.write_line(rng, style, lx.put(rng, e.template), e.level).text for e in (one, other)]
        return sep.join(lines)

    return label_function(rng, ["pair of log lines", "two log lines"], ["whether both lines report the same kind of event", "if they are the same message with other values"], [kind("same", "same yes dup equal SAME true", "the same kind of event, only numbers or names differ", "one template, other values"), kind("different", "different no new other DIFFERENT false", "two kinds of events", "different messages")], make, rules=[[f"The lines are separated by <<{name}>>", f"<<{name}>> stands between the two"]], questions=["are these two log lines the same kind of event", "same message apart from the values"])
