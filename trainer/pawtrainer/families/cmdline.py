# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Command lines taken apart: aliases, programs, pipelines, options, undo, exit codes."""

from __future__ import annotations

import json
import random

from pawtrainer.families import lexicon as lx
from pawtrainer.families import shell as sh
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.logs import shape_function
from pawtrainer.families.phrasing import ARBITRARY, NONE_WORDS, SEPARATOR_NAMES, Kind, kind, label_function

GROUP = "commands-and-tools"




@family(GROUP)
def alias_expand(rng: random.Random) -> Function:
    """Expand the first word by a table of aliases; other lines stay."""
    bank = {"gs": "git status", "gc": "git commit", "ll": "ls -la", "dk": "docker", "k": "kubectl", "py": "python3", "..": "cd ..", "ga": "git add", "gp": "git push", "tf": "terraform", "v": "vim", "sc": "systemctl", "mk": "make -j4", "nr": "npm run", "serve": "python3 -m http.server"}
    aliases = rng.sample(list(bank), rng.randint(3, 6))
    if rng.random() < 0.4:
        short = rng.sample([a + b for a in "abcdfhjmnqwxz" for b in "aeiouxz12"], len(aliases))
        table = {s: bank[a] for s, a in zip(short, aliases, strict=True)}
    else:
        table = {a: bank[a] for a in aliases}

    def sample(rng: random.Random) -> Pair:
        tail = rng.choice(("", "", " -v", " " + rng.choice(sh.NAMES), " --help", " " + rng.choice(lx.SERVICES), f" {rng.choice(list(table))}", " -n 5"))
        if rng.random() < 0.2:
            line = rng.choice(("echo", "cat", "time", "sudo", "grep")) + " " + rng.choice((*table, rng.choice(sh.NAMES)))
            return line, line
        alias = rng.choice(list(table))
        return alias + tail, table[alias] + tail

    listed = rng.choice(("; ", ", ", "\n")).join(f"{a}{s}{c}" for (a, c) in table.items() for s in (" = ",))
    return shape_function(rng, sample, ["a command line", "what I typed"], ["expand the alias at the start: {listed}", "replace the first word if it is an alias ({listed})", "my aliases are {listed}. [print|write] the line with the first word expanded"], ["aliases {listed}: expand the first word"], [["only the first word, the rest stays", "leave the rest of the line alone"], ["lines without an alias stay as they are", "no alias at the start: unchanged"]], listed=listed)


@family(GROUP)
def program_name(rng: random.Random) -> Function:
    """The program that a line runs, behind sudo, env settings and wrappers."""
    full = rng.random() < 0.3
    tools = ("nginx", "python3", "rsync", "tar", "curl", "node", "psql", "ffmpeg", "make", "git", "docker", "grep", "java", "ssh")

    def sample(rng: random.Random) -> Pair:
        tool = rng.choice(tools)
        path = rng.choice(("", "", "/usr/bin/", "./", "/opt/bin/"))
        lead = rng.choice(("", "", "sudo ", "nohup ", "time ", "PORT=80 ", "sudo -u deploy ", "LANG=C TZ=UTC ", "env DEBUG=1 ", "nice -n 5 ", "sudo nohup "))
        tail = rng.choice(("-v", "--help", rng.choice(sh.NAMES), "-c /etc/app.conf", f"{rng.choice(sh.NAMES)} > out.txt", f"2>&1 | tee {rng.choice(tools)}.log"))
        return f"{lead}{path}{tool} {tail}", (path if full else "") + tool

    rules = [["skip sudo, nohup, time, nice, env and settings like A=1", "wrappers (sudo, nohup, time, nice, env) and VAR=value in front don't count"], ["with its path as written", "keep the path"] if full else ["without its path", "bare name, no directories"]]
    return shape_function(rng, sample, ["a command line", "a shell command"], ["[print|return|give] the program that is run [first|]", "which program does the line start? [print|give] its name"], ["command line -> program", "name of the program"], rules)


@family(GROUP)
def pipe_stages(rng: random.Random) -> Function:
    """Programs of a pipeline: all, count, first or last."""
    how, sep = rng.choice(("all", "all", "count", "last", "first")), rng.choice((", ", ",", " ", " > ", "|", " | "))
    stages = ("cat a.txt", "grep -v '#'", "sort -n", "uniq -c", "head -n 5", "wc -l", "cut -d, -f2", "awk '{print $1}'", "sed 's/a/b/'", "tr a-z A-Z", "tail -n 3", "xargs rm", "jq .id", "tee out.txt", "gzip", "curl -s example.com", "ps aux", "ls -la", "find . -name x", "base64 -d")

    def sample(rng: random.Random) -> Pair:
        chosen = rng.sample(stages, rng.randint(1, 5))
        names = [c.split()[0] for c in chosen]
        return rng.choice((" | ", " | ", "|")).join(chosen), {"all": sep.join(names), "count": str(len(names)), "last": names[-1], "first": names[0]}[how]

    does = {"all": ["[list|print] the programs of the pipeline in order", "which programs run here? list them in order"], "count": ["count the programs of the pipeline", "how many programs does the pipeline run? [print|give] the number"], "last": ["[print|give] the last program of the pipeline", "which program comes last?"], "first": ["[print|give] the first program of the pipeline", "which program comes first?"]}[how]
    rules = [["separator {sep}", "separated by {sep}"]] if how == "all" else []
    if how != "count":
        rules.append(["names only, no options", "without options and arguments"])
    return shape_function(rng, sample, ["a shell pipeline", "a pipeline"], does, [f"pipeline -> {how}{' programs' if how in ('all', 'count') else ' program'}"], rules, "list" if how == "all" else "text", sep={" > ": '" > "'}.get(sep) or rng.choice(SEPARATOR_NAMES[sep]))


@family(GROUP)
def flags_to_json(rng: random.Random) -> Function:
    """Options of a command line as JSON."""
    rest_key = rng.choice(("args", "rest", "files", "positional", "_"))
    numbers = rng.random() < 0.5

    def sample(rng: random.Random) -> Pair:
        made: dict[str, object] = {}
        words = [rng.choice(("run", "serve", "convert", "train", "scan", "./tool"))]
        options: list[tuple[str, object]] = [("port", rng.randrange(80, 9000)), ("verbose", True), ("output", rng.choice(sh.NAMES)), ("force", True), ("level", rng.randrange(1, 10)), ("user", rng.choice(lx.USERS)), ("quiet", True), ("limit", rng.randrange(2, 500))]
        for name, value in rng.sample(options, rng.randint(1, 3)):
            if value is True:
                words.append(f"--{name}")
                made[name] = True
            else:
                words.append(rng.choice((f"--{name}={value}", f"--{name} {value}")))
                made[name] = value if numbers and isinstance(value, int) else str(value)
        files = rng.sample(sh.NAMES, rng.choice((0, 1, 1, 2)))
        bools_last = words[-1].startswith("--") and made.get(words[-1][2:]) is True
        if bools_last:
            words.insert(1, words.pop())
            last = words[1][2:]
            made = {last: made.pop(last), **made}
        made[rest_key] = files
        return " ".join(words + files), json.dumps(made)

    rules = [["options without a value are true", "bare options become true"], ["words that belong to no option go into {rest} as a list", "{rest} lists all other words after the command, {nil} if none"], ["numbers as JSON numbers", "numbers unquoted"] if numbers else ["all values are strings", "numbers stay strings"]]
    return shape_function(rng, sample, ["a command line", "a call of a program"], ["[turn|parse|convert] the options into [a JSON object|JSON], the command itself left out", "[print|return] its options as JSON without the program name"], ["command line -> JSON of its options"], rules, "json", rest=f'"{rest_key}"', nil="[]")


@family(GROUP)
def inverse_command(rng: random.Random) -> Function:
    """The command that takes another back, by a table of pairs."""
    bank = (("open", "close"), ("add", "remove"), ("start", "stop"), ("lock", "unlock"), ("push", "pop"), ("mount", "umount"), ("on", "off"), ("up", "down"), ("show", "hide"), ("join", "leave"), ("pin", "unpin"), ("load", "unload"), ("zip", "unzip"), ("follow", "unfollow"), ("enable", "disable"), ("attach", "detach"))
    pairs = list(rng.sample(bank, rng.randint(3, 5)))
    if rng.random() < 0.4:
        pool = rng.sample(ARBITRARY, 2 * len(pairs))
        pairs = list(zip(pool[::2], pool[1::2], strict=True))
    table = {a: b for a, b in pairs} | {b: a for a, b in pairs}
    none = rng.choice(NONE_WORDS)

    def sample(rng: random.Random) -> Pair:
        target = rng.choice(("", f" {rng.choice(lx.SERVICES)}", f" {rng.choice(sh.NAMES)}", f" {rng.randrange(1, 99)}", f" door {rng.randrange(1, 9)}"))
        if rng.random() < 0.15:
            return rng.choice([x for x in ("print", "wait", "read", "list", "count") if x not in table]) + target, none
        verb = rng.choice(list(table))
        return verb + target, table[verb] + target

    listed = ", ".join(f"{a}/{b}" for a, b in pairs)
    return shape_function(rng, sample, ["a command", "a command that was run"], ["[print|give|write] the command that undoes it; pairs: {listed}", "what takes it back? opposite verbs are {listed}"], ["command -> its undo ({listed})"], [["the rest of the line stays", "keep its argument"], ["{none} for any other verb", "other verbs: {none}"]], listed=listed, none=none)


EXITS = {"0": ("success", "it worked"), "1": ("general error", "some failure"), "2": ("wrong usage", "bad arguments"), "126": ("not executable", "found but may not be run"), "127": ("command not found", "no such command"), "130": ("interrupted by Ctrl-C", "stopped by the user with Ctrl-C"), "137": ("killed (signal 9), often out of memory", "killed by SIGKILL"), "139": ("segmentation fault", "crashed with a segfault"), "143": ("terminated (signal 15)", "asked to end by SIGTERM")}


@family(GROUP)
def exit_code(rng: random.Random) -> Function:
    """Exit codes in text: their common meaning, as labels."""
    names = {"0": "ok success fine", "1": "error failed failure", "2": "usage arguments misuse", "126": "not-executable noexec permission", "127": "not-found missing unknown", "130": "interrupted ctrl-c user-stop", "137": "killed oom sigkill", "139": "segfault crash sigsegv", "143": "terminated sigterm stopped"}
    chosen = rng.sample(list(EXITS), rng.randint(3, 6))

    def make(rng: random.Random, key: str) -> str:
        return lx.put(rng, rng.choice(("exit code {c}", "{svc} exited with status {c}", "process {pid} ended, rc={c}", "returned {c}", "{job} finished with exit code {c} after {sec} s", "code={c} container {hex}", "$? is {c}", "command terminated with exit code {c}")).replace("{c}", key))

    return label_function(rng, ["line with an exit code", "exit message", "process status"], ["the meaning of the exit code", "how the process ended"], [kind(k, names[k], *EXITS[k], f"code {k}") for k in chosen], make)


@family(GROUP)
def exit_table(rng: random.Random) -> Function:
    """A drawn table from exit codes to what to do."""
    codes = rng.sample(range(1, 80), rng.randint(3, 6))
    actions = rng.sample(("retry", "stop", "notify", "skip", "rollback", "ignore", "restart", "mail"), rng.randint(2, 3))
    table = {0: actions[0]} | {c: rng.choice(actions) for c in codes}
    for at, action in enumerate(actions):
        if action not in table.values():
            table[codes[at % len(codes)]] = action
    actions = [a for a in actions if a in table.values()]
    if len(actions) < 2:
        return exit_table(rng)
    other = actions[-1]
    rest = [c for c in (*range(81, 120), 255) if c not in table]
    kinds = []
    for action in actions:
        own = [str(c) for c, a in table.items() if a == action]
        many = f"code{'s' if len(own) > 1 else ''} {', '.join(own)}" + (" and every other code" if action == other else "")
        kinds.append(Kind(action, (action, action.upper()), (many, many.replace("code ", "exit code ").replace("codes ", "exit codes "))))

    def make(rng: random.Random, key: str) -> str:
        own = [c for c, a in table.items() if a == key]
        code = rng.choice(rest) if key == other and rng.random() < 0.3 else rng.choice(own)
        return lx.put(rng, rng.choice(("exit code {c}", "{svc} exited with {c}", "rc={c}", "status {c}", "{job}: code {c}", "process ended ({c})")).replace("{c}", str(code)))

    return label_function(rng, ["line with an exit code", "process result"], ["what to do", "the action"], kinds, make, plain=False)
