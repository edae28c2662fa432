# ruff: noqa: E501 -- tables of templates read better one entry a line
"""Commands and tools: wishes to commands of a stated table, tool-call JSON, schedules, queries, replies."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from pawtrainer.families import lexicon as lx
from pawtrainer.families import shell as sh
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.logs import fill_shape, shape_function
from pawtrainer.families.phrasing import (
    ARBITRARY,
    NONE_WORDS,
    fill,
    kind,
    label_function,
)

GROUP = "commands-and-tools"

# intent: (what it is called in a table, command with NAME and N, wishes with {x} for NAME and {n} for N)
Intent = tuple[str, str, tuple[str, ...]]
DOMAINS: dict[str, tuple[Callable[[random.Random], str], dict[str, Intent]]] = {
    "git": (lambda r: r.choice((*lx.BRANCHES[1:], "login-page", "v2", "issue-41", "api-cleanup")), {
        "new": ("new branch", "git switch -c NAME", ("make a [new |]branch {x}", "start [working on|] a branch called {x}", "I want a fresh branch {x}")), "go": ("change branch", "git switch NAME", ("go to [branch|] {x}", "switch over to {x}", "let me work on {x} [now|]")), "del": ("delete branch", "git branch -d NAME", ("delete [the branch|] {x}", "get rid of branch {x}", "remove {x}, it's merged")),
        "merge": ("merge a branch", "git merge NAME", ("merge {x} [into this one|]", "bring the work of {x} in here", "take over {x} into my branch")), "diff": ("compare with branch", "git diff NAME", ("what differs from {x}?", "compare with {x}", "show the difference to {x}")), "last": ("last N commits", "git log -N", ("show the last {n} commits", "the newest {n} commits", "what were the last {n} commits?")),
        "push": ("push branch", "git push origin NAME", ("push {x}", "upload branch {x}", "publish {x} to origin")), "undo": ("drop last N commits, keep changes", "git reset --soft HEAD~N", ("undo the last {n} commits but keep the changes", "take back {n} commits, keep the files")), "tag": ("tag a version", "git tag NAME", ("tag this as {x}", "put the tag {x} here", "mark this commit as {x}")),
    }),
    "docker": (lambda r: lx.service(r), {
        "stop": ("stop container", "docker stop NAME", ("stop [the container|] {x}", "shut {x} down", "halt container {x}")), "start": ("start container", "docker start NAME", ("start {x} [again|]", "bring container {x} up", "boot {x}")), "logs": ("follow logs", "docker logs -f NAME", ("follow the logs of {x}", "show me what {x} prints, live", "tail {x}")), "rm": ("remove container", "docker rm NAME", ("remove [the container|] {x}", "delete container {x}", "throw {x} away")),
        "sh": ("shell inside", "docker exec -it NAME sh", ("open a shell in {x}", "get into {x}", "I need a shell inside {x}")), "tail": ("last N log lines", "docker logs --tail N NAME", ("last {n} log lines of {x}", "show {n} lines of the log of {x}")), "build": ("build image", "docker build -t NAME .", ("build an image {x} here", "make the image {x} from this folder")), "stats": ("resource use", "docker stats NAME", ("how much memory does {x} use?", "resource usage of {x}")),
    }),
    "kubectl": (lambda r: r.choice(lx.SERVICES), {
        "scale": ("scale", "kubectl scale deploy NAME --replicas=N", ("scale {x} to {n}", "run {n} copies of {x}", "I want {n} replicas of {x}")), "restart": ("restart", "kubectl rollout restart deploy NAME", ("restart {x}", "roll {x} again", "restart the deployment {x}")), "logs": ("logs", "kubectl logs deploy/NAME", ("logs of {x}", "what does {x} log?", "show the log of {x}")), "undo": ("roll back", "kubectl rollout undo deploy NAME", ("roll {x} back", "previous version of {x}, please", "undo the rollout of {x}")),
        "desc": ("describe", "kubectl describe deploy NAME", ("describe {x}", "details of {x}", "tell me all about deployment {x}")), "del": ("delete", "kubectl delete deploy NAME", ("delete {x}", "remove the deployment {x}")), "lines": ("last N log lines", "kubectl logs deploy/NAME --tail=N", ("last {n} log lines of {x}", "{n} lines of log from {x}")),
    }),
    "systemd": (lambda r: lx.service(r), {
        "start": ("start", "systemctl start NAME", ("start {x}", "bring {x} up", "launch the service {x}")), "stop": ("stop", "systemctl stop NAME", ("stop {x}", "shut down {x}", "turn {x} off")), "restart": ("restart", "systemctl restart NAME", ("restart {x}", "bounce {x}", "stop and start {x}")), "boot": ("start at boot", "systemctl enable NAME", ("start {x} at boot", "make {x} come up when the machine boots", "enable {x}")),
        "state": ("state", "systemctl status NAME", ("is {x} running?", "state of {x}", "how is {x} doing?")), "log": ("last N log lines", "journalctl -u NAME -n N", ("last {n} log lines of {x}", "{n} journal lines of {x}")), "reload": ("reload settings", "systemctl reload NAME", ("reload the settings of {x}", "make {x} read its config again")),
    }),
    "files": (lambda r: r.choice(sh.NAMES), {
        "rm": ("delete", "rm NAME", ("delete {x}", "remove {x}", "{x} can go")), "head": ("first N lines", "head -n N NAME", ("first {n} lines of {x}", "show the top {n} lines of {x}", "begin of {x}, {n} lines")), "tail": ("last N lines", "tail -n N NAME", ("last {n} lines of {x}", "the end of {x}, {n} lines", "bottom {n} lines of {x}")), "count": ("count lines", "wc -l NAME", ("how many lines has {x}?", "count the lines of {x}", "line count {x}")), "show": ("show", "cat NAME", ("print {x}", "show [me|] {x}", "what's in {x}?")),
        "size": ("size", "du -h NAME", ("how big is {x}?", "size of {x}", "how much space takes {x}?")), "sort": ("sort", "sort NAME", ("sort {x}", "put the lines of {x} in order")), "exec": ("make executable", "chmod +x NAME", ("make {x} executable", "let me run {x}", "{x} should be runnable")), "zip": ("compress", "gzip NAME", ("compress {x}", "gzip {x}", "pack {x} smaller")), "sum": ("checksum", "sha256sum NAME", ("checksum of {x}", "sha256 of {x}", "hash {x}")),
    }),
    "packages": (lambda r: r.choice(lx.LIBS), {
        "add": ("install", "apt install NAME", ("install {x}", "I need {x} on this machine", "get me {x}", "please add {x}")), "del": ("remove", "apt remove NAME", ("remove {x}", "uninstall {x}", "I don't need {x} any more")), "find": ("search", "apt search NAME", ("is there a package for {x}?", "search {x}", "look for {x}")), "info": ("details", "apt show NAME", ("details of {x}", "tell me about the package {x}", "which version of {x} is there?")), "up": ("upgrade one", "apt install --only-upgrade NAME", ("upgrade {x}", "bring {x} up to date", "newest {x}, please")), "hold": ("keep version", "apt-mark hold NAME", ("keep {x} at its version", "never upgrade {x}")),
    }),
    "todo": (lambda r: r.choice(("milk", "call mum", "the report", "new tyres", "dentist", "flowers", "tax form", "bread and eggs", "laundry", "book flight", "water plants", "batteries")), {
        "add": ("add", "add NAME", ("put {x} on the list", "remember {x}", "I need to do: {x}", "new item {x}")), "done": ("done", "done NAME", ("{x} is done", "I have finished {x}", "tick off {x}", "got {x} already")), "del": ("remove", "del NAME", ("forget about {x}", "take {x} off the list", "{x} is no longer needed")), "top": ("first", "top NAME", ("{x} is the most important", "move {x} to the top", "{x} first!")), "later": ("in N days", "wait N NAME", ("remind me of {x} in {n} days", "{x} can wait {n} days", "postpone {x} by {n} days")),
    }),
    "robot": (lambda r: r.choice(("the ball", "the box", "the cup", "a stone", "the key", "a block", "the lamp")), {
        "fwd": ("forward", "fwd N", ("go {n} steps forward", "move ahead by {n}", "walk on {n} steps", "forward {n}")), "back": ("back", "back N", ("go back {n} steps", "{n} steps backwards", "retreat {n}")), "left": ("left", "left", ("turn left", "face to the left", "rotate to your left")), "right": ("right", "right", ("turn right", "face to the right", "rotate to your right")), "grab": ("grab", "grab NAME", ("take {x}", "pick up {x}", "grab {x}")), "drop": ("drop", "drop NAME", ("put {x} down", "let go of {x}", "drop {x}")), "wait": ("wait N seconds", "wait N", ("wait {n} seconds", "do nothing for {n} seconds", "pause for {n} s")),
    }),
    "music": (lambda r: r.choice(("Blue Static", "Copper Sky", "Mozart", "Nina Simone", "the jazz mix", "my favourites", "Paper Lanterns", "rain sounds")), {
        "play": ("play", "play NAME", ("play {x}", "put on {x}", "I want to hear {x}")), "queue": ("queue", "queue NAME", ("{x} next", "after this one {x}", "add {x} to the queue")), "vol": ("volume", "vol N", ("volume {n}", "set the loudness to {n}", "make it {n} loud")), "like": ("like", "like NAME", ("I love {x}", "mark {x} as a favourite", "thumbs up for {x}")), "sleep": ("stop after N minutes", "sleep N", ("stop in {n} minutes", "turn yourself off after {n} minutes")), "ban": ("never again", "ban NAME", ("never play {x} again", "no more {x}", "I can't stand {x}")),
    }),
}


def drawn_words(rng: random.Random, command: str) -> str:
    """The command with its verbs replaced by arbitrary words or symbols, NAME and N kept."""
    verb = rng.choice((rng.choice(ARBITRARY), rng.choice(ARBITRARY).upper(), rng.choice("!@/:.") + rng.choice(ARBITRARY), "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(2)), rng.choice(ARBITRARY)[:3].upper()))
    rest = [part for part in ("NAME", "N") if part in command.split()]
    if rng.random() < 0.3:
        rest.reverse()
    glue = rng.choice((" ", " ", ":", "=", ">"))
    return glue.join([verb, *rest])


@family(GROUP)
def command_table(rng: random.Random) -> Function:
    """A table of commands in the spec, real ones or in drawn words; the input is a wish."""
    domain = rng.choice(list(DOMAINS))
    names, intents = DOMAINS[domain]
    chosen = rng.sample(list(intents), min(rng.randint(3, 6), len(intents)))
    invented = rng.random() < (0.8 if domain in ("todo", "robot", "music") else 0.3)
    table = {}
    for key in chosen:
        command = intents[key][1]
        table[key] = drawn_words(rng, command) if invented else command
    if len({c.split(" ")[0] if invented else c for c in table.values()}) < len(chosen):
        return command_table(rng)
    none = rng.choice((*NONE_WORDS, "?", "huh", "error")) if rng.random() < 0.4 else ""

    def wish(rng: random.Random, intent: Intent, name: str, n: str) -> str:
        text = fill(rng, rng.choice(intent[2]).replace("{x}", "\1").replace("{n}", "\2")).replace("\1", name).replace("\2", n)
        text = " ".join(text.split())
        lead = "" if text[-1] == "?" else rng.choice(("", "", "", "please ", "ok, ", "now "))
        return lead + (text if not lead or (name[:1].isupper() and text.startswith(name)) else text[0].lower() + text[1:] if not text.startswith("I ") else text)

    def sample(rng: random.Random) -> Pair:
        n = str(rng.randrange(2, 40))
        if none and rng.random() < 0.13:
            key = rng.choice(("todo", "music")) if domain not in ("todo", "music") else "robot"
            made, bank = DOMAINS[key]
            intent = bank[rng.choice(["like", "ban"] if key == "music" else ["top", "done"] if key == "todo" else ["left", "right"])]
            return wish(rng, intent, made(rng), n), none
        key = rng.choice(chosen)
        name = names(rng)
        return wish(rng, intents[key], name, n), fill_shape(table[key], {"NAME": name, "N": n}) if domain != "robot" else fill_shape(table[key], {"NAME": name.split(" ", 1)[1], "N": n})

    arrow, gap = rng.choice((" = ", ": ", " -> ", " => ")), rng.choice(("; ", ", ", "\n", " | "))
    order = rng.sample(chosen, len(chosen))
    listed = gap.join(f"{intents[key][0]}{arrow}{table[key]}" for key in order)
    rules = [["NAME is what is named, N a number", "[put|fill] in NAME and N from the wish", "NAME and N come from the input"]]
    if domain == "robot" and any("NAME" in c for c in table.values()):
        rules.append(["NAME without its article", "leave out the or a before NAME"])
    if none:
        rules.append(["[if|when] nothing fits, {none}", "{none} for any other wish", "[anything else|other wishes]: {none}"])
    return shape_function(rng, sample, ["a wish in plain words", "what the user wants", "an instruction"], ["[turn|translate] the wish into a command:[ |\n]{listed}", "[print|write|give] the command for the wish.[ |\n]{listed}", "which command is it?[ |\n]{listed}", "you are a command translator.[ |\n]{listed}"], ["wish -> command ({listed})", "commands:[ |\n]{listed}", "plain words to commands:[ |\n]{listed}"], rules, listed=listed, none=none)


# ---------------------------------------------------------------------------------------------------------
# tool calls: name, argument names, wishes; arguments of kind s (string) or i (integer)


def _city(rng: random.Random) -> str:
    return rng.choice(w.CITIES)


ARGS: dict[str, Callable[[random.Random], object]] = {
    "city": _city, "person": lambda r: r.choice(w.FIRST), "minutes": lambda r: r.randrange(2, 90), "room": lambda r: r.choice(("kitchen", "bedroom", "office", "hall", "garage", "bathroom")), "state": lambda r: r.choice(("on", "off")), "song": lambda r: r.choice(("Blue Static", "Copper Sky", "Paper Lanterns", "Winter Letters")), "amount": lambda r: r.randrange(5, 900), "unit": lambda r: r.choice(("EUR", "USD", "GBP", "CHF", "JPY")),
    "service": lambda r: r.choice(lx.SERVICES), "count": lambda r: r.randrange(2, 12), "file": lambda r: r.choice(sh.NAMES), "query": lambda r: r.choice(("cheap flights", "train times", "vegan recipes", "python generators", "bike repair", "weather radar", "used cameras")), "text": lambda r: r.choice(("buy milk", "call the bank", "pay the rent", "water the plants", "send the slides")), "language": lambda r: r.choice(("French", "German", "Spanish", "Polish", "Italian")),
    "title": lambda r: r.choice(("login broken", "typo on start page", "slow search", "wrong total in cart", "missing logo")), "level": lambda r: r.choice(("low", "medium", "high")), "degrees": lambda r: r.randrange(15, 26), "word": lambda r: r.choice(("hello", "thank you", "station", "bread", "good night")),
}
TOOLS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], str, tuple[str, ...]]] = {
    "weather": (("get_weather", "weather", "forecast", "meteo"), (("city", ("city", "place", "location", "where")),), "weather of a city", ("what's the weather in {city}?", "will it rain in {city}", "forecast for {city}", "do I need a coat in {city}?")),
    "timer": (("set_timer", "timer", "countdown", "alarm_in"), (("minutes", ("minutes", "min", "duration", "m")),), "start a timer", ("timer for {minutes} minutes", "wake me in {minutes} minutes", "count down {minutes} min", "{minutes} minute timer please")),
    "light": (("set_light", "light", "lamp", "switch"), (("room", ("room", "where", "place")), ("state", ("state", "power", "value", "to"))), "lamps on or off", ("turn {state} the light in the {room}", "{room} light {state}", "lights {state} in the {room}, please", "switch the {room} lamp {state}")),
    "play": (("play_music", "play", "start_song", "music"), (("song", ("song", "title", "track", "name")),), "play a song", ("play {song}", "put on {song}", "I'd like to hear {song}", "start the song {song}")),
    "convert": (("convert_currency", "convert", "fx", "exchange"), (("amount", ("amount", "value", "n", "sum")), ("unit", ("to", "target", "currency", "into"))), "convert money into a currency", ("{amount} in {unit}", "convert {amount} to {unit}", "how much is {amount} in {unit}?", "change {amount} into {unit}")),
    "remind": (("remind", "add_reminder", "reminder", "todo_add"), (("text", ("text", "what", "task", "note")), ("minutes", ("in_minutes", "minutes", "after", "delay"))), "reminder after some minutes", ("remind me in {minutes} minutes to {text}", "in {minutes} min: {text}", "{text}, tell me in {minutes} minutes")),
    "call": (("call", "phone_call", "dial", "ring"), (("person", ("person", "name", "who", "contact")),), "phone somebody", ("call {person}", "ring {person} up", "phone {person} please", "I want to talk to {person}")),
    "scale": (("scale_service", "scale", "set_replicas", "resize"), (("service", ("service", "name", "app", "deployment")), ("count", ("replicas", "count", "n", "size"))), "number of instances of a service", ("scale {service} to {count}", "run {count} copies of {service}", "{count} replicas of {service} please", "we need {count} instances of {service}")),
    "restart": (("restart_service", "restart", "reboot", "bounce"), (("service", ("service", "name", "target", "app")),), "restart a service", ("restart {service}", "bounce {service}", "{service} hangs, restart it", "please stop and start {service}")),
    "logs": (("get_logs", "logs", "tail_log", "read_log"), (("service", ("service", "source", "name", "of")), ("count", ("lines", "limit", "n", "last"))), "last log lines of a service", ("last {count} log lines of {service}", "show me {count} lines of the {service} log", "{service} logs, {count} lines")),
    "open": (("open_file", "open", "edit", "view"), (("file", ("path", "file", "name", "f")),), "open a file", ("open {file}", "let me see {file}", "show {file} in the editor", "I want to edit {file}")),
    "search": (("web_search", "search", "find", "lookup"), (("query", ("query", "q", "text", "terms")),), "search the web", ("search for {query}", "find {query} on the web", "look up {query}", "google {query}")),
    "ticket": (("create_ticket", "ticket", "new_issue", "report_bug"), (("title", ("title", "summary", "subject", "name")), ("level", ("priority", "prio", "level", "urgency"))), "new ticket with a priority", ("open a {level} priority ticket: {title}", "file a bug, {title}, priority {level}", "ticket \"{title}\" with {level} priority")),
    "heat": (("set_temperature", "heat", "thermostat", "warm"), (("room", ("room", "zone", "where")), ("degrees", ("degrees", "temp", "celsius", "value"))), "temperature of a room", ("{degrees} degrees in the {room}", "set the {room} to {degrees}", "heat the {room} to {degrees} degrees", "make it {degrees} in the {room}")),
    "translate": (("translate", "translate_word", "tr", "say_in"), (("word", ("text", "word", "phrase", "source")), ("language", ("language", "lang", "to", "target"))), "translate into a language", ("what is \"{word}\" in {language}?", "translate \"{word}\" into {language}", "how do you say \"{word}\" in {language}")),
}


@family(GROUP)
def tool_call(rng: random.Random) -> Function:
    """Build the JSON of a tool call; tool, argument and envelope names are drawn."""
    chosen = rng.sample(list(TOOLS), rng.randint(1, 4))
    names = {key: rng.choice((*TOOLS[key][0], rng.choice(ARBITRARY))) for key in chosen}
    if len(set(names.values())) < len(names):
        return tool_call(rng)
    arguments = {key: {arg: rng.choice(options) for arg, options in TOOLS[key][1]} for key in chosen}
    style = rng.randrange(4)
    kn, ka = rng.choice((("name", "arguments"), ("tool", "args"), ("function", "parameters"), ("call", "with"), ("tool", "input"), ("action", "params")))

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(chosen)
        values = {arg: ARGS[arg](rng) for arg, _ in TOOLS[key][1]}
        text = rng.choice(TOOLS[key][3])
        for arg, value in values.items():
            text = text.replace("{" + arg + "}", str(value))
        text = rng.choice(("", "", "", "hey, ", "please ", "can you ")) + text
        filled = {arguments[key][arg]: value for arg, value in values.items()}
        if style == 0:
            made: object = {kn: names[key], ka: filled}
        elif style == 1:
            made = {kn: names[key], **filled}
        elif style == 2:
            made = {names[key]: filled}
        else:
            made = [names[key], *filled.values()]
        return text, json.dumps(made)

    shape = (f'{{"{kn}": NAME, "{ka}": {{...}}}}', f'{{"{kn}": NAME, ARGUMENTS...}}', "{NAME: {ARGUMENTS...}}", "[NAME, ARGUMENT, ...]")[style]
    if style == 1 and any(kn in arguments[key].values() for key in chosen):
        return tool_call(rng)
    listed = rng.choice(("; ", ", ", "\n", " | ")).join(f"{names[key]}({', '.join(arguments[key].values())}): {TOOLS[key][2]}" for key in chosen)
    rules = [["numbers are not quoted", "numbers as JSON numbers", "[write|give] numbers without quotes"]]
    return shape_function(rng, sample, ["what the user says", "a request to an assistant", "a user request"], ["[build|make|write] the tool call as {shape}. [the |]tools:[ |\n]{listed}", "[turn|translate] the request into a call of the form {shape}. tools:[ |\n]{listed}", "[choose|pick] the tool, fill in its arguments and [print|return] {shape}.[ |\n]{listed}", "answer with the JSON call {shape}; tools are {listed}"], ["request -> {shape}, tools {listed}", "tool call {shape}; {listed}"], rules, "json", shape=shape, listed=listed)


# ---------------------------------------------------------------------------------------------------------
# schedules and times


def clock_words(rng: random.Random, hour: int, minute: int) -> str:
    am = "am" if hour < 12 else "pm"
    h12 = hour % 12 or 12
    options = [f"{hour:02d}:{minute:02d}", f"{hour}:{minute:02d}", f"{h12}:{minute:02d} {am}"]
    if minute == 0:
        options += [f"{h12} {am}", f"{h12}{am}"]
        options += ["noon"] if hour == 12 else ["midnight"] if hour == 0 else []
    if minute == 30:
        options.append(f"half past {h12} {'in the morning' if hour < 12 else 'in the afternoon' if hour < 18 else 'in the evening'}")
    return rng.choice(options)


def schedule(rng: random.Random) -> tuple[str, dict[str, object]]:
    """A recurring time in words and its parts: kind, minute, hour, weekdays (0 Sunday), day of month, every."""
    hour, minute = rng.randrange(24), rng.choice((0, 0, 0, 15, 30, 45, 5, 10))
    at = clock_words(rng, hour, minute)
    day = rng.randrange(7)
    name = ("Sunday", *w.WEEKDAYS[:6])[day]
    how = rng.choice(("daily", "daily", "weekly", "weekly", "monthly", "workday", "weekend", "hourly", "minutes", "hours"))
    base: dict[str, object] = {"kind": how, "minute": minute, "hour": hour, "day": day, "dom": rng.randrange(1, 29), "every": 0}
    if how == "daily":
        return rng.choice((f"every day at {at}", f"daily at {at}", f"each day {at}", f"at {at} every day")), base
    if how == "weekly":
        return rng.choice((f"every {name} at {at}", f"{name}s at {at}", f"once a week, {name} {at}", f"weekly on {name} at {at}")), base
    if how == "monthly":
        dom = base["dom"]
        end = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(int(str(dom)), "th")
        return rng.choice((f"on the {dom}{end} of every month at {at}", f"monthly on day {dom} at {at}", f"each month on the {dom}{end}, {at}")), base
    if how == "workday":
        return rng.choice((f"Monday to Friday at {at}", f"every weekday at {at}", f"on working days at {at}", f"Mon-Fri {at}")), base
    if how == "weekend":
        return rng.choice((f"on weekends at {at}", f"Saturday and Sunday at {at}", f"every Sat and Sun at {at}")), base
    if how == "hourly":
        return rng.choice((f"every hour at minute {minute}", f"hourly, {minute} minutes past", f"{minute} past every hour")) if minute else rng.choice(("every hour on the hour", "hourly at minute 0", "at the start of every hour")), base
    if how == "minutes":
        base["every"] = rng.choice((2, 5, 10, 15, 20, 30))
        return rng.choice((f"every {base['every']} minutes", f"each {base['every']} min", f"once in {base['every']} minutes")), base
    base["every"] = rng.choice((2, 3, 4, 6, 8, 12))
    return rng.choice((f"every {base['every']} hours", f"each {base['every']} hours, on the hour", f"once in {base['every']} hours")), base


def cron_line(made: dict[str, object]) -> str:
    m, h, d, dom, every = (made[k] for k in ("minute", "hour", "day", "dom", "every"))
    return {"daily": f"{m} {h} * * *", "weekly": f"{m} {h} * * {d}", "monthly": f"{m} {h} {dom} * *", "workday": f"{m} {h} * * 1-5", "weekend": f"{m} {h} * * 0,6", "hourly": f"{m} * * * *", "minutes": f"*/{every} * * * *", "hours": f"0 */{every} * * *"}[str(made["kind"])]


@family(GROUP)
def cron_from_words(rng: random.Random) -> Function:
    with_command = rng.random() < 0.3

    def sample(rng: random.Random) -> Pair:
        text, made = schedule(rng)
        line = cron_line(made)
        if with_command:
            script = rng.choice(("backup.sh", "sync.py", "report.sh", "clean.sh", "mail.py"))
            return rng.choice((f"run {script} {text}", f"{text} run {script}", f"{script}: {text}")), f"{line} {script}"
        return rng.choice(("", "", "", "run it ", "start ", "job runs ")) + text, line

    rules = [["Sunday is 0, Monday to Friday 1-5, weekend 0,6", "days of the week: 0 = Sunday, working days 1-5, weekend 0,6"], ["every N minutes is */N", "steps as */N", "write steps like */5"]]
    if with_command:
        rules.append(["after the five fields a blank and the script", "then the name of the script"])
    return shape_function(rng, sample, ["a schedule in words", "when a job shall run"], ["[write|give|print] the [five-field|] cron [line|expression]", "[translate|turn|convert] the schedule into cron syntax (minute hour day month weekday)", "what is the crontab entry? minute hour day month weekday"], ["schedule -> cron", "cron expression (five fields)", "words to crontab"], rules)


@family(GROUP)
def cron_frequency(rng: random.Random) -> Function:
    """How often does a cron line fire?"""
    kinds = [kind("minutes", "minutes often frequent", "several times an hour", "every few minutes"), kind("hourly", "hourly hour hours", "once an hour or every few hours", "hourly or each N hours"), kind("daily", "daily day days", "once a day or on several days of the week"), kind("weekly", "weekly week weeks", "once a week", "on one weekday"), kind("monthly", "monthly month months", "once a month", "on one day of the month")]
    chosen = kinds if rng.random() < 0.5 else rng.sample(kinds, rng.randint(2, 4))
    members = {"minutes": ("minutes",), "hourly": ("hourly", "hours"), "daily": ("daily", "workday"), "weekly": ("weekly",), "monthly": ("monthly",)}

    def make(rng: random.Random, key: str) -> str:
        while True:
            _, made = schedule(rng)
            if made["kind"] in members[key]:
                return cron_line(made) + rng.choice(("", f" /usr/local/bin/{rng.choice(lx.JOBS)}", f" root {rng.choice(lx.JOBS)}"))

    return label_function(rng, ["cron line", "crontab entry", "cron expression"], ["how often it runs", "the frequency"], chosen, make, keep_order=True)


@family(GROUP)
def calendar_spec(rng: random.Random) -> Function:
    """Schedules in a drawn notation."""
    style = rng.randrange(3)
    short = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")

    def sample(rng: random.Random) -> Pair:
        while True:
            text, made = schedule(rng)
            if made["kind"] in ("daily", "weekly", "workday", "weekend"):
                break
        clock = f"{int(str(made['hour'])):02d}:{int(str(made['minute'])):02d}"
        day = short[int(str(made["day"]))]
        if style == 0:
            answer = {"daily": f"*-*-* {clock}:00", "weekly": f"{day} *-*-* {clock}:00", "workday": f"Mon..Fri *-*-* {clock}:00", "weekend": f"Sat,Sun *-*-* {clock}:00"}[str(made["kind"])]
        elif style == 1:
            answer = {"daily": f"DAILY@{clock}", "weekly": f"{day.upper()}@{clock}", "workday": f"WORK@{clock}", "weekend": f"WEEKEND@{clock}"}[str(made["kind"])]
        else:
            answer = f"{clock} " + {"daily": "all", "weekly": day.lower(), "workday": "mon-fri", "weekend": "sat+sun"}[str(made["kind"])]
        return text, answer

    shape = ("daily *-*-* HH:MM:00, one weekday like Tue *-*-* HH:MM:00, working days Mon..Fri *-*-* HH:MM:00, weekends Sat,Sun *-*-* HH:MM:00", "DAILY@HH:MM, one weekday like TUE@HH:MM, working days WORK@HH:MM, weekends WEEKEND@HH:MM", "HH:MM all (daily), HH:MM tue (one weekday), HH:MM mon-fri (working days), HH:MM sat+sun (weekends)")[style]
    return shape_function(rng, sample, ["a schedule in words", "when something repeats"], ["[write|print] the schedule as {shape}", "translate it: {shape}", "[use|answer in] this notation: {shape}"], ["schedule -> {shape}", "notation: {shape}"], [["24-hour clock, two digits", "hours from 00 to 23, two digits"]], shape=shape)


UNITS = (("minute", 1), ("hour", 60), ("day", 1440), ("week", 10080))


@family(GROUP)
def relative_time(rng: random.Random) -> Function:
    """`in two hours` or `3 days ago` in a drawn signed notation."""
    letters = rng.choice((("m", "h", "d", "w"), ("min", "hr", "day", "wk"), ("M", "H", "D", "W"), ("mi", "ho", "da", "we")))
    form = rng.choice(("+{n}{u}", "{n}{u}", "T+{n}{u}", "+{n} {u}", "{u}+{n}"))
    small = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

    def sample(rng: random.Random) -> Pair:
        unit = rng.randrange(4)
        n = rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45))
        word = UNITS[unit][0] + ("s" if n > 1 else "")
        said = rng.choice((str(n), small[n - 1] if n <= 10 else str(n), ("an" if unit == 1 else "a") if n == 1 else str(n)))
        ago = rng.random() < 0.4
        text = rng.choice((f"{said} {word} ago", f"{said} {word} earlier", f"{said} {word} before now")) if ago else rng.choice((f"in {said} {word}", f"{said} {word} from now", f"{said} {word} later", f"after {said} {word}"))
        if rng.random() < 0.3:
            text = rng.choice(("the job ran ", "it failed ", "last seen ") if ago else ("call me ", "remind me ", "it starts ")) + text
        answer = form.replace("{n}", str(n)).replace("{u}", letters[unit])
        if ago:
            answer = answer.replace("+", "-") if "+" in answer else "-" + answer
        return text, answer

    shape = form.replace("{n}", "5").replace("{u}", letters[1])
    back = shape.replace("+", "-") if "+" in shape else "-" + shape
    units = ", ".join(f"{letters[i]} = {UNITS[i][0]}s" for i in range(4))
    return shape_function(rng, sample, ["a relative time", "a time like 'in two hours'"], ["[write|print|give] it like {shape} (in five hours) and {back} (five hours ago)", "convert to the notation {shape} for in five hours, {back} for five hours ago"], ["relative time, e.g. in five hours -> {shape}, five hours ago -> {back}"], [["units: {units}", "the units are {units}"]], shape=shape, back=back, units=units)


# ---------------------------------------------------------------------------------------------------------
# queries and requests


FIELDS = {"age": ("older than {n}", "younger than {n}", "years", (18, 80)), "price": ("more expensive than {n}", "cheaper than {n}", "euros", (5, 900)), "size": ("bigger than {n}", "smaller than {n}", "MB", (1, 500)), "score": ("with a score above {n}", "with a score below {n}", "points", (10, 100)), "stock": ("with more than {n} in stock", "with fewer than {n} in stock", "pieces", (1, 90)), "rating": ("rated above {n}", "rated below {n}", "stars", (1, 9))}


@family(GROUP)
def filter_query(rng: random.Random) -> Function:
    """A wish into a filter of a drawn syntax."""
    over, under, equal, glue = rng.choice(((">", "<", "=", " and "), (" > ", " < ", " = ", " AND "), (":>", ":<", ":", " "), (" gt ", " lt ", " eq ", " and "), (".above=", ".below=", ".is=", "&"), ("+", "-", "=", ","), (" over ", " under ", " is ", "; ")))
    table = rng.choice(lx.TABLES)
    names = rng.sample(list(FIELDS), 2)
    cities = rng.sample(w.CITIES, 12)

    def sample(rng: random.Random) -> Pair:
        parts, said = [], []
        for name in rng.sample(names, rng.choice((1, 1, 2))):
            bigger = rng.random() < 0.5
            above, below, _, span = FIELDS[name]
            n = rng.randint(*span)
            said.append((above if bigger else below).replace("{n}", str(n)))
            parts.append(f"{name}{over if bigger else under}{n}")
        if rng.random() < 0.3:
            city = rng.choice([c for c in cities if " " not in c] or ["Oslo"])
            said.append(f"in {city}")
            parts.append(f"city{equal}{city}")
        return rng.choice(("{t} ", "all {t} ", "show {t} ", "find {t} ", "I need {t} ")).replace("{t}", table) + " and ".join(said), glue.join(parts)

    a, b = names
    ex = f"{a}{over}5{glue}{b}{under}9"
    rules = [["conditions in the order of the wish", "keep the order of the conditions"]]
    return shape_function(rng, sample, ["a search wish", "what someone looks for"], ["[write|build] the filter; syntax like {ex}, place as city{equal}NAME", "[translate|turn] it into a filter such as {ex}; a place is city{equal}NAME", "filter query for the wish, for example {ex} and city{equal}NAME for places"], ["wish -> filter like {ex}; places: city{equal}NAME"], rules, ex=ex, equal=equal)


@family(GROUP)
def sql_select(rng: random.Random) -> Function:
    table = rng.choice(lx.TABLES)
    columns = rng.sample(("id", "name", "email", "total", "city", "status", "created"), 3)
    upper = rng.random() < 0.65
    end = rng.choice(("", "", ";"))

    def sample(rng: random.Random) -> Pair:
        how = rng.randrange(5)
        c = rng.choice(columns)
        n = rng.randrange(2, 200)
        if how == 0:
            text, q = rng.choice((f"{c} of all {table}", f"show the {c} column of {table}", f"list {c} from {table}")), f"SELECT {c} FROM {table}"
        elif how == 1:
            text, q = rng.choice((f"how many {table} are there", f"count the {table}", f"number of {table}")), f"SELECT COUNT(*) FROM {table}"
        elif how == 2:
            text, q = rng.choice((f"first {n} {table}", f"show {n} {table}", f"only {n} rows of {table}")), f"SELECT * FROM {table} LIMIT {n}"
        elif how == 3:
            text, q = rng.choice((f"{table} with id {n}", f"the row of {table} whose id is {n}", f"get number {n} of {table} by id")), f"SELECT * FROM {table} WHERE id = {n}"
        else:
            text, q = rng.choice((f"all {table} sorted by {c}", f"{table} ordered by {c}", f"sort the {table} by {c}")), f"SELECT * FROM {table} ORDER BY {c}"
        if not upper:
            for word in ("SELECT", "FROM", "COUNT", "LIMIT", "WHERE", "ORDER BY"):
                q = q.replace(word, word.lower())
        return text, q + end

    case = "key words in upper case" if upper else "everything in lower case"
    rules = [["{~case}", "write {~case}" if upper else "{~case}, key words too"], ["all columns: *", "* when no column is named"], ["no semicolon at the end", "without a semicolon"] if not end else ["end with a semicolon", "close it with ;"]]
    return shape_function(rng, sample, ["a question about the table {table}", "a wish for data of {table}"], ["[write|give|print] the SQL query (table {table})", "[translate|turn] it into SQL on {table}", "SQL SELECT for the wish; the table is {table}"], ["wish -> SQL on {table}", "plain words to SQL, table {table}"], rules, table=table, case=case)


@family(GROUP)
def http_request(rng: random.Random) -> Function:
    """REST calls for wishes, base path and plural drawn."""
    base = rng.choice(("", "/api", "/v1", "/api/v2", "/rest"))
    things = rng.sample(("user", "order", "invoice", "book", "ticket", "photo", "room", "device"), 3)
    update = rng.choice(("PUT", "PATCH"))

    def sample(rng: random.Random) -> Pair:
        thing, n = rng.choice(things), rng.randrange(1, 900)
        how = rng.randrange(5)
        if how == 0:
            return rng.choice((f"list all {thing}s", f"show me the {thing}s", f"which {thing}s are there?", f"get every {thing}")), f"GET {base}/{thing}s"
        if how == 1:
            return rng.choice((f"show {thing} {n}", f"details of {thing} {n}", f"read {thing} number {n}", f"I want to see {thing} {n}")), f"GET {base}/{thing}s/{n}"
        if how == 2:
            return rng.choice((f"create a new {thing}", f"add {thing}", f"make another {thing}", f"new {thing} please")), f"POST {base}/{thing}s"
        if how == 3:
            return rng.choice((f"delete {thing} {n}", f"remove {thing} {n}", f"{thing} {n} must go", f"erase the {thing} with id {n}")), f"DELETE {base}/{thing}s/{n}"
        return rng.choice((f"change {thing} {n}", f"update {thing} {n}", f"edit the {thing} number {n}", f"modify {thing} {n}")), f"{update} {base}/{thing}s/{n}"

    listed = ", ".join(things)
    return shape_function(rng, sample, ["a wish about some resource", "what the client wants"], ["[write|give] the request as METHOD {base}/THINGs/ID", "[translate|turn] it into METHOD and path, paths like {base}/THINGs and {base}/THINGs/ID", "which HTTP request is it? METHOD {base}/THINGs or METHOD {base}/THINGs/ID"], ["wish -> METHOD {base}/THINGs or METHOD {base}/THINGs/ID", "REST call, paths {base}/THINGs and {base}/THINGs/ID"], [["things: {listed}", "THING is one of {listed}"], ["reading GET, creating POST, changing {update}, deleting DELETE", "GET reads, POST creates, {update} changes, DELETE deletes"]], base=base, listed=listed, update=update)


@family(GROUP)
def setting_from_words(rng: random.Random) -> Function:
    """A wish about settings into key and value of a drawn syntax."""
    bank: dict[str, tuple[tuple[str, ...], str]] = {"timeout": (("wait at most {v} seconds", "timeout of {v} s", "give up after {v} seconds"), "n"), "retries": (("try {v} times", "repeat up to {v} times", "{v} attempts"), "n"), "theme": (("use the {v} theme", "make it {v}", "I like {v} colours"), "t"), "language": (("speak {v}", "switch the language to {v}", "I want the menus in {v}"), "l"), "verbose": (("verbose output {v}", "turn verbose output {v}", "verbose {v}"), "b"), "port": (("listen on port {v}", "port {v}", "use port number {v}"), "n"), "color": (("colours {v}", "turn colours {v}", "switch coloured output {v}"), "b"), "workers": (("run {v} workers", "{v} parallel workers", "use {v} processes"), "n")}
    chosen = rng.sample(list(bank), rng.randint(3, 5))
    keys = {name: rng.choice((name, name.upper(), f"app.{name}", name[:4], f"{name}_value", f"--{name}")) for name in chosen}
    glue = rng.choice(("=", ": ", " = ", " ", ":="))
    on, off = rng.choice((("true", "false"), ("on", "off"), ("1", "0"), ("yes", "no")))

    def sample(rng: random.Random) -> Pair:
        name = rng.choice(chosen)
        phrases, sort = bank[name]
        if sort == "b":
            value = rng.choice(("on", "off"))
            answer = on if value == "on" else off
        else:
            value = answer = str(rng.randrange(2, 9000)) if name == "port" else str(rng.randrange(2, 90)) if sort == "n" else rng.choice(("dark", "light", "blue", "solarized")) if sort == "t" else rng.choice(("French", "German", "Polish", "Spanish"))
        text = rng.choice(phrases).replace("{v}", value)
        return rng.choice(("", "", "please ", "from now on ")) + text, f"{keys[name]}{glue}{answer}"

    listed = ", ".join(f"{keys[n]} ({n})" if keys[n] != n else n for n in chosen)
    rules = [["switches are {on} or {off}", "on is written {on}, off is written {off}"]] if any(bank[n][1] == "b" for n in chosen) else []
    return shape_function(rng, sample, ["a wish about the settings", "how the user wants the program to behave"], ["[write|print] the setting as KEY{glue}VALUE; keys: {listed}", "which setting is it? answer KEY{glue}VALUE with one of the keys {listed}", "[turn|translate] it into KEY{glue}VALUE ({listed})"], ["wish -> KEY{glue}VALUE; keys {listed}"], rules, glue=glue, listed=listed, on=on, off=off)


# ---------------------------------------------------------------------------------------------------------
# dialogue with tools


REPLIES = {"confirm": ("yes", "yep, go ahead", "sure", "do it", "ok", "sounds good", "please book it", "fine with me", "that's right", "go for it", "correct, thanks", "y", "confirmed"), "cancel": ("no", "forget it", "never mind", "cancel that", "stop", "don't do it", "I changed my mind, drop it", "nope", "leave it", "abort please", "not any more"), "change": ("yes but at {n} o'clock", "make it two instead", "the other colour please", "could we do {day} instead?", "change the name to {first}", "same, but cheaper", "not {city}, {city}", "one more person, please", "move it to {day}"), "question": ("how much is it?", "what does that mean?", "can I cancel later?", "who pays?", "is breakfast included?", "why do you ask?", "how long will it take?")}


@family(GROUP)
def confirm_reply(rng: random.Random) -> Function:
    kinds = [kind("confirm", "confirm yes go accept", "the user agrees", "go ahead as proposed"), kind("cancel", "cancel no stop reject", "the user does not want it any more", "drop it"), kind("change", "change edit adapt modify", "the user wants it with a change", "agrees, but different in some point"), kind("question", "question ask other info", "the user asks something", "a question back")]
    chosen = kinds if rng.random() < 0.4 else [kinds[0], kinds[1], *rng.sample(kinds[2:], rng.randrange(2))]

    def make(rng: random.Random, key: str) -> str:
        text = rng.choice(REPLIES[key])
        for slot, pool in (("{n}", ("3", "7", "9")), ("{day}", w.WEEKDAYS), ("{first}", w.FIRST), ("{city}", w.CITIES)):
            while slot in text:
                text = text.replace(slot, rng.choice(pool), 1)
        return w.chat(rng, text, 0.3)

    return label_function(rng, ["reply", "answer of the user", "reply to \"Shall I do it?\""], ["what the user wants", "the meaning of the reply"], chosen, make)


RESULTS = {"retry": ("HTTP 503 Service Unavailable", "timeout after {sec} s", "429 too many requests", "connection reset by peer", "lock held by another process, try later", "temporary failure in name resolution", "504 Gateway Timeout"), "fix": ("400 Bad Request: field 'id' is missing", "TypeError: unexpected argument 'nme'", "unknown option --verbos", "file not found: {file}", "SyntaxError in line {n}", "invalid JSON in arguments", "422: date must be YYYY-MM-DD"), "ask": ("401 Unauthorized: please log in", "payment needs approval", "two users match {user}, which one?", "permission denied, ask an admin", "captcha required", "the account needs a second factor", "overwrite existing file? y/n"), "go": ("200 OK, {n} results", "created ticket {n}", "tests passed: {n}", "file written, {n} bytes", "exit code 0", "{\"ok\": true}", "deleted 0 rows, nothing to do", "saved as {file}")}


@family(GROUP)
def after_tool_result(rng: random.Random) -> Function:
    kinds = [kind("retry", "retry again wait R", "a temporary failure: call again", "the same call may work later"), kind("fix", "fix correct repair F", "the call itself was wrong: correct it first", "bad arguments, names or syntax"), kind("ask", "ask human user A", "a person is needed: login, permission, choice", "only the user can resolve it"), kind("go", "continue go next C", "it worked", "success: next step")]
    chosen = kinds if rng.random() < 0.5 else rng.sample(kinds, rng.randint(2, 3))
    return label_function(rng, ["tool result", "result of a call", "output of the tool"], ["what the agent does next", "the next step", "how to go on"], chosen, lambda r, key: lx.put(r, r.choice(RESULTS[key])))


CODING = {"search": ("where is {cls} defined?", "find all callers of save()", "which files mention {svc}?", "look for TODO comments", "who uses the table {table}?"), "read": ("show me {file}", "what's in the config of {svc}?", "open the README", "let me see lines 10 to 40 of {mod}", "print the Makefile"), "edit": ("rename the variable x to total in {mod}", "fix the typo in the README", "add a docstring to {cls}", "replace the port by {port}", "delete the unused import"), "run": ("do the tests pass?", "build the project", "start the linter", "how fast is the benchmark?", "run the migration script"), "ask": ("should the old API stay?", "which of the two designs do you prefer?", "it's unclear what the user wants", "the requirements contradict each other", "may I drop support for old versions?"), "git": ("commit the change", "who changed this line last?", "make a branch for it", "what changed since yesterday?", "push it to origin")}


@family(GROUP)
def coding_tool(rng: random.Random) -> Function:
    """Which tool of a coding agent: drawn tool names with descriptions."""
    means = {"search": ("finds text or symbols in the project", "search over all files"), "read": ("shows a file", "prints the content of one file"), "edit": ("changes a file", "writes to files"), "run": ("runs a command such as tests or a build", "executes something"), "ask": ("asks the user", "a question to the human"), "git": ("history, commits and branches", "version control")}
    names = {"search": "search grep find_text lookup", "read": "read view cat show_file", "edit": "edit write patch change", "run": "run exec shell bash", "ask": "ask_user ask question human", "git": "git vcs history repo"}
    chosen = rng.sample(list(CODING), rng.randint(3, 5))
    return label_function(rng, ["step of a coding agent", "request", "next task"], ["the tool to use", "which tool fits"], [kind(k, names[k], *means[k]) for k in chosen], lambda r, key: lx.put(r, r.choice(CODING[key])))
