# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Monitoring beside single log lines: stack traces, access logs, metrics, health reports, builds, training runs."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from pawtrainer.families import events as ev
from pawtrainer.families import lexicon as lx
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.logs import LINE, fill_shape, shape_function
from pawtrainer.families.phrasing import (
    NONE_WORDS,
    SEPARATOR_NAMES,
    Kind,
    kind,
    label_function,
)

GROUP = "logs-and-monitoring"


def short_trace(rng: random.Random, limit: int = 360) -> lx.Trace:
    while True:
        made = lx.trace(rng)
        if len(made.text) < limit:
            return made


def base_name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


@family(GROUP)
def traceback_summary(rng: random.Random) -> Function:
    """A stack trace in a drawn short form."""
    shape = rng.choice(("TYPE @ FILE:LINE", "TYPE in FILE line LINE", "FILE:LINE TYPE", "FILE:LINE", "TYPE", "FILE", "LINE", "TYPE|FILE|LINE", "FILE(LINE): TYPE", "TYPE: MESSAGE", "TYPE at LINE", "FUNCTION", "TYPE <FILE>", "FILE#LINE", "TYPE -> FUNCTION"))
    full = rng.random() < 0.3
    outer = rng.random() < 0.2 and any(word in shape for word in ("FILE", "LINE", "FUNCTION"))

    def sample(rng: random.Random) -> Pair:
        while True:
            made = short_trace(rng)
            if not (made.kind == "panic" and "TYPE" in shape) and not (outer and len(made.frames) < 2 and rng.random() < 0.7) and not (made.language == "rust" and "FUNCTION" in shape):
                break
        file, line, function = made.frames[0 if outer else -1]
        parts = {"TYPE": made.kind.rsplit(".", 1)[-1].rsplit("::", 1)[-1], "FILE": file if full else base_name(file), "LINE": str(line), "FUNCTION": function.rsplit(".", 1)[-1], "MESSAGE": made.saying}
        return made.text, fill_shape(shape, parts)

    rules = []
    if "FILE" in shape:
        rules.append(["FILE with its [full|whole] path, as printed", "keep the whole path of the file"] if full else ["FILE without directories", "FILE is the bare file name without its path", "no directories in the file name"])
    if any(word in shape for word in ("FILE", "LINE", "FUNCTION")):
        rules.append(["use the outermost frame, where the program began", "the outermost call, not the one that raised"] if outer else ["use the frame that raised the error", "the place where the error was raised", "the innermost frame counts"])
    if "TYPE" in shape:
        rules.append(["TYPE is the exception class without package or module", "the exception type without its package"])
    return shape_function(rng, sample, ["a stack trace", "a traceback", "an exception with its stack"], ["boil it down to {shape}", "[print|write|give] it as {shape}", "[shorten|reduce|summarise] the [traceback|stack trace] to {shape}", "[extract|report] {shape} from the [traceback|stack trace]"], ["traceback -> {shape}", "stack trace as {shape}"], rules, shape=shape)


@family(GROUP)
def exception_name(rng: random.Random) -> Function:
    """The class of the exception, short or full; with chained causes, the outer or the root one."""
    full, root, none = rng.random() < 0.4, rng.random() < 0.5, rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        how = rng.random()
        if how < 0.15:
            return lx.put(rng, rng.choice([e.template for e in ev.BY_ACTION["I"] if "exc" not in e.template])), none
        if how < 0.5:
            one, two = rng.sample(lx.EXCEPTIONS["java"], 2)
            text = f"{one}: {lx.saying(rng, one)}\n\tat {rng.choice(lx.PACKAGES)}.{rng.choice(lx.CLASSES)}.{rng.choice(lx.FUNCTIONS)}({rng.choice(lx.CLASSES)}.java:{rng.randrange(9, 400)})\nCaused by: {two}: {lx.saying(rng, two)}"
            name = two if root else one
        elif how < 0.75:
            language = rng.choice(("python", "java", "js", "csharp"))
            name = rng.choice(lx.EXCEPTIONS[language])
            text = rng.choice(("{k}: {s}", "Unhandled exception: {k}: {s}", "[ERROR] {k}: {s}", "job failed with {k} ({s})", "{k} in worker 3: {s}")).replace("{k}", name).replace("{s}", lx.saying(rng, name))
        else:
            made = short_trace(rng)
            while made.kind == "panic":
                made = short_trace(rng)
            text, name = made.text, made.kind
        return text, name if full else name.rsplit(".", 1)[-1].rsplit("::", 1)[-1]

    rules = [["with package or module, as printed", "the full name as printed"] if full else ["without package or module", "only the last part of a dotted name", "the short name, no package"], ["[if it has a cause|with \"Caused by\"], take the [root cause|last cause]", "of a chain take the last \"Caused by\""] if root else ["[if it has a cause|with \"Caused by\"], take the first one printed", "of a chain take the outer exception, printed first"], ["no exception: {none}", "{none} if no exception is named"]]
    return shape_function(rng, sample, ["an error text", "a stack trace or log text", "an exception"], ["[print|return|give|extract] the exception [class|type|name]", "which exception is it? [print|give] its class [only|]"], ["exception class", "error text -> exception type"], rules, none=none)


@family(GROUP)
def trace_language(rng: random.Random) -> Function:
    names = {"python": ("python py", "Python"), "java": ("java jvm", "Java"), "js": ("javascript js", "JavaScript or Node"), "ruby": ("ruby rb", "Ruby"), "csharp": ("csharp dotnet", "C# or .NET"), "go": ("go golang", "Go"), "rust": ("rust rs", "Rust")}

    def make(rng: random.Random, key: str) -> str:
        while True:
            made = lx.trace(rng, key, rng.choice((1, 1, 2)))
            if len(made.text) < 300:
                return made.text

    chosen = rng.sample(list(names), rng.randint(3, 5))
    return label_function(rng, ["stack trace", "traceback", "crash report"], ["the programming language", "which language the program is written in"], [kind(k, names[k][0], names[k][1], names[k][1] + " traces") for k in chosen], make)


# ---------------------------------------------------------------------------------------------------------
# access logs

AGENTS = ("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.4.0", "Googlebot/2.1", "python-requests/2.31", "Mozilla/5.0 (iPhone)", "okhttp/4.9", "bingbot/2.0", "-", "kube-probe/1.27", "Wget/1.21")
BOTS = {"Googlebot/2.1", "bingbot/2.0", "AhrefsBot/7.0", "YandexBot/3.0"}
METHODS = ("GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")
STATUS = {2: (200, 200, 201, 204, 206), 3: (301, 302, 304, 307), 4: (400, 401, 403, 404, 404, 409, 422, 429), 5: (500, 502, 503, 504)}


def access(rng: random.Random, status: int, ms: int | None = None) -> tuple[str, dict[str, str]]:
    """One line of a web server's access log and its parts."""
    found = {"ip": lx.ip(rng), "method": rng.choice(METHODS), "path": lx.put(rng, rng.choice(lx.URIS)), "status": str(status), "bytes": str(rng.randrange(60, 90000)), "agent": rng.choice(AGENTS)}
    ms = rng.choice((rng.randrange(2, 90), rng.randrange(90, 900), rng.randrange(900, 9000))) if ms is None else ms
    found["ms"] = str(ms)
    when = f"{rng.randrange(1, 29):02d}/{rng.choice(lx.MONTHS)}/{rng.randrange(2021, 2027)}:{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d} +0000"
    f = found
    text = rng.choice((
        f'{f["ip"]} - - [{when}] "{f["method"]} {f["path"]} HTTP/1.1" {status} {f["bytes"]} "-" "{f["agent"]}" {ms}ms',
        f'{f["ip"]} - {rng.choice(lx.USERS)} [{when}] "{f["method"]} {f["path"]} HTTP/2.0" {status} {f["bytes"]} {ms}ms',
        f'{f["method"]} {f["path"]} {status} {ms}ms {f["ip"]}', f'{f["method"]} {f["path"]} -> {status} ({ms}ms) from {f["ip"]}', f'method={f["method"]} path={f["path"]} status={status} duration={ms}ms remote={f["ip"]}',
        f'{{"remote":"{f["ip"]}","method":"{f["method"]}","path":"{f["path"]}","status":{status},"took":"{ms}ms"}}', f'[{when[:11]}] {f["ip"]} "{f["method"]} {f["path"]}" {status} {ms}ms',
    ))
    return text, found


def any_status(rng: random.Random) -> int:
    return rng.choice(STATUS[rng.choice((2, 2, 3, 4, 5))])


@family(GROUP)
def status_class(rng: random.Random) -> Function:
    kinds = [kind("2", "ok success good fine", "a 2xx status", "status 200 to 299", "success"), kind("3", "redirect moved elsewhere other", "a 3xx status", "status 300 to 399", "a redirect or not modified"), kind("4", "client caller theirs user", "a 4xx status", "status 400 to 499", "an error of the client"), kind("5", "server ours broken fail", "a 5xx status", "status 500 to 599", "an error of the server")]
    chosen = kinds if rng.random() < 0.6 else rng.sample(kinds, 3) if rng.random() < 0.6 else [kinds[0], kinds[3]]
    return label_function(rng, ["access log line", "web server log line", "HTTP log line", "request line"], ["the class of the HTTP status", "how the request ended", "what the status code says"], chosen, lambda r, key: access(r, r.choice(STATUS[int(key)]))[0], plain=False)


@family(GROUP)
def access_fields(rng: random.Random) -> Function:
    names = ("method", "path", "status", "ip", "ms")
    fields = rng.sample(names, rng.choice((1, 2, 2, 3)))
    as_json = rng.random() < 0.3 and len(fields) > 1
    keys = {"method": rng.choice(("method", "verb", "m")), "path": rng.choice(("path", "url", "p", "uri")), "status": rng.choice(("status", "code", "s")), "ip": rng.choice(("ip", "client", "from")), "ms": rng.choice(("ms", "time", "took"))}
    sep = rng.choice((" ", ",", " | ", ";", "\t", " / "))
    told = {"method": "method", "path": "path", "status": "status code", "ip": "client IP", "ms": "duration in ms (number only)"}
    listed = " then ".join(told[f] for f in fields) if len(fields) < 3 else ", ".join(told[f] for f in fields)

    def sample(rng: random.Random) -> Pair:
        text, found = access(rng, any_status(rng))
        if as_json:
            return text, json.dumps({keys[f]: int(found[f]) if f in ("status", "ms") else found[f] for f in fields})
        return text, sep.join(found[f] for f in fields)

    things = ["a line of an access log", "an HTTP request log line", "a web server log line"]
    if as_json:
        shape = ", ".join(f'"{keys[f]}": {told[f]}' for f in fields)
        return shape_function(rng, sample, things, ["[print|return|make|write] JSON with {shape}", "extract as a JSON object {shape}"], ["access log -> JSON {shape}", "JSON: {shape}"], [["numbers without quotes", "status and duration as numbers"]] if {"status", "ms"} & set(fields) else [], "json", shape=shape)
    rules = [["separated by {sep}", "put {sep} between them", "joined by {sep}"]] if len(fields) > 1 else []
    return shape_function(rng, sample, things, ["[print|return|give|extract] the {listed}", "reduce it to the {listed}", "I need the {listed}[ only|]"], ["access log -> {listed}", "{listed}"], rules, listed=listed, sep={"\t": "a tab", " ": "a space", ",": "a comma without spaces", ";": "a semicolon without spaces", " | ": '" | "', " / ": '" / "'}[sep])


@family(GROUP)
def slow_or_failed(rng: random.Random) -> Function:
    """Requests against drawn bounds: failed, slow, fine."""
    bound = rng.choice((100, 200, 300, 500, 800, 1000, 1500, 2000))
    split = rng.random() < 0.6
    bad = rng.choice((5, 5, 4))
    kinds = [kind("fail", "failed bad error red", f"status {bad}00 or above", f"a status code of at least {bad}00"), kind("slow", "slow late yellow warn", f"not failed, but more than {bound} ms", f"took over {bound} ms with a good status"), kind("fine", "fine ok good green", "everything else", "all other requests")]
    if not split:
        kinds = [kind("flag", "flag alert yes bad", f"status {bad}00 or above, or more than {bound} ms", f"failed ({bad}xx or higher) or slower than {bound} ms"), kind("fine", "pass quiet no ok", "everything else", "all other requests")]

    def make(rng: random.Random, key: str) -> str:
        good = [s for c in range(2, bad) for s in STATUS[c]]
        poor = [s for c in range(bad, 6) for s in STATUS[c]]
        quick, late = rng.choice((rng.randrange(1, bound), max(1, bound - rng.randrange(1, 40)), bound)), rng.choice((bound + rng.randrange(1, 60), bound * rng.randrange(2, 6) + 7))
        if key == "flag":
            key = rng.choice(("fail", "slow"))
        status, ms = {"fail": (rng.choice(poor), rng.choice((quick, quick, late))), "slow": (rng.choice(good), late), "fine": (rng.choice(good), quick)}[key]
        return access(rng, status, ms)[0]

    return label_function(rng, ["request log line", "access log line", "HTTP log line"], ["the state of the request", "how the request went"], kinds, make, plain=False, keep_order=True)


# ---------------------------------------------------------------------------------------------------------
# metrics

METRICS = {"cpu": ("%", 0, 100), "mem": ("%", 0, 100), "disk": ("%", 0, 100), "load": ("", 0, 40), "latency": ("ms", 1, 3000), "errors": ("", 0, 200), "queue": ("", 0, 9000), "temp": ("C", 20, 100), "conns": ("", 0, 900), "lag": ("s", 0, 600), "p99": ("ms", 1, 4000), "rps": ("", 0, 5000), "swap": ("%", 0, 100), "fan": ("rpm", 300, 6000), "battery": ("%", 0, 100)}


def metric_line(rng: random.Random, values: dict[str, int]) -> str:
    items = list(values.items())
    rng.shuffle(items)
    shape = rng.randrange(6)
    host = rng.choice(lx.HOSTS)
    unit = {name: METRICS[name][0] for name in values}
    if shape == 0:
        return f"{host} " + " ".join(f"{k}={v}{unit[k]}" for k, v in items)
    if shape == 1:
        return ", ".join(f"{k}: {v}{unit[k]}" for k, v in items)
    if shape == 2:
        return json.dumps({"host": host, **dict(items)})
    if shape == 3:
        return f"[{host}] " + " | ".join(f"{k} {v}{unit[k]}" for k, v in items)
    if shape == 4:
        return " ".join(f"{k}:{v}{unit[k]}" for k, v in items) + f" host:{host}"
    return f"{rng.randrange(24):02d}:{rng.randrange(60):02d} {host}: " + ", ".join(f"{k} at {v}{unit[k]}" for k, v in items)


def _near(rng: random.Random, low: int, high: int, bound: int, above: bool) -> int:
    """A value above the bound or not, often close to it."""
    if above:
        top = max(bound + 1, high)
        return rng.choice((bound + 1, min(top, bound + rng.randrange(1, 6)), rng.randrange(bound + 1, top + 1)))
    return rng.choice((bound, max(low, bound - rng.randrange(1, 6)), rng.randrange(low, bound + 1)))


@family(GROUP)
def metric_threshold(rng: random.Random) -> Function:
    """One metric of several against a drawn bound."""
    name = rng.choice(list(METRICS))
    unit, low, high = METRICS[name]
    bound = rng.randrange(low + (high - low) // 5, high - (high - low) // 10)
    bound = bound // 5 * 5 if bound > 20 else max(1, bound)
    flip = rng.random() < 0.25
    over, under = (f"{name} above {bound}{unit}", f"{name} over {bound}{unit}", f"{name} > {bound}{unit}", f"more than {bound}{unit} of {name}"), (f"{name} of {bound}{unit} or less", f"{name} <= {bound}{unit}", f"{name} at or below {bound}{unit}")
    yes, no = kind("yes", "alert high yes ALERT bad red", *(under if flip else over)), kind("no", "ok normal no OK good green", *(over if flip else under), "otherwise", "everything else")
    others = [m for m in METRICS if m != name]

    def make(rng: random.Random, key: str) -> str:
        values = {name: _near(rng, low, high, bound, (key == "yes") != flip)}
        for other in rng.sample(others, rng.randrange(4)):
            values[other] = rng.randrange(METRICS[other][1], METRICS[other][2] + 1)
        return metric_line(rng, values)

    return label_function(rng, ["metrics line", "monitoring sample", "status line", "line of measurements"], [f"the state of {name}", f"whether {name} is in bounds"], [yes, no], make, plain=False)


@family(GROUP)
def metric_levels(rng: random.Random) -> Function:
    """Three states by two drawn bounds."""
    name = rng.choice([m for m in METRICS if METRICS[m][2] - METRICS[m][1] >= 60])
    unit, low, high = METRICS[name]
    step = max(1, (high - low) // 20)
    first = low + step * rng.randrange(5, 13)
    second = first + step * rng.randrange(2, 6)
    kinds = [kind("0", "ok green low normal fine", f"{name} below {first}{unit}", f"under {first}{unit}"), kind("1", "warn yellow medium high soon", f"{name} from {first}{unit} to below {second}{unit}", f"at least {first}{unit} but under {second}{unit}"), kind("2", "crit red high critical now", f"{name} of {second}{unit} or more", f"{second}{unit} and up", f"{name} at least {second}{unit}")]

    def make(rng: random.Random, key: str) -> str:
        start, stop = ((low, first), (first, second), (second, high + 1))[int(key)]
        value = rng.choice((start, stop - 1, rng.randrange(start, stop), rng.randrange(start, stop)))
        values = {name: value}
        for other in rng.sample([m for m in METRICS if m != name], rng.randrange(3)):
            values[other] = rng.randrange(METRICS[other][1], METRICS[other][2] + 1)
        return metric_line(rng, values)

    return label_function(rng, ["metrics line", "monitoring sample", "line of measurements"], [f"the level of {name}", f"how {name} stands"], kinds, make, plain=False, keep_order=True)


@family(GROUP)
def metric_value(rng: random.Random) -> Function:
    name, none = rng.choice(list(METRICS)), rng.choice(NONE_WORDS)
    unit = METRICS[name][0]
    keep = bool(unit) and rng.random() < 0.3

    def sample(rng: random.Random) -> Pair:
        others = [m for m in METRICS if m != name]
        values = {other: rng.randrange(METRICS[other][1], METRICS[other][2] + 1) for other in rng.sample(others, rng.randint(1, 3))}
        if rng.random() < 0.15:
            return metric_line(rng, values), none
        values[name] = rng.randrange(METRICS[name][1], METRICS[name][2] + 1)
        text = metric_line(rng, values)
        return text, f"{values[name]}{unit}" if keep else str(values[name])

    rules = [["{none} if it is missing", "[print|write] {none} without {name}", "no {name}: {none}"], [f"always add the unit {unit}", f"followed by {unit}, without a blank"] if keep else ["number only, no unit", "without the unit", "just the number"]]
    return shape_function(rng, sample, ["a line of metrics", "a monitoring sample"], ["[print|return|give|extract] the value of {name}", "what is {name}? [print|give] the value"], ["metrics -> {name}", "value of {name}"], rules, name=name, none=none)


@family(GROUP)
def metric_offenders(rng: random.Random) -> Function:
    """Names of the items over a drawn bound, in order."""
    bound, none, sep = rng.randrange(50, 95), rng.choice(("none", "NONE", "-", "ok", "all good", "[]")), rng.choice((", ", ",", " ", ";", " | "))
    what = rng.choice(("disk", "host", "service", "mount"))
    pool = {"disk": lx.DEVICES, "host": lx.HOSTS, "service": lx.SERVICES, "mount": lx.MOUNTS}[what]

    def sample(rng: random.Random) -> Pair:
        items = rng.sample(list(pool), rng.randint(2, 5))
        values = [rng.choice((rng.randrange(3, 100), bound, bound + 1)) for _ in items]
        join = rng.choice((", ", " ", "; ", " | "))
        form = rng.choice(("{k} {v}%", "{k}={v}%", "{k}: {v}%", "{k} ({v}%)"))
        text = join.join(form.replace("{k}", k).replace("{v}", str(v)) for k, v in zip(items, values, strict=True))
        return text, sep.join(k for k, v in zip(items, values, strict=True) if v > bound) or none

    return shape_function(rng, sample, ["usage figures of several {what}s", "a list of {what}s with percentages"], ["[list|print|name] the {what}s above {bound}%, in the order given", "which {what}s are over {bound}%? [list|print] them in order"], ["{what}s > {bound}%", "usage list -> {what}s over {bound}%"], [["separate with {sep}", "separator: {sep}", "joined by {sep}"], ["if there is none, [print|write] {none}", "{none} if no one is", "none of them: {none}"]], "list", what=what, bound=str(bound), sep=rng.choice(SEPARATOR_NAMES[sep]), none=none)


GOOD_STATES = ("ok", "up", "healthy", "OK", "running", "passing", "green", "UP", "ready", "✓")
BAD_STATES = ("down", "DOWN", "failed", "timeout", "unreachable", "degraded", "critical", "FAIL", "refused", "red", "not ready", "✗")


@family(GROUP)
def health_list(rng: random.Random) -> Function:
    """The failing parts of a health report."""
    none, sep = rng.choice(("none", "NONE", "-", "all ok", "healthy", "0")), rng.choice((", ", ",", " ", "; "))
    count = rng.random() < 0.25
    healthy = rng.random() < 0.2

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(lx.SERVICES, rng.randint(2, 5))
        clean = rng.random() < 0.15
        bad = [not clean and rng.random() < 0.4 for _ in names]
        good_word, states = rng.choice(GOOD_STATES), [rng.choice(BAD_STATES) for _ in names]
        form, join = rng.choice((("{n}: {s}", ", "), ("{n}={s}", " "), ("{n} {s}", "; "), ("{n} is {s}", ", "), ("[{s}] {n}", " "), ("{n} -> {s}", " | ")))
        values = [states[i] if b else good_word for i, b in enumerate(bad)]
        text = join.join(form.replace("{n}", n).replace("{s}", v) for n, v in zip(names, values, strict=True))
        if rng.random() < 0.2:
            text = json.dumps(dict(zip(names, values, strict=True)))
        hits = [n for n, b in zip(names, bad, strict=True) if b != healthy]
        return text, str(len(hits)) if count else sep.join(hits) or none

    which = "healthy" if healthy else "failing"
    if count:
        return shape_function(rng, sample, ["a health report", "a list of service states"], ["count the {which} services", "how many services are {which}? [print|give] the number"], ["number of {which} services", "health report -> how many {which}"], which=which)
    return shape_function(rng, sample, ["a health report", "the states of several services"], ["[list|print|name] the {which} [services|components] in order", "which [services|components] are {which}? [list|print] them in the order given"], ["health report -> {which} services", "{which} ones"], [["separate with {sep}", "separator: {sep}", "joined by {sep}"], ["{none} if there is none", "no such service: {none}"]], "list", which=which, sep=rng.choice(SEPARATOR_NAMES[sep]), none=none)


@family(GROUP)
def expiry_state(rng: random.Random) -> Function:
    """Certificates, licences and passwords by days left, with drawn bounds."""
    bound = rng.choice((7, 10, 14, 20, 30, 45))
    kinds = [kind("gone", "expired dead red over", "already expired", "the date has passed"), kind("soon", "soon renew yellow warn", f"{bound} days or less left", f"expires within {bound} days"), kind("fine", "fine ok green valid", f"more than {bound} days left", f"over {bound} days to go")]

    def make(rng: random.Random, key: str) -> str:
        thing = rng.choice(("certificate for {domain}", "licence of {svc}", "password of {user}", "API token {hex}", "domain {domain}", "GPG key {hex}", "support contract for {host}", "cert {domain}"))
        name = lx.put(rng, thing)
        if key == "gone":
            n = rng.randrange(1, 60)
            return rng.choice((f"{name} expired {n} days ago", f"{name}: expired on {rng.randrange(1, 29)} {rng.choice(lx.MONTHS)}, {n} days ago", f"{name} is no longer valid (since {n} days)", f"{name} days_left=-{n}"))
        n = rng.choice((bound, bound - 1, rng.randrange(1, bound + 1))) if key == "soon" else rng.choice((bound + 1, bound + rng.randrange(1, 5), rng.randrange(bound + 1, 400)))
        return rng.choice((f"{name} expires in {n} days", f"{name}: {n} days left", f"{name} valid for another {n} days", f"{name} days_left={n}", f"{name}, renewal due in {n} days", f"{n} days until {name} expires"))

    return label_function(rng, ["expiry notice", "line about a certificate or licence", "validity check"], ["the state", "how long it is still valid"], kinds, make, plain=False, keep_order=True)


@family(GROUP)
def heartbeat(rng: random.Random) -> Function:
    """Alive, late or lost by two clock times and drawn bounds."""
    first = rng.choice((10, 15, 30, 45, 60, 90, 120))
    second = first * rng.choice((2, 3, 4, 5))
    kinds = [kind("0", "alive ok up green", f"at most {first} seconds ago", f"up to {first} s"), kind("1", "late slow stale yellow", f"more than {first} up to {second} seconds ago", f"over {first} s, at most {second} s"), kind("2", "lost dead down red", f"more than {second} seconds ago", f"over {second} s")]

    def make(rng: random.Random, key: str) -> str:
        start, stop = ((0, first), (first + 1, second), (second + 1, second * 5))[int(key)]
        gap = rng.choice((start, stop, rng.randint(start, stop), rng.randint(start, stop)))
        host = rng.choice(lx.HOSTS)
        if rng.random() < 0.5:
            return rng.choice((f"{host}: last heartbeat {gap}s ago", f"{host} seen {gap} s ago", f"no ping from {host} for {gap} seconds", f"{host} last_seen={gap}s", f"{gap} seconds since {host} reported"))
        begin = rng.randrange(0, 86000 - second * 5)
        a, b = (f"{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d}" for t in (begin, begin + gap))
        return rng.choice((f"{host} last {a} now {b}", f"{host}: last heartbeat {a}, time now {b}", f"now={b} last={a} node={host}"))

    return label_function(rng, ["heartbeat line", "line about a node's last sign of life"], ["the state of the node", "how fresh the heartbeat is"], kinds, make, plain=False, keep_order=True)


@family(GROUP)
def disk_line(rng: random.Random) -> Function:
    """A line of `df` in a drawn shape."""
    shape = rng.choice(("MOUNT PERCENT", "PERCENT", "MOUNT", "MOUNT: PERCENT", "MOUNT FREE", "MOUNT=PERCENT", "PERCENT of SIZE on MOUNT", "FREE"))
    mark, bound = rng.choice(("!", "*", "FULL", "(!)", "<<")), rng.choice((80, 85, 90, 95))
    flagged = rng.random() < 0.5 and "PERCENT" in shape

    def sample(rng: random.Random) -> Pair:
        mount, device, size = rng.choice(lx.MOUNTS), rng.choice(lx.DEVICES), rng.randrange(10, 900)
        percent = rng.choice((rng.randrange(3, 101), bound, bound - 1))
        used = size * percent // 100
        letter = rng.choice("GGGT")
        text = f"/dev/{device}  {size}{letter}  {used}{letter}  {size - used}{letter}  {percent}% {mount}"
        answer = fill_shape(shape, {"MOUNT": mount, "PERCENT": f"{percent}%", "FREE": f"{size - used}{letter}", "SIZE": f"{size}{letter}"})
        return text, answer + (f" {mark}" if flagged and percent >= bound else "")

    rules = [["columns: device, size, used, free, percent, mount", "the columns are device, size, used, available, use%, mount point"]]
    if flagged:
        rules.append([f"from {bound}% on add a blank and {{mark}}", f"at {bound}% or more append a blank and {{mark}}"])
    return shape_function(rng, sample, ["a line of df output", "one row of df -h"], ["[print|write|give] it as {shape}", "reduce it to {shape}"], ["df line -> {shape}", "df: {shape}"], rules, shape=shape, mark=mark)


# ---------------------------------------------------------------------------------------------------------
# builds, training runs, cluster states

CI = {
    "compile": ("src/{mod}.rs:{n}: error[E0308]: mismatched types", "{svc}.c:{n}:{few}: error: expected ';' before 'return'", "error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'", "cannot find symbol: class {cls}", "undefined reference to `{mod}_init'", "SyntaxError: invalid syntax ({mod}.py, line {n})", "./{svc}.go:{n}: undefined: {cls}", "make: *** [Makefile:{n}: {svc}.o] Error 1 (compiler error)", "{cls}.java:{n}: error: incompatible types", "Compilation failed; see the compiler error output for details", "fatal error: {lib}.h: No such file or directory"),
    "test": ("FAILED tests/test_{table}.py::test_total - assert {n} == {n}", "FAIL src/{svc}.test.js: expected {few} to equal {n}", "{few} failed, {n} passed in {few}.{n}s", "AssertionError: expected status 200 but got 500", "--- FAIL: Test{cls} (0.{n}s)", "Tests run: {n}, Failures: {few}, Errors: 0", "thread 'tests::{svc}' panicked: assertion `left == right` failed", "1 spec failed: {cls} returns the sum", "Expected: true, Actual: false in {cls}Test", "snapshot `{svc}` does not match", "Cypress: element .cart never became visible, test {n} failed"),
    "lint": ("{mod}.py:{n}:{few}: E501 line too long ({n} > 100 characters)", "error  'x' is assigned a value but never used  no-unused-vars", "would reformat {mod}.py, 1 file needs formatting", "prettier --check: Code style issues found in {svc}.ts", "missing docstring in public function (D103)", "rubocop: {few} offenses detected: trailing whitespace", "gofmt: {svc}.go is not formatted", "eslint found {few} problems: missing semicolon", "flake8: F401 '{lib}' imported but unused", "clippy::needless_clone denied", "stylelint: unexpected empty line before declaration"),
    "deps": ("ERROR: No matching distribution found for {lib}=={ver}", "npm ERR! ERESOLVE unable to resolve dependency tree for {lib}", "Could not find artifact com.acme:{lib}:jar:{ver}", "error: no matching package named `{lib}` found", "pip: ResolutionImpossible: {lib} {ver} conflicts with {lib} {ver}", "go: module {lib}@v{ver}: not found", "E: Unable to locate package {lib}", "yarn: Couldn't find any versions for \"{lib}\" that matches \"{ver}\"", "poetry.lock is out of date, cannot install {lib}", "bundler: could not find gem '{lib} (= {ver})'"),
    "infra": ("The runner has received a shutdown signal", "No space left on device on build agent {host}", "fatal: unable to access 'https://{domain}/': Could not resolve host", "Job exceeded the maximum time of {n} minutes and was cancelled", "runner {host} lost communication with the server", "Error pulling image {img}: i/o timeout", "cache service responded with 503", "agent {host} is offline", "Cannot connect to the Docker daemon on the runner", "spot instance {host} was reclaimed", "Failed to upload artifact: connection reset"),
}


@family(GROUP)
def ci_cause(rng: random.Random) -> Function:
    kinds = [kind("compile", "compile build source", "the source does not build", "compiler or syntax errors", "the code does not compile"), kind("test", "test tests assertion", "a test case failed", "failed assertions and tests"), kind("lint", "lint style format", "style or formatting checks", "linter complaints"), kind("deps", "deps dependency packages", "a package cannot be found or resolved", "trouble with dependencies"), kind("infra", "infra runner machine", "the runner, its network, disk or time limit", "trouble of the build machine, not of the code")]
    chosen = kinds if rng.random() < 0.5 else rng.sample(kinds, rng.randint(2, 4))
    return label_function(rng, ["line of a failed build", "CI error", "build failure", "CI log line"], ["why the build failed", "the cause of the failure", "the reason"], chosen, lambda r, key: lx.write_line(r, r.choice(("bare", "bare", "actions", "plain", "short")), lx.put(r, r.choice(CI[key])), "e").text)


CI_NOISE = ("Downloading {lib}-{ver}.tar.gz ({size})", "{n} passed in {few}.{n}s", "Restoring cache for key deps-{hex}", "npm WARN deprecated {lib}@{ver}: use something newer", "added {n} packages in {few}s", "Compiling {lib} v{ver}", "Collecting {lib}", "ok  {svc}  0.{n}s", "0 errors, 0 warnings", "Run actions/checkout@v4", "Job succeeded", "[{low}%] Building C object {svc}.o", "error_handler.ts compiled", "test_error_page PASSED", "Uploading artifact {svc}.zip: 100%", "warning: LF will be replaced by CRLF in {svc}.txt", "Layer already exists {hex}", "BUILD SUCCESSFUL in {sec}s", "Found 0 vulnerabilities", "Fetched {n} kB in {few}s", "coverage: {mid}% of statements")


@family(GROUP)
def ci_signal(rng: random.Random) -> Function:
    kinds = [kind("signal", "important keep yes fail signal", "tells why the build broke or that something failed", "a failure or its cause"), kind("noise", "noise drop no fine skip", "progress, downloads, passed tests, harmless hints", "nothing failed here", "chatter of a healthy build")]
    return label_function(rng, ["line of build output", "CI log line", "build log line"], ["whether the line matters", "if it tells of a failure"], kinds, lambda r, key: lx.write_line(r, r.choice(("bare", "bare", "plain", "compose")), lx.put(r, r.choice(CI_NOISE if key == "noise" else CI[r.choice(list(CI))])), "i").text, questions=["does the build line report a failure", "is this line of CI output important", "did something fail here"])


TRAIN = {
    "diverged": ("epoch {epoch} step {big} loss nan", "step {big}: loss=inf, grad_norm=nan", "loss went from 2.{n} to {big}.{n} within {few} steps", "NaN detected in gradients at step {big}", "train_loss: nan val_loss: nan", "step {big} | loss 9.9e+{n} | exploding"),
    "overfit": ("epoch {epoch}: train_loss 0.0{few} falling, val_loss 1.{n} rising for {few} epochs", "train acc {high}.{few}% val acc {low}.{few}%", "validation loss rose for {few} epochs while training loss fell", "train 0.01{n} | val 2.{n} (best was 0.9{few} at epoch {few})"),
    "done": ("training finished after {epoch} epochs, best val_loss 0.{n}", "reached max_steps={big}, stopping", "early stopping at epoch {epoch}, restoring the best weights", "Training completed in {few}h {low}m", "final model saved to out/model.pt, run over"),
    "fine": ("epoch {epoch} step {big} loss {float} lr 3e-4", "step {big}/90000 loss=1.{n} tok/s=18{n}", "epoch {epoch}: train_loss 1.{n} val_loss 1.{n}, both falling", "saved checkpoint step_{big}.pt", "eval: ppl 1{few}.{n} (new best)", "lr warmup done at step {big}", "Epoch {epoch}/90 - {sec}s - loss: 0.{n} - acc: 0.8{few}"),
    "crash": ("torch.cuda.OutOfMemoryError: CUDA out of memory at step {big}", "RuntimeError: DataLoader worker (pid {pid}) is killed by signal", "rank {few} exited with code 1, aborting", "NCCL error: unhandled system error, process group destroyed", "cannot write checkpoint: disk full, run aborted", "Segmentation fault (core dumped) in epoch {epoch}"),
}


@family(GROUP)
def training_state(rng: random.Random) -> Function:
    kinds = [kind("diverged", "diverged nan exploded", "the loss is nan, infinite or exploding", "the numbers blew up"), kind("overfit", "overfit overfitting memorising", "good on training data, worse and worse on validation data", "validation gets worse while training improves"), kind("done", "done finished over", "the run has ended regularly", "training is complete"), kind("fine", "fine running ok", "a normal step, evaluation or checkpoint", "everything goes on as planned"), kind("crash", "crash crashed died", "the process broke off with an error", "an abort: out of memory, killed, disk full")]
    chosen = kinds if rng.random() < 0.4 else rng.sample(kinds, rng.randint(2, 4))
    return label_function(rng, ["line of a training log", "machine learning log line", "training output line"], ["the state of the run", "how the training goes"], chosen, lambda r, key: lx.write_line(r, r.choice(("bare", "bare", "plain", "python", "bracket")), lx.put(r, r.choice(TRAIN[key])), "i").text)


@family(GROUP)
def training_number(rng: random.Random) -> Function:
    """A drawn quantity of a training line, as printed."""
    want = rng.choice(("loss", "val_loss", "lr", "step", "epoch", "acc"))
    none = rng.choice(NONE_WORDS)
    told = {"loss": "training loss", "val_loss": "validation loss", "lr": "learning rate", "step": "step number", "epoch": "epoch number", "acc": "accuracy"}

    def sample(rng: random.Random) -> Pair:
        values = {"epoch": str(rng.randrange(1, 90)), "step": str(rng.randrange(10, 90000)), "loss": f"{rng.randrange(4)}.{rng.randrange(100, 9999)}", "val_loss": f"{rng.randrange(4)}.{rng.randrange(100, 9999)}", "acc": f"0.{rng.randrange(10, 99)}", "lr": rng.choice(("1e-4", "3e-4", "0.001", "5e-05", "0.0002"))}
        shown = [name for name in values if rng.random() < 0.6 or (name == want and rng.random() < 0.7)] or ["step"]
        style = rng.randrange(4)
        names = {"loss": ("loss", "train_loss", "train loss", "train"), "val_loss": ("val_loss", "eval/loss", "val loss", "validation"), "lr": ("lr", "lr", "learning rate", "lr"), "step": ("step", "step", "iter", "step"), "epoch": ("epoch", "epoch", "epoch", "ep"), "acc": ("acc", "accuracy", "acc", "acc")}
        form, join = (("{k}={v}", " "), ("{k}: {v}", " - "), ("{k} {v}", " | "), ("{k} {v}", ", "))[style]
        text = join.join(form.replace("{k}", names[name][style]).replace("{v}", values[name]) for name in shown)
        return text, values[want] if want in shown else none

    return shape_function(rng, sample, ["a line of a training log", "a progress line of a training run"], ["[print|return|give|extract] the {~told}, as printed", "what is the {~told}? copy the number"], ["training log -> {~told}", "{~told} as printed"], [["{none} if it is not in the line", "missing: {none}", "[print|write] {none} [without one|if there is none]"]], told=told[want], none=none)


PODS = {
    "image": ("ImagePullBackOff", "ErrImagePull", 'Failed to pull image "{img}": not found', "InvalidImageName: {img}::", "manifest for {img} unknown"),
    "crash": ("CrashLoopBackOff", "Back-off restarting failed container {svc}", "Error, exit code {few}, restarts: {n}", "{pod} restarted {n} times in an hour"),
    "memory": ("OOMKilled, exit code 137", "Container {svc} exceeded its memory limit of 256Mi", "Evicted: the node was low on resource: memory", "memory cgroup out of memory: killed {svc}"),
    "schedule": ("0/{few} nodes are available: {few} Insufficient cpu", "FailedScheduling: node(s) had untolerated taint", "pod has unbound immediate PersistentVolumeClaims", "0/{n} nodes match the node selector"),
    "config": ("CreateContainerConfigError: secret \"{svc}-key\" not found", "configmap \"{svc}-settings\" not found", "couldn't find key password in Secret {ns}/{svc}", "invalid value for env var PORT in {pod}"),
    "probe": ("Readiness probe failed: HTTP probe failed with statuscode: 500", "Liveness probe failed: dial tcp {ip}:{port}: connection refused", "Startup probe failed: timeout"),
    "fine": ("Running, 1/1 ready", "Completed", "Successfully assigned {ns}/{pod} to {node}", "Started container {svc}", "Pulled image {img} already present on machine", "Scaled down replica set {pod} to 0"),
}


@family(GROUP)
def pod_reason(rng: random.Random) -> Function:
    kinds = [kind("image", "image pull", "the image cannot be pulled", "image name or registry"), kind("crash", "crash loop", "the container keeps crashing", "restarts again and again"), kind("memory", "memory oom", "too little memory", "killed for memory"), kind("schedule", "schedule pending", "no node can take it", "it cannot be placed"), kind("config", "config settings", "a missing secret, config map or wrong setting", "configuration"), kind("probe", "probe unhealthy", "a health probe fails", "failing health checks"), kind("fine", "fine ok", "no problem", "normal events")]
    chosen = rng.sample(kinds, rng.randint(3, 6))
    return label_function(rng, ["Kubernetes event", "pod status", "line of kubectl describe"], ["what is wrong with the pod", "the reason", "why the pod does not run"], chosen, lambda r, key: r.choice(("{}", "pod " + lx.pod(r) + ": {}", "Warning  {}", r.choice(lx.SLOTS["ns"](r).split()) + "/" + lx.pod(r) + "  {}")).replace("{}", lx.put(r, r.choice(PODS[key]))))


PHASES = {
    "investigating": ("We are looking into reports of slow {svc}.", "Some users cannot log in. We are checking what is wrong.", "Errors on {svc} have gone up, the cause is not known yet.", "We've noticed failing requests to {domain} and started an investigation."),
    "identified": ("The cause is a full disk on {host}, we are working on a fix.", "We found the bug in {svc} {ver} and prepare a rollback.", "A broken cable at our provider is the reason; repair is under way.", "Root cause known: wrong setting in {svc}. A fix will follow."),
    "monitoring": ("A fix for {svc} is live, we keep an eye on it.", "Rolled back to {ver}; error rates fall and we continue to watch.", "The change is deployed. We monitor the results.", "Capacity was added and things look better, still watching."),
    "resolved": ("This incident is over. All systems work normally.", "{svc} has been stable for an hour, we close the incident.", "Everything is back to normal, sorry for the trouble.", "The problem with {domain} is solved."),
    "planned": ("{svc} will be offline on Sunday from 2 to 4 for maintenance.", "Scheduled upgrade of {db} next Tuesday night.", "Reminder: planned work on {host} tomorrow at {few} am.", "Next week we move {svc} to new hardware, expect a short break."),
}


@family(GROUP)
def incident_phase(rng: random.Random) -> Function:
    kinds = [kind("investigating", "investigating searching open", "the cause is not known yet", "still looking for the cause"), kind("identified", "identified known found", "the cause is known, the fix is not out yet", "cause found, fix to come"), kind("monitoring", "monitoring watching observe", "a fix is out and is being watched", "fixed, but under observation"), kind("resolved", "resolved closed over", "it is over", "all back to normal"), kind("planned", "planned scheduled future", "maintenance announced for later", "announced work")]
    chosen = kinds if rng.random() < 0.4 else rng.sample(kinds, rng.randint(2, 4))
    return label_function(rng, ["status page update", "incident update", "status message"], ["the phase of the incident", "where the incident stands"], chosen, lambda r, key: lx.put(r, r.choice(PHASES[key])))


@family(GROUP)
def alert_key(rng: random.Random) -> Function:
    """Parts of an alert in a drawn key."""
    shape = rng.choice(("SERVICE/ALERT", "SERVICE:ALERT", "[SEVERITY] ALERT", "ALERT@HOST", "SEVERITY ALERT on HOST", "HOST/SERVICE/ALERT", "SEVERITY|HOST|ALERT", "ALERT SERVICE", "HOST"))
    upper = rng.random() < 0.3 and "SEVERITY" in shape
    names = ("HighCPU", "DiskFull", "HighLatency", "PodCrashLooping", "TargetDown", "ReplicationLag", "CertExpiring", "QueueBacklog", "HighErrorRate", "InstanceDown", "NoHeartbeat", "MemoryPressure")

    def sample(rng: random.Random) -> Pair:
        parts = {"ALERT": rng.choice(names), "SERVICE": rng.choice(lx.SERVICES), "HOST": rng.choice(lx.HOSTS), "SEVERITY": rng.choice(("critical", "warning", "info", "page"))}
        a, s, h, v = parts["ALERT"], parts["SERVICE"], parts["HOST"], parts["SEVERITY"]
        text = rng.choice((json.dumps({"alertname": a, "service": s, "instance": h, "severity": v}), f"[FIRING] {a} severity={v} service={s} host={h}", f"{v.upper()}: {a} for service {s} on {h}", f'ALERTS{{alertname="{a}",instance="{h}",service="{s}",severity="{v}"}} 1', f"{h} | {s} | {a} | {v}", f"alert {a} ({v}) {s}@{h}: threshold exceeded"))
        return text, fill_shape(shape, {**parts, "SEVERITY": v.upper() if upper else v})

    rules = [["SEVERITY in capitals", "the severity in upper case"] if upper else ["SEVERITY in lower case", "the severity in lower case"]] if "SEVERITY" in shape else []
    return shape_function(rng, sample, ["an alert of a monitoring system", "an alert"], ["[print|write|reduce] it [as|to] {shape}", "make the key {shape}[ from it|]", "[build|return] {shape}"], ["alert -> {shape}", "alert key {shape}"], rules, shape=shape)


@family(GROUP)
def alert_final_state(rng: random.Random) -> Function:
    """A sequence of firing and resolved events: what is still open at the end."""
    none, sep = rng.choice(("none", "NONE", "-", "all clear", "0")), rng.choice((", ", ",", " "))
    up, down = rng.choice((("firing", "resolved"), ("down", "up"), ("open", "closed"), ("+", "-"), ("raise", "clear")))

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(lx.SERVICES, rng.randint(1, 3))
        opened: list[str] = []
        steps = []
        for _ in range(rng.randint(2, 5)):
            name = rng.choice(names)
            word = down if name in opened else up
            if word == up:
                opened.append(name)
            else:
                opened.remove(name)
            steps.append(f"{word}{name}" if up == "+" else f"{name} {word}")
        return rng.choice((", ", "; ", " > ")).join(steps), sep.join(sorted(opened)) or none

    rules = [["in alphabetical order, separated by {sep}", "sorted from a to z, separator {sep}"], ["{none} if nothing is open", "nothing left: {none}"]]
    opens = f"+NAME opens, {down}NAME closes" if up == "+" else f"{up} opens, {down} closes"
    return shape_function(rng, sample, ["a sequence of alert events", "alert events in order"], ["[print|list] the alerts that are still open at the end ({opens})", "which are open after the last event? {opens}"], ["events -> still open ({opens})", "open alerts at the end; {opens}"], rules, "list", sep=rng.choice(SEPARATOR_NAMES[sep]), none=none, opens=opens)


ERRNO = {"ENOENT": ("no such file", ("{file} does not exist", "cannot open {file}: no such file or directory", "the config file is missing", "I can't find the folder")), "EACCES": ("no permission", ("permission denied reading {file}", "I may not write to {mount}", "not allowed to open the file", "access to {file} was refused")), "ENOSPC": ("disk full", ("no space left on {mount}", "can't save, the volume is full", "the disk has no free blocks")), "ECONNREFUSED": ("connection refused", ("nothing listens on port {port}", "{host} refused the connection", "the server port is closed")), "ETIMEDOUT": ("timed out", ("no answer from {host} within {sec} s", "the connection to {ip} timed out", "the request took too long")), "EADDRINUSE": ("port in use", ("port {port} is already taken", "another server is bound to {port}", "can't listen, address in use")), "EEXIST": ("already exists", ("{file} exists already", "a folder of that name is there already", "cannot create the link, the name is taken")), "ENOMEM": ("out of memory", ("malloc failed", "cannot allocate {size}", "no memory left for {svc}")), "EPIPE": ("broken pipe", ("the reader closed the pipe", "write to a closed socket", "head exited before the data was sent"))}


@family(GROUP)
def errno_name(rng: random.Random) -> Function:
    chosen = rng.sample(list(ERRNO), rng.randint(3, 6))
    kinds = [Kind(name, (name, name.lower()), (ERRNO[name][0], f"{ERRNO[name][0]} ({name[1:].lower()})")) for name in chosen]
    return label_function(rng, ["error description", "error message", "description of a failure"], ["the error code that fits", "the errno", "which error it is"], kinds, lambda r, key: lx.put(r, r.choice(ERRNO[key][1])))


@family(GROUP)
def log_mentions(rng: random.Random) -> Function:
    """Does the line name a drawn host, user or service? Near names are traps."""
    what = rng.choice(("host", "user", "service"))
    pool: Sequence[str] = {"host": lx.HOSTS, "user": lx.USERS, "service": lx.SERVICES}[what]
    name = rng.choice(pool)
    templates = {"host": ("connection to {x} restored", "{x} is down", "replica {x} lags 4 s", "backup of {x} finished", "ssh to {x} failed", "agent on {x} upgraded to {ver}"), "user": ("user {x} logged in from {ip}", "session of {x} expired", "wrong password for {x}", "sudo: {x} : COMMAND=/bin/ls", "quota of {x} is {mid}% full"), "service": ("{x} restarted", "timeout calling {x}", "{x} {ver} deployed", "error rate of {x} is 0%", "health check of {x} failed")}[what]

    def make(rng: random.Random, key: str) -> str:
        near = [n for n in pool if n != name and (n[:2] == name[:2] or n[-2:] == name[-2:])]
        shown = name if key == "yes" else rng.choice(near) if near and rng.random() < 0.4 else rng.choice([n for n in pool if n != name])
        return lx.write_line(rng, rng.choice(("bare", "app", "short", "plain", "postgres")), lx.put(rng, rng.choice(templates).replace("{x}", shown)), "i", rng.choice(("monitor", "main", "agent"))).text

    kinds = [kind("yes", "yes match hit true 1", f"the line is about {what} {name}", f"{what} {name} is named"), kind("no", "no other miss false 0", f"another {what}", f"it is not {name}", "otherwise")]
    return label_function(rng, LINE, [f"whether {what} {name} is named", f"if it is about {what} {name}"], kinds, make, questions=[f"is this line about {what} {name}", f"does it mention the {what} {name}"])


