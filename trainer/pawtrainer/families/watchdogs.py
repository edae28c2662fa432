# ruff: noqa: E501 -- tables of wordings read better one entry a line
"""Watchdogs: what an agent, a terminal or an event stream is doing, and whether somebody must step in."""

from __future__ import annotations

import random

from pawtrainer.families import lexicon as lx
from pawtrainer.families.base import Function, family
from pawtrainer.families.phrasing import kind, label_function

GROUP = "logs-and-monitoring"

AGENT = {
    "looping": ("read {same} / read {same} / read {same} / read {same}", "open {same}; open {same}; open {same}", "grep TODO {same} -> no match; grep TODO {same} -> no match; grep TODO {same} -> no match", "Trying the same fix again. Test fails with the same error. Trying the same fix again. Same error.", "edit A -> undo A -> edit A -> undo A -> edit A", "Let me run the command once more. [same output] Let me run the command once more. [same output]", "call search('{svc}') x{n}, identical result each time", "step {n}: open page 1; step {n}: open page 1; step {n}: open page 1", "I will check the file again. Nothing changed. I will check the file again. Nothing changed. I will check it again."),
    "stuck": ("no output for {n} minutes", "waiting for {domain}... waiting... (since {n} min)", "progress {low}% unchanged for {n} minutes", "process idle, last token {n} min ago", "still waiting for lock {file} held by nobody", "I don't know how to go on. All approaches failed.", "blocked: permission denied and no other way found"),
    "done": ("All {n} tests pass. The change is committed.", "Task complete: {svc} now returns the right total.", "Finished. Summary: {few} files changed, nothing left to do.", "I've fixed the bug and verified it. Done.", "report written to {file}, goal reached", "pull request opened, all checks green, finishing here"),
    "working": ("reading {file}, next I'll edit {mod}", "test {few} of {n} running", "Fixed the import; now two tests left to repair.", "installing {lib}... {low}% ({few} s left)", "edited {mod}, {few} failures left, was {n}", "searching for callers of {cls}, found {few}", "compiled {svc}, starting the tests", "downloaded {low} of {n} files"),
    "waiting": ("Should I delete {file}? (yes/no)", "Which database do you want me to use, {db} or {db}?", "I need your approval before I push to {branch}.", "Please enter the password for {user}:", "Do you want me to go on with the migration?", "Awaiting confirmation: overwrite {file}?", "Tell me the API key and I'll continue."),
    "failed": ("Fatal: out of tokens, task aborted", "I could not solve the task and stop here.", "agent crashed: {exc}", "giving up after {few} attempts, tests are still red", "session ended with exit code 1", "budget used up before the tests passed"),
}


def agent_text(rng: random.Random, state: str) -> str:
    """`{same}` is one file throughout a text."""
    return lx.put(rng, rng.choice(AGENT[state]).replace("{same}", lx.put(rng, "{file}")))


@family(GROUP)
def agent_state(rng: random.Random) -> Function:
    kinds = [kind("looping", "looping loop repeat circle", "it repeats the same steps without progress", "goes round in circles"), kind("stuck", "stuck hung frozen idle", "nothing happens any more or it knows no way on", "no progress for a long time"), kind("done", "done finished complete success", "the task is finished", "the goal is reached"), kind("working", "working busy progress running", "it makes progress", "still going, with new results"), kind("waiting", "waiting ask input blocked", "it asks a person and waits for the answer", "it needs a human reply"), kind("failed", "failed aborted gave-up dead", "it gave up or crashed", "ended without success")]
    chosen = kinds if rng.random() < 0.3 else rng.sample(kinds, rng.randint(2, 5))
    return label_function(rng, ["agent transcript", "tail of an agent's log", "last output of the agent", "agent status"], ["the state of the agent", "what the agent is doing", "how the agent is doing"], chosen, agent_text)


@family(GROUP)
def agent_attention(rng: random.Random) -> Function:
    kinds = [kind("yes", "human yes call interrupt alert", "it loops, is stuck, failed or asks something", "a person must step in: loop, standstill, failure or question"), kind("no", "leave no fine continue quiet", "it works or has finished", "no help needed: progress or done")]
    return label_function(rng, ["agent transcript", "last output of the agent"], ["whether a person must step in", "if the agent needs help"], kinds, lambda r, key: agent_text(r, r.choice(("looping", "stuck", "waiting", "failed") if key == "yes" else ("done", "working"))), questions=["does the agent need a human", "must somebody step in", "is the agent in trouble or waiting for us"])


@family(GROUP)
def repeated_calls(rng: random.Random) -> Function:
    """A loop by a stated count: the same call N times in a row."""
    limit = rng.randrange(2, 5)
    tools = rng.sample(("read", "write", "search", "run", "open", "fetch", "list", "edit", "test", "build", "click", "ask", "grep", "ls"), 5)
    sep = rng.choice((", ", " -> ", " ; ", " | ", " > "))

    def make(rng: random.Random, key: str) -> str:
        calls: list[str] = []
        if key == "loop":
            calls += [rng.choice(tools) for _ in range(rng.randrange(3))]
            again = rng.choice([t for t in tools if not calls or t != calls[-1]])
            calls += [again] * rng.choice((limit, limit, limit + 1))
            calls += [rng.choice([t for t in tools if t != again]) for _ in range(rng.randrange(2))]
        else:
            while len(calls) < rng.randint(3, 7):
                tool = rng.choice([t for t in tools if not calls or t != calls[-1]])
                calls += [tool] * rng.randint(1, limit - 1)
        return sep.join(calls)

    kinds = [kind("loop", "loop looping yes stop", f"the same call at least {limit} times in a row", f"{limit} or more equal calls in a row"), kind("fine", "fine ok no go", f"fewer than {limit} equal calls in a row", "otherwise", "everything else")]
    return label_function(rng, ["sequence of tool calls", "list of the agent's last calls"], ["whether the agent loops", "if it is a loop"], kinds, make, plain=False)


TERMINAL = {
    "idle": ("{user}@{host}:~$", "{user}@{host}:{mount}#", "$", "[{user}@{host} src]$", "PS C:\\\\Users\\\\{user}>", ">>>", "{host}%"),
    "busy": ("Compiling {lib} v{ver}", "{low}% [=====>      ] {n} MB/s", "Running test {few} of {n}...", "Copying {file}", "Unpacking {lib} ({ver}) ...", "remote: Counting objects: {low}%", "epoch {epoch}: loss {float}", "Reading package lists..."),
    "prompt": ("[sudo] password for {user}:", "Are you sure you want to continue connecting (yes/no)?", "Overwrite {file}? [y/N]", "Enter passphrase for key '/home/{user}/.ssh/id_rsa':", "Do you want to continue? [Y/n]", "Username for 'https://{domain}':", "Proceed (y/n)?", "Press ENTER to continue"),
    "crashed": ("Segmentation fault (core dumped)", "Killed", "panic: runtime error: index out of range", "Aborted (core dumped)", "Bus error", "fatal error: out of memory", "zsh: illegal hardware instruction  ./{svc}"),
    "closed": ("Connection to {host} closed.", "client_loop: send disconnect: Broken pipe", "logout", "[Process completed]", "Session terminated, {user}", "Connection reset by {ip} port 22", "exit"),
}


@family(GROUP)
def terminal_state(rng: random.Random) -> Function:
    kinds = [kind("idle", "idle ready free", "a shell prompt that waits for a command", "just the prompt"), kind("busy", "busy running working", "something is running", "a program at work"), kind("prompt", "input question asks", "it asks for a password or an answer", "the user must type something"), kind("crashed", "crashed dead broken", "a program crashed or was killed", "a crash"), kind("closed", "closed gone ended", "the session or connection has ended", "the connection is closed")]
    chosen = kinds if rng.random() < 0.4 else rng.sample(kinds, rng.randint(2, 4))
    return label_function(rng, ["last line of a terminal", "terminal line", "terminal output"], ["the state of the terminal", "what the terminal shows"], chosen, lambda r, key: lx.put(r, r.choice(TERMINAL[key])))


STREAM = {
    "push": ('{"type":"approval.requested","action":"push to {branch}"}', '{"event":"run.finished","status":"failed"}', "job {job} ended: success", "agent asks: may I delete {file}?", '{"type":"job.completed","job":"{job}"}', "question for you: which table, {table} or {db}?", "run aborted by error {exc}"),
    "feed": ('{"type":"step.finished","step":{few}}', "warning: {lib} is outdated", "step {few} of {n} done", '{"event":"file.saved","path":"{svc}.py"}', "tests of {mod}: {n} passed", "retrying {svc} in {sec} s"),
    "drop": ('{"type":"heartbeat","seq":{big}}', "token: ' the'", '{"event":"token.delta","text":"ing"}', "progress {low}%", "debug: cache hit {hex}", "ping", '{"type":"progress","percent":{low}}', "keepalive from {host}", "trace: enter {mod}"),
}


@family(GROUP)
def stream_filter(rng: random.Random) -> Function:
    kinds = [kind("push", "push notify P interrupt A", "it needs a decision of the user, or the whole job has ended", "questions, approvals, end of the job"), kind("feed", "feed show S list B", "a step ended, or a warning", "worth a line in the feed: finished steps, warnings"), kind("drop", "drop hide N never C", "heartbeats, tokens, progress and debug chatter", "technical noise")]
    return label_function(rng, ["event of a build agent", "stream event", "agent event"], ["where the event goes", "how to show the event"], kinds, lambda r, key: lx.put(r, r.choice(STREAM[key])), keep_order=True)
