# ruff: noqa: E501 -- tables of templates read better one entry a line
"""Files, code and small programs: roles of paths, languages, owners, globs, commits, versions, shortcuts, pseudo-program execution."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from pawtrainer.families import lexicon as lx
from pawtrainer.families import shell as sh
from pawtrainer.families import words as w
from pawtrainer.families.base import Function, Pair, family
from pawtrainer.families.logs import fill_shape, joined, shape_function
from pawtrainer.families.phrasing import ARBITRARY, NONE_WORDS, SEPARATOR_NAMES, Kind, kind, label_function

GROUP = "commands-and-tools"

FOLDERS = ("src/", "lib/", "app/", "pkg/api/", "backend/", "", "packages/core/", "internal/", "services/cart/", "web/", "tools/")
ROLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "source": ("source src code", ("program code", "the code of the program itself"), ("{d}{s}.py", "{d}{s}.go", "{d}{s}.rs", "{d}{s}.ts", "{d}{s}.java", "{d}{s}.c", "{d}{s}.rb", "{d}{s}.cpp", "{d}{s}/index.js", "{d}{s}.swift", "{d}{s}.php", "{d}{s}.kt")),
    "test": ("test tests spec", ("tests", "test code and fixtures"), ("tests/test_{s}.py", "{d}{s}_test.go", "{d}{s}.test.ts", "spec/{s}_spec.rb", "src/test/java/{S}Test.java", "__tests__/{s}.js", "tests/fixtures/{s}.json", "test/{s}.bats", "e2e/{s}.cy.ts", "conftest.py", "tests/conftest.py")),
    "docs": ("docs doc documentation", ("documentation", "texts for readers"), ("README.md", "docs/{s}.md", "CHANGELOG.md", "docs/guide/{s}.rst", "CONTRIBUTING.md", "man/{s}.1", "doc/{s}.adoc", "docs/img/{s}.svg", "README.de.md", "wiki/{s}.md")),
    "config": ("config settings conf", ("configuration", "settings of the program or of tools"), (".editorconfig", "config/{s}.yaml", ".env.example", "settings.toml", "etc/{s}.conf", ".eslintrc.json", "config.ini", ".pre-commit-config.yaml", "{d}{s}.properties", ".gitignore", "tsconfig.json")),
    "build": ("build ci make", ("build and CI files", "how it is built and shipped"), ("Makefile", "Dockerfile", ".github/workflows/{s}.yml", "CMakeLists.txt", "build.gradle", "Jenkinsfile", ".gitlab-ci.yml", "scripts/build.sh", "docker-compose.yml", "BUILD.bazel", "webpack.config.js", "pom.xml")),
    "asset": ("asset media static", ("images, fonts and sounds", "media files"), ("static/img/{s}.png", "assets/{s}.woff2", "public/{s}.ico", "media/{s}.mp3", "assets/icons/{s}.svg", "static/{s}.jpg", "sounds/{s}.wav", "public/{s}.webp")),
    "data": ("data dataset records", ("data files", "tables and records"), ("data/{s}.csv", "data/raw/{s}.parquet", "seeds/{s}.sql", "{s}.jsonl", "data/{s}.tsv", "export/{s}.xlsx", "data/{s}.db")),
    "generated": ("generated vendored ignore", ("generated or copied from elsewhere", "not written by us: build output, lock files, vendored code"), ("dist/{s}.min.js", "node_modules/{s}/index.js", "vendor/{s}/{s}.go", "build/{s}.o", "package-lock.json", "target/debug/{s}", "__pycache__/{s}.cpython-311.pyc", "yarn.lock", "{d}{s}.pb.go", "Cargo.lock", "poetry.lock")),
}


def role_path(rng: random.Random, role: str) -> str:
    stem = rng.choice(lx.STEMS)
    return rng.choice(ROLES[role][2]).replace("{d}", rng.choice(FOLDERS)).replace("{s}", stem).replace("{S}", stem.title())


@family(GROUP)
def file_role(rng: random.Random) -> Function:
    chosen = rng.sample(list(ROLES), rng.randint(3, 6))
    return label_function(rng, ["file path", "path in a repository", "changed file"], ["the role of the file", "what the file is for", "the kind of file"], [kind(r, ROLES[r][0], *ROLES[r][1]) for r in chosen], role_path)


@family(GROUP)
def needs_review(rng: random.Random) -> Function:
    """Roles that the spec names need a review, the rest does not."""
    chosen = rng.sample(list(ROLES), rng.randint(1, 3))
    rest = [r for r in ROLES if r not in chosen]
    said = [joined(rng, [rng.choice(ROLES[r][1]) for r in chosen]) for _ in range(4)]
    kinds = [kind("yes", "review yes check hold look", *said, *(f"files that are {x}" for x in said)), kind("no", "skip no pass fine merge", "all other files", "any other path", "everything else")]
    return label_function(rng, ["changed file", "file path", "path of a change"], ["whether a review is needed", "if it has to be reviewed"], kinds, lambda r, key: role_path(r, r.choice(chosen if key == "yes" else rest)), plain=False)


LANGUAGES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "python": ("python py", (".py",), ("def {f}(x):", "import os", "for i in range({n}):", "print(f\"{x}\")", "if __name__ == \"__main__\":", "self.items = []", "except ValueError as e:", "with open(path) as f:", "lambda x: x + 1", "from {m} import {f}", "elif x is None:", "@dataclass")),
    "javascript": ("javascript js", (".js", ".mjs"), ("const {f} = () => {n};", "let x = await {f}();", "console.log(x);", "document.querySelector('#a');", "export default {f};", "if (a === b) {", "const { a } = require('{m}');", "function {f}(a, b) {", "items.map(i => i.id)", "} catch (e) {")),
    "java": ("java jvm", (".java",), ("public static void main(String[] args) {", "private final int {f};", "System.out.println(x);", "import java.util.List;", "@Override", "throw new IllegalStateException();", "List<String> a = new ArrayList<>();", "public class {C} extends Base {")),
    "c": ("c clang", (".c", ".h"), ("#include <stdio.h>", "int main(void) {", "printf(\"%d\\n\", x);", "char *p = malloc({n});", "struct node *next;", "#define MAX {n}", "free(ptr);", "typedef unsigned int uint;", "while (*s++) ;")),
    "rust": ("rust rs", (".rs",), ("fn main() {", "let mut x = {n};", "println!(\"{}\", x);", "impl Iterator for {C} {", "match x { Some(v) => v, None => 0 }", "use std::fs;", "pub fn {f}(&self) -> u32 {", "#[derive(Debug)]", ".unwrap_or_default()", "Ok(())")),
    "go": ("go golang", (".go",), ("func {f}(x int) error {", "package main", "if err != nil {", "x := {n}", "fmt.Println(x)", "defer f.Close()", "go func() {", "return nil, err", "type {C} struct {", "for _, v := range xs {")),
    "sql": ("sql query", (".sql",), ("SELECT name FROM {m};", "CREATE TABLE {m} (id int);", "WHERE id = {n}", "LEFT JOIN {m} ON a.id = b.id", "GROUP BY name HAVING count(*) > {n}", "INSERT INTO {m} VALUES ({n});", "ORDER BY created DESC LIMIT {n}")),
    "shell": ("shell bash", (".sh",), ("#!/bin/bash", "if [ -f \"$1\" ]; then", "for f in *.txt; do", "export PATH=$PATH:/opt", "echo \"$HOME\" | tr a-z A-Z", "set -euo pipefail", "while read -r line; do", "fi", "esac", "grep -q {f} \"$file\" || exit 1")),
    "html": ("html markup", (".html", ".htm"), ("<div class=\"{f}\">", "<a href=\"/{f}\">home</a>", "<!DOCTYPE html>", "<li>{n}</li>", "<img src=\"{f}.png\" alt=\"\">", "</body>", "<input type=\"text\" name=\"{f}\">")),
    "css": ("css style", (".css",), ("body { margin: 0; }", ".{f} { color: #333; }", "@media (max-width: {n}px) {", "#main > p { padding: 4px; }", "font-family: sans-serif;", "display: flex;", "border-radius: {n}px;")),
    "yaml": ("yaml yml", (".yml", ".yaml"), ("{f}:\n  - {m}\n  - b", "name: {f}\nport: {n}", "services:\n  {m}:\n    image: {f}", "- name: install\n  run: make", "key: value # note", "on:\n  push:\n    branches: [main]")),
    "ruby": ("ruby rb", (".rb",), ("def {f}\n  @x\nend", "puts \"#{x}\"", "require '{m}'", "attr_reader :{f}", "items.each do |i|", "unless x.nil?", "class {C} < ApplicationRecord", "rescue StandardError => e")),
}


def snippet(rng: random.Random, language: str) -> str:
    stem = rng.choice(lx.STEMS)
    return rng.choice(LANGUAGES[language][2]).replace("{f}", rng.choice(lx.FUNCTIONS)).replace("{n}", str(rng.randrange(2, 900))).replace("{m}", stem).replace("{C}", stem.title())


@family(GROUP)
def code_language(rng: random.Random) -> Function:
    chosen = rng.sample(list(LANGUAGES), rng.randint(3, 6))
    return label_function(rng, ["line of code", "code snippet", "piece of code"], ["the language", "the programming language", "which language it is"], [kind(k, LANGUAGES[k][0], f"{k} code", k.capitalize() if len(k) > 4 else k.upper()) for k in chosen], snippet)


@family(GROUP)
def extension_language(rng: random.Random) -> Function:
    """Language or drawn group by the extension of a path."""
    chosen = rng.sample(list(LANGUAGES), rng.randint(3, 6))
    kinds = [kind(k, LANGUAGES[k][0], " or ".join(LANGUAGES[k][1]) + " files", f"{k}: " + ", ".join(LANGUAGES[k][1])) for k in chosen]
    kinds.append(kind("other", "other none", "any other extension", "all other files"))
    rest = [".txt", ".md", ".pdf", ".lock", ".zip", ".log", *(e for k in LANGUAGES if k not in chosen for e in LANGUAGES[k][1])]

    def make(rng: random.Random, key: str) -> str:
        end = rng.choice(rest if key == "other" else LANGUAGES[key][1])
        middle = rng.choice(("", "", "", ".test", ".min", ".old", rng.choice((".py", ".js", ".go"))))
        return f"{rng.choice(FOLDERS)}{rng.choice(lx.STEMS)}{middle}{end}"

    return label_function(rng, ["file path", "file name"], ["the language by its extension", "the type of file"], kinds, make, plain=False, rules=[["Only the last extension counts", "The part after the last dot decides"]])


MEDIA: dict[str, tuple[str, tuple[str, ...], str]] = {"image": ("image picture photo", ("pictures", "images"), "png jpg gif svg webp tiff bmp heic"), "video": ("video film movie", ("films", "videos"), "mp4 mkv avi mov webm"), "audio": ("audio sound music", ("music and sound", "audio"), "mp3 wav flac ogg m4a"), "archive": ("archive packed zip", ("packed files", "archives"), "zip tar gz 7z rar xz tgz"), "document": ("document text office", ("texts and office documents",), "pdf docx odt md txt rtf"), "table": ("table sheet data", ("spreadsheets and tables",), "csv xlsx ods tsv parquet"), "code": ("code source program", ("program code",), "py js c java go rs sh rb"), "key": ("key cert secret", ("keys and certificates",), "pem key crt p12 gpg")}


@family(GROUP)
def file_kind(rng: random.Random) -> Function:
    chosen = rng.sample(list(MEDIA), rng.randint(3, 6))

    def make(rng: random.Random, key: str) -> str:
        stem = rng.choice(("IMG_2041", "invoice", "holiday", "backup-2024", "notes", "song", "talk", "report final", "scan", "main", "photo.old", "video_list", "music-charts", "picture of cat"))
        name = f"{stem}.{rng.choice(MEDIA[key][2].split())}"
        return rng.choice((name, name.upper(), f"/home/{rng.choice(lx.USERS)}/{name}", f"downloads/{name}"))

    return label_function(rng, ["file name", "file", "path"], ["the kind of file", "what sort of file it is"], [kind(k, MEDIA[k][0], *MEDIA[k][1]) for k in chosen], make, rules=[["The extension decides, not the name", "Go by the extension"]] if rng.random() < 0.4 else [])


@family(GROUP)
def code_owner(rng: random.Random) -> Function:
    """Owner of a path by prefix; the longest prefix wins."""
    tops = rng.sample(("api", "web", "docs", "infra", "mobile", "data", "tests", "tools", "billing", "auth"), rng.randint(2, 3))
    inner = f"{tops[0]}/{rng.choice(('internal', 'v2', 'legacy', 'shared', 'db'))}"
    teams = rng.sample(("@ann", "@core", "@web-team", "@ops", "@data", "@max", "@docs", "@security", *(f"@{a}" for a in ARBITRARY[:20])), len(tops) + 2)
    table = {f"{top}/": team for top, team in zip(tops, teams, strict=False)} | {f"{inner}/": teams[-2]}
    fallback = teams[-1]
    listed = rng.choice((", ", "; ", "\n")).join(f"{path} {team}" for path, team in table.items())

    def sample(rng: random.Random) -> Pair:
        base = rng.choice((*table, f"{inner}/", f"{tops[0]}/", "misc/", ""))
        path = base + rng.choice(("", "a/", "x/y/", "utils/")) + rng.choice(sh.NAMES)
        owners = [p for p in table if path.startswith(p)]
        return path, table[max(owners, key=len)] if owners else fallback

    return shape_function(rng, sample, ["a path of a changed file", "a file path"], ["[print|give] the owner of the file:[ |\n]{listed}", "who owns the file? table:[ |\n]{listed}", "[find|print] the reviewer by path prefix:[ |\n]{listed}"], ["path -> owner ({listed})", "owners by path:[ |\n]{listed}"], [["the longest matching prefix wins", "the most specific entry decides"], ["all other paths: {fallback}", "{fallback} for everything else", "no entry: {fallback}"]], listed=listed, fallback=fallback)


def glob_regex(pattern: str) -> str:
    out = ""
    at = 0
    while at < len(pattern):
        if pattern.startswith("**", at):
            out, at = out + ".*", at + 2
        else:
            char = pattern[at]
            out, at = out + {"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)), at + 1
    return out


@family(GROUP)
def glob_match(rng: random.Random) -> Function:
    """One drawn glob in the spec, a path in the input."""
    folder, end = rng.choice(("src", "docs", "tests", "app", "data")), rng.choice(("py", "md", "txt", "js", "csv"))
    pattern = rng.choice((f"*.{end}", f"{folder}/*.{end}", f"{folder}/**", f"**.{end}", f"{folder}/*/*.{end}", f"test_?.{end}", f"*_old.{end}", f"{folder}/a*.{end}", f"{folder}*/*.{end}"))
    test = re.compile(glob_regex(pattern))

    def path(rng: random.Random) -> str:
        name = rng.choice((rng.choice(lx.STEMS), "test_1", "test_12", "notes_old", "a1", "api"))
        return f"{rng.choice(('', folder + '/', folder + '/', folder + '/sub/', folder + '2/', 'other/', folder + '/a/b/'))}{name}.{rng.choice((end, end, end, 'bak', end + 'x', 'json'))}"

    def make(rng: random.Random, key: str) -> str:
        for _ in range(300):
            text = path(rng)
            if bool(test.fullmatch(text)) == (key == "yes"):
                return text
        return f"{folder}.{end}.bak" if key == "no" else pattern.replace("**", "x").replace("*", "x").replace("?", "7")

    kinds = [kind("yes", "match yes hit true 1", "the whole path matches", "the pattern fits"), kind("no", "no-match no miss false 0", "it does not match", "the pattern does not fit")]
    return label_function(rng, ["path", "file path"], ["whether the path matches", "if the pattern fits"], kinds, make, plain=False, rules=[[f"The pattern is <<{pattern}>>", f"Pattern: <<{pattern}>>"], ["<<*>> stands for anything but a slash, <<**>> for anything, <<?>> for one character that is no slash", "<<*>> does not cross a slash, <<**>> does, <<?>> is one character but no slash"]])


CHANGES: dict[str, tuple[str, ...]] = {
    "feat": ("let users export invoices as PDF", "add dark mode", "support {lib} {ver}", "new endpoint for {table}", "allow two addresses per customer", "show a progress bar while {svc} loads", "implement search by date", "introduce keyboard shortcuts", "add an option to sort by price"),
    "fix": ("prevent double submit on slow networks", "correct rounding of totals", "stop crash when {file} is missing", "repair broken link in the menu", "handle empty list in {mod}", "avoid deadlock in {cls}", "fix off-by-one in pagination", "date was shown one day late", "no longer lose the session on reload", "memory leak in {svc} closed"),
    "docs": ("explain the settings in the README", "correct typo in the guide", "document the {svc} endpoints", "add an example to the manual", "translate the help page", "comment the tricky part of {cls}", "update the changelog"),
    "test": ("cover {cls} with unit tests", "add a regression test for rounding", "make flaky login test deterministic", "test the {table} import with broken files", "raise coverage of {mod}", "mock the clock in {svc} tests"),
    "refactor": ("split {cls} in two", "rename variables in {mod}", "move helpers of {svc} to a module of their own", "replace nested ifs by a table, same results", "simplify {cls} without changing what it does", "extract a function from {mod}"),
    "chore": ("bump {lib} to {ver}", "update copyright year", "upgrade build tools", "remove unused dependency {lib}", "pin {lib}", "configure the linter", "refresh lock file"),
    "perf": ("cache lookups of {table}", "halve the start time of {svc}", "use an index for {table} queries", "load images lazily", "make {cls} twice as fast", "avoid copying large lists in {mod}"),
    "breaking": ("drop support for version 1 of the API", "remove the deprecated endpoint /{table}", "rename the public method save() to store()", "require a token for every call", "change the return type of {cls}.get", "the config file format is new and old files no longer load"),
}
CHANGE_MEANS = {"feat": ("feat feature new", ("something new for users", "new behaviour")), "fix": ("fix bugfix repair", ("repairs wrong behaviour", "a bug fix")), "docs": ("docs doc text", ("documentation or comments only", "texts")), "test": ("test tests qa", ("tests only", "test code")), "refactor": ("refactor cleanup restructure", ("code rearranged, same behaviour", "restructuring without effect")), "chore": ("chore maintenance deps", ("dependencies, tools and housekeeping", "upkeep")), "perf": ("perf speed faster", ("makes something faster or smaller", "performance")), "breaking": ("breaking incompatible major", ("users must adapt: removed, renamed or changed interfaces", "an incompatible change"))}


def change(rng: random.Random, key: str) -> str:
    text = lx.put(rng, rng.choice(CHANGES[key]))
    return rng.choice((text, text, w.cap(text), w.cap(text) + "."))


@family(GROUP)
def commit_type(rng: random.Random) -> Function:
    chosen = rng.sample([k for k in CHANGES if k != "breaking"], rng.randint(3, 6))
    return label_function(rng, ["commit message", "change description", "pull request title"], ["the type of change", "the kind of commit"], [kind(k, CHANGE_MEANS[k][0], *CHANGE_MEANS[k][1]) for k in chosen], change)


@family(GROUP)
def release_part(rng: random.Random) -> Function:
    """Which part of the version a change raises."""
    kinds = [kind("major", "major big X", "incompatible changes: users must adapt", "something was removed, renamed or changed for callers"), kind("minor", "minor middle Y", "new features", "something new for users"), kind("patch", "patch small Z", "bug fixes and speed", "repairs"), kind("none", "none skip -", "docs, tests and other changes that users do not notice", "no release needed")]
    bank = {"major": ("breaking",), "minor": ("feat",), "patch": ("fix", "perf"), "none": ("docs", "test", "refactor")}
    chosen = kinds if rng.random() < 0.5 else kinds[:3]
    return label_function(rng, ["change", "change description", "line of the changelog"], ["which part of the version goes up", "the kind of release"], chosen, lambda r, key: change(r, r.choice(bank[key])), keep_order=True)


@family(GROUP)
def version_raise(rng: random.Random) -> Function:
    """Raise a version by the kind of change; the words for the kinds are drawn."""
    names = rng.choice((("major", "minor", "patch"), ("breaking", "feature", "fix"), ("X", "Y", "Z"), ("big", "middle", "small"), tuple(rng.sample(ARBITRARY, 3))))
    prefix = rng.choice(("", "", "v", "release-"))

    def sample(rng: random.Random) -> Pair:
        v = [rng.randrange(0, 12), rng.randrange(0, 20), rng.randrange(0, 20)]
        part = rng.randrange(3)
        made = [*v[:part], v[part] + 1, *([0] * (2 - part))]
        text = rng.choice(("{v} {k}", "{k} {v}", "{v}, {k}", "{v} + {k}", "{k} after {v}", "current {v}: {k}")).replace("{v}", prefix + ".".join(map(str, v))).replace("{k}", names[part])
        return text, prefix + ".".join(map(str, made))

    a, b, c = names
    rules = [["the numbers to its right become 0", "all lower parts go to 0", "reset the parts behind it to 0"]]
    return shape_function(rng, sample, ["a version and a kind of change", "a version with a change"], ["[print|give|write] the next version; {a} raises the first number, {b} the second, {c} the third", "raise the version by one: {a} = first number, {b} = second, {c} = third", "[compute|work out] the new version ({a} first, {b} second, {c} third number)"], ["next version; {a}/{b}/{c} = 1st/2nd/3rd number", "version and kind -> next version ({a} first, {b} second, {c} third number)"], rules, a=a, b=b, c=c)


@family(GROUP)
def branch_name(rng: random.Random) -> Function:
    """A branch name from a ticket line, in a drawn form."""
    join = rng.choice(("-", "-", "_"))
    shape = rng.choice(("ID-TITLE", "feature/ID-TITLE", "ID/TITLE", "TITLE-ID", "dev/TITLE", "USER/ID-TITLE", "bugfix/TITLE", "TITLE"))
    low = rng.random() < 0.4 and "ID" in shape
    limit = rng.choice((0, 0, 3, 4))

    def sample(rng: random.Random) -> Pair:
        words = rng.choice((lx.put(rng, rng.choice(CHANGES[rng.choice(("feat", "fix"))])),)).replace("{", "").split()
        words = [re.sub(r"[^A-Za-z0-9]", "", word) for word in words]
        words = [word for word in words if word][:7]
        number = f"{rng.choice(('SHOP', 'OPS', 'WEB', 'BUG', 'APP'))}-{rng.randrange(1, 4000)}"
        user = rng.choice(w.FIRST).lower()
        title = " ".join(words)
        text = rng.choice((f"{number}: {w.cap(title)}", f"[{number}] {title}", f"{number} {w.cap(title)}", f"{w.cap(title)} ({number})"))
        if "USER" in shape:
            text += f" / {user}"
        slug = join.join(word.lower() for word in (words[:limit] if limit else words))
        return text, fill_shape(shape, {"ID": number.lower() if low else number, "TITLE": slug, "USER": user})

    rules = [["TITLE in lower case, words joined by {join}", "write TITLE in lower case with {join} between words"]]
    if "ID" in shape:
        rules.append(["ID in lower case, too", "ID small"] if low else ["ID stays in capitals", "keep ID as it is"])
    if limit:
        rules.append(["only the first {limit} words of the title", "at most {limit} words of the title"])
    return shape_function(rng, sample, ["a ticket line", "a ticket with number and title"], ["make the branch name {shape}", "[build|write|print] a git branch name of the form {shape}", "turn the ticket into a branch name: {shape}"], ["ticket -> branch {shape}", "branch name {shape}"], rules, shape=shape, join=join, limit=str(limit))


@family(GROUP)
def commit_header(rng: random.Random) -> Function:
    """Type, scope and summary into a drawn header form."""
    shape = rng.choice(("TYPE(SCOPE): SUMMARY", "[TYPE] SCOPE: SUMMARY", "SCOPE: SUMMARY (TYPE)", "TYPE/SCOPE - SUMMARY", "SCOPE | SUMMARY", "TYPE: SUMMARY [SCOPE]", "#TYPE #SCOPE SUMMARY", "SCOPE(TYPE) SUMMARY"))
    upper = rng.random() < 0.3

    def sample(rng: random.Random) -> Pair:
        key = rng.choice(("feat", "fix", "docs", "test", "chore", "perf"))
        scope, summary = rng.choice(lx.SERVICES), lx.put(rng, rng.choice(CHANGES[key]))
        text = rng.choice((f"{key}, {scope}, {summary}", f"type {key}, scope {scope}: {w.cap(summary)}.", f"{key} in {scope}: {w.cap(summary)}", f"{w.cap(summary)}. ({key}, {scope})", f"{scope} / {key} / {w.cap(summary)}."))
        return text, fill_shape(shape, {"TYPE": key.upper() if upper else key, "SCOPE": scope, "SUMMARY": summary})

    rules = [["SUMMARY begins with a small letter and has no full stop at its end", "SUMMARY: small first letter, no final stop"]]
    if "TYPE" in shape:
        rules.append(["TYPE in capitals", "TYPE upper case"] if upper else ["TYPE in lower case", "TYPE small"])
    return shape_function(rng, sample, ["a change with type and scope", "the parts of a commit message"], ["write the commit header {shape}", "[print|build] it as {shape}", "put it in the form {shape}"], ["change -> {shape}", "commit header {shape}"], rules, shape=shape)


@family(GROUP)
def pull_size(rng: random.Random) -> Function:
    """Size class of a change by its diff statistics and drawn bounds."""
    first = rng.choice((10, 20, 30, 50, 100))
    second = first * rng.choice((3, 5, 10))
    kinds = [kind("s", "S small tiny quick", f"fewer than {first} changed lines", f"less than {first} lines, added and deleted together"), kind("m", "M medium normal middle", f"{first} to {second} changed lines", f"from {first} up to {second} lines in sum"), kind("l", "L large big huge", f"more than {second} changed lines", f"over {second} lines in sum")]

    def make(rng: random.Random, key: str) -> str:
        low, high = {"s": (1, first - 1), "m": (first, second), "l": (second + 1, second * 4)}[key]
        total = rng.choice((low, high, rng.randint(low, high), rng.randint(low, high)))
        plus = rng.randint(0, total)
        files = rng.randrange(1, 20)
        return rng.choice((f"{files} files changed, {plus} insertions(+), {total - plus} deletions(-)", f"+{plus} -{total - plus} in {files} files", f"{files} files, +{plus} −{total - plus}", f"added {plus}, deleted {total - plus}"))

    return label_function(rng, ["diff statistics", "change summary", "line of git diff --stat"], ["the size of the change", "the size class"], kinds, make, plain=False, keep_order=True, rules=[["Added and deleted lines are summed", "The sum of added and deleted lines counts"]])


@family(GROUP)
def key_shortcut(rng: random.Random) -> Function:
    """Shortcuts in a drawn notation."""
    names, join = rng.choice(((("Ctrl", "Alt", "Shift", "Meta"), "+"), (("C", "M", "S", "s"), "-"), (("ctrl", "alt", "shift", "super"), "+"), (("^", "⌥", "⇧", "⌘"), ""), (("CONTROL", "ALT", "SHIFT", "WIN"), " "), (("<C>", "<A>", "<S>", "<W>"), "")))
    said = (("ctrl", "control", "Ctrl", "CTRL", "Strg"), ("alt", "option", "Alt"), ("shift", "Shift", "SHIFT"), ("cmd", "win", "super", "Command", "meta"))

    def sample(rng: random.Random) -> Pair:
        chosen = sorted(rng.sample(range(4), rng.choice((1, 1, 2, 2, 3))))
        key = rng.choice((*"abcdefkpsvz", "F5", "F11", "Enter", "Tab"))
        order = rng.sample(chosen, len(chosen))
        sep = rng.choice(("+", "-", " ", " + "))
        given = sep.join([*(rng.choice(said[i]) for i in order), rng.choice((key, key.upper())) if len(key) == 1 else key])
        shown = key.upper() if len(key) == 1 else key
        return given, join.join([*(names[i] for i in chosen), shown])

    listed = ", ".join(f"{n} ({what})" for n, what in zip(names, ("control", "alt or option", "shift", "command, win or super"), strict=True))
    how = {"+": "joined by +", "-": "joined by -", "": "without anything between", " ": "with blanks between"}[join]
    return shape_function(rng, sample, ["a keyboard shortcut as typed", "a key combination"], ["[write|print] the shortcut with the modifiers {listed} in this order, then the key, {how}", "normalise the key combination: modifiers {listed} in this order, then the key, {how}"], ["shortcut -> modifiers in the order {listed}, then the key, {how}"], [["single letters in upper case", "letters as capitals"], ["Strg is control", "Strg means control, too"]], listed=listed, how=how)


ECOSYSTEM: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {"npm": ("npm node javascript", ("JavaScript", "Node packages"), ("package.json", "package-lock.json", "yarn.lock", ".npmrc", "pnpm-lock.yaml")), "pip": ("pip python pypi", ("Python", "Python packages"), ("requirements.txt", "pyproject.toml", "setup.py", "Pipfile", "poetry.lock")), "cargo": ("cargo rust crates", ("Rust", "Rust crates"), ("Cargo.toml", "Cargo.lock")), "gem": ("gem ruby bundler", ("Ruby", "Ruby gems"), ("Gemfile", "Gemfile.lock", "shop.gemspec")), "maven": ("maven java jvm", ("Java", "Java builds"), ("pom.xml", "build.gradle", "gradle.properties", "settings.gradle")), "go": ("go golang gomod", ("Go", "Go modules"), ("go.mod", "go.sum")), "docker": ("docker container image", ("containers", "Docker"), ("Dockerfile", "docker-compose.yml", ".dockerignore")), "php": ("php composer packagist", ("PHP", "PHP packages"), ("composer.json", "composer.lock"))}


@family(GROUP)
def package_file(rng: random.Random) -> Function:
    chosen = rng.sample(list(ECOSYSTEM), rng.randint(3, 6))
    return label_function(rng, ["file name", "path of a project file"], ["the ecosystem", "which package manager or language it belongs to"], [kind(k, ECOSYSTEM[k][0], *ECOSYSTEM[k][1]) for k in chosen], lambda r, key: r.choice(FOLDERS) + r.choice(ECOSYSTEM[key][2]))


LINES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {"import": ("import include dependency", ("imports or includes",), ("import os", "#include <stdio.h>", "from {m} import {f}", "const x = require('{m}')", "use std::fs;", "using System;", "import {f} from './{m}';")), "comment": ("comment note remark", ("comments only",), ("# {m} is slow", "// TODO return x", "/* old code */", "-- drop table later", "# import os", "<!-- {f} -->", "; a note", "// def {f}():")), "definition": ("definition function def", ("begins a function, method or class",), ("def {f}(x):", "function {f}(a) {", "public int {f}() {", "fn {f}() -> u8 {", "func {f}(x int) {", "class {C}:", "void {f}(void) {")), "assignment": ("assignment variable set", ("sets a variable",), ("x = {n}", "let total = {n};", "count := 0", "{m} = {f}(1)", "var a = \"# b\"", "int i = {n};", "export PORT={n}")), "control": ("control flow branch", ("branches and loops",), ("if x > {n}:", "for (;;) {", "while read line; do", "} else {", "elif a == b:", "switch (x) {", "for i in range({n}):")), "return": ("return exit result", ("returns from a function",), ("return x", "return {n};", "return nil, err", "return {f}(a)", "return;"))}


@family(GROUP)
def code_line_kind(rng: random.Random) -> Function:
    chosen = rng.sample(list(LINES), rng.randint(3, 6))

    def make(rng: random.Random, key: str) -> str:
        stem = rng.choice(lx.STEMS)
        return rng.choice(LINES[key][2]).replace("{f}", rng.choice(lx.FUNCTIONS)).replace("{n}", str(rng.randrange(2, 900))).replace("{m}", stem).replace("{C}", stem.title())

    return label_function(rng, ["line of code", "source line"], ["what the line does", "the kind of line"], [kind(k, LINES[k][0], *LINES[k][1]) for k in chosen], make)


# ---------------------------------------------------------------------------------------------------------
# pseudo-programs


@family(GROUP)
def counter_program(rng: random.Random) -> Function:
    """A counter machine with drawn instruction words."""
    bank: dict[str, tuple[str, Callable[[int], int]]] = {"inc": ("adds 1", lambda x: x + 1), "dec": ("takes 1 away", lambda x: x - 1), "dbl": ("doubles", lambda x: x * 2), "clr": ("sets it to 0", lambda x: 0), "ten": ("adds 10", lambda x: x + 10), "neg": ("changes the sign", lambda x: -x), "two": ("adds 2", lambda x: x + 2)}
    ops = rng.sample(list(bank), rng.randint(2, 4))
    how = rng.random()
    words = {op: op for op in ops} if how < 0.3 else dict(zip(ops, rng.sample(ARBITRARY, len(ops)), strict=True)) if how < 0.65 else dict(zip(ops, rng.sample("ABCDEFGHXYZ+-*/!?", len(ops)), strict=True))
    start = rng.choice((0, 0, 0, 1, 5, 10))
    sep = rng.choice((" ", ", ", "; ", " > ")) if any(len(x) > 1 for x in words.values()) else rng.choice((" ", "", ","))

    def sample(rng: random.Random) -> Pair:
        value, steps = start, []
        for _ in range(rng.randint(1, 6)):
            op = rng.choice(ops)
            value = bank[op][1](value)
            steps.append(words[op])
        return sep.join(steps), str(value)

    listed = rng.choice(("; ", ", ")).join(f"{words[op]} {bank[op][0]}" for op in ops)
    return shape_function(rng, sample, ["a small program", "a list of instructions"], ["run the program and [print|give] the final number: {listed}", "a counter starts at {start}. {listed}. [print|give] its value at the end", "execute the instructions ({listed}) and [print|output] the result"], ["program -> final number ({listed})", "counter machine: {listed}"], [["the counter starts at {start}", "start value {start}", "begin with {start}"]], listed=listed, start=str(start))


@family(GROUP)
def state_machine(rng: random.Random) -> Function:
    """Drawn states and events; unknown events change nothing."""
    states = rng.sample(rng.choice((("red", "green", "amber", "dark"), ("open", "closed", "locked", "broken"), ("idle", "running", "paused", "done"), ("draft", "review", "live", "archived"), ARBITRARY)), 3)
    events = rng.sample(rng.choice((("tick", "stop", "reset", "go"), ("push", "pull", "turn", "coin"), ("start", "pause", "finish", "undo"), ("a", "b", "c", "d"))), 2)
    moves = {}
    for event in events:
        for state in states:
            if rng.random() < 0.75:
                moves[state, event] = rng.choice([s for s in states if s != state])
    listed = rng.choice(("; ", ", ")).join(f"{e}: {a} -> {b}" for (a, e), b in moves.items())
    sep = rng.choice((" ", ", ", " > "))

    def run(steps: list[str]) -> str:
        state = states[0]
        for step in steps:
            state = moves.get((state, step), state)
        return state

    ends = [run([rng.choice(events) for _ in range(rng.randint(1, 5))]) for _ in range(60)]
    if min(ends.count(state) for state in states) < 6:
        return state_machine(rng)

    def make(rng: random.Random, key: str) -> str:
        while True:
            steps = [rng.choice(events) for _ in range(rng.randint(1, 5))]
            if run(steps) == key:
                return sep.join(steps)

    kinds = [Kind(state, (state, state.upper()), (f"it ends in {state}", f"the final state is {state}")) for state in states]
    made = label_function(rng, ["sequence of events", "list of events"], ["the final state", "in which state it ends"], kinds, make, plain=False, rules=[[f"Moves: <<{listed}>>", f"Transitions: <<{listed}>>"], [f"It starts in state <<{states[0]}>>", f"The first state is <<{states[0]}>>"], ["Where no move is given, nothing happens", "Other events change nothing"]])
    # labels other than the state names would leave the moves without a reading
    return made if made.labels and {x.lower() for x in made.labels} == set(states) else state_machine(rng)


@family(GROUP)
def grid_robot(rng: random.Random) -> Function:
    """Steps on a grid with drawn letters."""
    keys = rng.choice((("N", "E", "S", "W"), ("U", "R", "D", "L"), ("^", ">", "v", "<"), ("north", "east", "south", "west"), tuple(rng.sample("ABCDFGHJKMPQXYZ", 4))))
    form = rng.choice(("x,y", "(x, y)", "x y", "x/y"))
    sep = "" if len(keys[0]) == 1 and rng.random() < 0.7 else " "

    def sample(rng: random.Random) -> Pair:
        x = y = 0
        steps = []
        for _ in range(rng.randint(1, 7)):
            d = rng.randrange(4)
            x, y = x + (0, 1, 0, -1)[d], y + (1, 0, -1, 0)[d]
            steps.append(keys[d])
        return sep.join(steps), form.replace("x", str(x)).replace("y", str(y))

    n, e, s, west = keys
    return shape_function(rng, sample, ["a string of steps", "steps on a grid"], ["walk the steps from 0,0 and [print|give] the end as {form}", "where does it end? start at 0,0, answer {form}", "follow the steps on a grid, beginning at 0,0, and [print|write] the position {form}"], ["steps -> end position {form}, start 0,0"], [["{n} is y+1, {s} y-1, {e} x+1, {west} x-1", "{n} up (y+1), {s} down (y-1), {e} right (x+1), {west} left (x-1)"]], form=form, n=n, e=e, s=s, west=west)


@family(GROUP)
def dependency_order(rng: random.Random) -> Function:
    """What cannot run (or must be rebuilt) because of one broken part: direct dependents only."""
    arrow = rng.choice((" needs ", " <- ", " uses ", " depends on "))
    none, sep = rng.choice(NONE_WORDS[:6]), rng.choice((", ", ",", " "))
    mark = rng.choice(("down: ", "broken: ", "changed: ", "failed: "))

    def sample(rng: random.Random) -> Pair:
        names = rng.sample(lx.SERVICES, 4)
        links = []
        for _ in range(rng.randint(2, 4)):
            a, b = rng.sample(names, 2)
            if (a, b) not in links:
                links.append((a, b))
        hit = rng.choice(names)
        text = ", ".join(f"{a}{arrow}{b}" for a, b in links) + f"; {mark}{hit}"
        return text, sep.join(sorted({a for a, b in links if b == hit})) or none

    return shape_function(rng, sample, ["services with what they need, and one name after a semicolon", "dependencies and a part that is hit"], ["[list|print] those that directly need the part named at the end", "which ones directly depend on the one named after the semicolon? [list|print] them"], ["dependencies; X -> who directly needs X"], [["A{arrow}B means that A needs B", "in A{arrow}B, A is the one that needs B"], ["alphabetical, separator {sep}", "sorted from a to z, separated by {sep}"], ["{none} if there is none", "nobody: {none}"]], "list", arrow=arrow, none=none, sep=rng.choice(SEPARATOR_NAMES[sep]))
