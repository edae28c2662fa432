# ruff: noqa: E501, SIM905 -- tables of templates read better one entry a line
"""Material of running systems: slots for names and numbers, log line styles, and stack traces.

Template language of messages: `{slot}` draws a value, `{a|b|c}` picks one alternative. Braces that
hold quotes are left alone, so JSON may stand in a template.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SERVICES = tuple(
    "api web auth billing checkout cart search orders payments inventory gateway frontend worker scheduler mailer notifier ingest reports catalog "
    "profile session-store media thumbnailer recommender pricing shipping ledger audit webhook-relay imports exporter proxy edge chat feed geo".split()
)
SUFFIXES = ("", "", "", "-svc", "-api", "-service", "-worker", "-v2", "d")
HOSTS = tuple(
    "web01 web02 db1 db-primary db-replica-2 cache3 node-4 node07 worker12 edge-fra1 build-agent-3 mail01 nas pi4 gateway lb-east proxy2 ns1 backup01 "
    "bastion storage-b kube-master1 ip-10-0-3-17 srv-prod-08 vmhost2 laptop-anna raspberrypi router1 sw-core1 hpc-node113 gpu-box".split()
)
USERS = tuple("root admin deploy www-data postgres jenkins alice bob carol dmitri ubuntu git backup svc_report nobody maria tomcat oracle guest pi ftpuser jdoe k.lang operator".split())
DBS = tuple("orders users inventory analytics billing crm auth events warehouse shop metrics wiki".split())
TABLES = tuple("users orders invoices sessions events products payments audit_log accounts items customers tokens shipments comments".split())
DEVICES = ("sda", "sdb", "sdc1", "nvme0n1", "nvme1n1p2", "md0", "dm-3", "vda1", "mmcblk0p1", "xvdf")
MOUNTS = ("/", "/var", "/home", "/data", "/var/lib/docker", "/mnt/backup", "/srv", "/boot", "/tmp", "/var/log", "/opt", "/export/media")
PATHS = (
    "/var/log/app.log", "/etc/nginx/nginx.conf", "/srv/app/config.yaml", "/tmp/upload-{n}.tmp", "/home/{user}/report.csv", "/var/lib/mysql/ibdata1", "/opt/app/bin/run.sh", "/data/export/{n}.parquet", "/etc/app/settings.toml",
    "/var/spool/cron/root", "/usr/local/bin/sync.py", "/var/www/html/index.php", "/mnt/share/photos/{n}.jpg", "C:\\\\Logs\\\\app.txt", "/run/app.pid", "/backup/db-{n}.dump", "/etc/ssl/private/site.key", "./config/local.json",
)
URIS = ("/", "/login", "/api/v1/users/{n}", "/cart", "/search?q=lamp", "/checkout", "/static/app.js", "/health", "/api/orders", "/img/logo.png", "/graphql", "/v2/items/{n}/price", "/wp-login.php", "/robots.txt", "/metrics", "/export.csv", "/admin", "/favicon.ico", "/api/v2/sessions")
DOMAINS = ("example.com", "shop.example.org", "api.acme.dev", "cdn.northwind.net", "mail.example.net", "smtp.corp.example", "auth.internal", "payments.example.io", "db.internal", "registry.acme.dev", "files.example.com")
JOBS = tuple("nightly-backup cleanup-sessions send-digest rebuild-index sync-inventory rotate-keys invoice-run import-feed vacuum refresh-cache daily-report purge-temp geo-update renew-certs".split())
TOPICS = tuple("orders.created user-events payments clicks emails telemetry stock-updates audit invoices.v2 notifications".split())
MODULES = tuple("app.views core.cache billing.tasks db.pool http.client auth.tokens jobs.runner utils.files api.routes search.index storage.s3 mail.sender".split())
CLASSES = tuple("OrderService UserController PaymentGateway CacheManager SessionFilter ReportJob ImageResizer ConnectionPool TokenVerifier ImportTask CartRepository MailSender".split())
PACKAGES = tuple("com.acme.shop org.example.billing com.northwind.api io.demo.core net.app.search com.corp.auth".split())
IMAGES = ("nginx:1.25", "redis:7", "acme/api:{ver}", "postgres:16", "registry.acme.dev/web:{ver}", "busybox", "ghcr.io/acme/worker:{ver}", "python:3.12-slim")
LIBS = tuple("requests numpy lodash react left-pad openssl log4j-core zlib django express pandas libxml2 tokio serde protobuf boto3 webpack".split())
BRANCHES = ("main", "develop", "feature/login", "fix-cart-total", "release/2.4", "hotfix/tls", "dependabot/npm", "refactor-db")
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "python": ("ValueError", "KeyError", "TypeError", "ZeroDivisionError", "FileNotFoundError", "ConnectionResetError", "AttributeError", "IndexError", "PermissionError", "RuntimeError", "UnicodeDecodeError", "ModuleNotFoundError", "TimeoutError", "AssertionError", "OSError", "RecursionError", "json.decoder.JSONDecodeError", "requests.exceptions.ConnectTimeout", "sqlalchemy.exc.IntegrityError"),
    "java": ("java.lang.NullPointerException", "java.io.IOException", "java.lang.IllegalStateException", "java.sql.SQLException", "java.net.ConnectException", "java.lang.OutOfMemoryError", "java.util.NoSuchElementException", "java.lang.ClassCastException", "java.util.concurrent.TimeoutException", "org.hibernate.LazyInitializationException", "java.lang.NumberFormatException", "java.io.FileNotFoundException"),
    "js": ("TypeError", "ReferenceError", "RangeError", "SyntaxError", "Error", "AxiosError", "AssertionError", "URIError"),
    "ruby": ("NoMethodError", "ArgumentError", "ActiveRecord::RecordNotFound", "KeyError", "Errno::ECONNREFUSED", "NameError", "ZeroDivisionError"),
    "csharp": ("System.NullReferenceException", "System.ArgumentException", "System.IO.FileNotFoundException", "System.InvalidOperationException", "System.TimeoutException", "System.FormatException", "System.Net.Http.HttpRequestException"),
}
SAYINGS: dict[str, tuple[str, ...]] = {
    "ValueError": ("invalid literal for int() with base 10: 'abc'", "not enough values to unpack (expected 2, got 1)", "time data does not match format"), "KeyError": ("'id'", "'price'", "'user_{n}'"),
    "TypeError": ("unsupported operand type(s) for +: 'int' and 'str'", "'NoneType' object is not iterable"), "ZeroDivisionError": ("division by zero",), "FileNotFoundError": ("[Errno 2] No such file or directory: '{file}'",),
    "AttributeError": ("'NoneType' object has no attribute 'name'",), "IndexError": ("list index out of range",), "ModuleNotFoundError": ("No module named '{lib}'",), "PermissionError": ("[Errno 13] Permission denied: '{file}'",),
    "ConnectionResetError": ("[Errno 104] Connection reset by peer",), "AssertionError": ("expected {n} but got {n}", "total mismatch"), "java.lang.NullPointerException": ('Cannot invoke "User.getName()" because "user" is null',),
}
OTHER_SAYINGS = ("something went wrong in {svc}", "request {n} could not be handled", "unexpected value {n}", "bad state: closed", "failed after {n} ms", "cannot read {file}", "invalid input", "no route to {host}")


def _pick(values: Sequence[str]) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(values)


def ip(rng: random.Random) -> str:
    how = rng.random()
    if how < 0.4:
        return f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    if how < 0.6:
        return f"192.168.{rng.randrange(10)}.{rng.randrange(1, 255)}"
    return f"{rng.choice((45, 51, 62, 77, 91, 103, 185, 203))}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def hexa(rng: random.Random, digits: int) -> str:
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def uuid(rng: random.Random) -> str:
    raw = hexa(rng, 32)
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"


def version(rng: random.Random) -> str:
    return f"{rng.randrange(5)}.{rng.randrange(20)}.{rng.randrange(12)}"


def service(rng: random.Random) -> str:
    return rng.choice(SERVICES) + rng.choice(SUFFIXES)


def pod(rng: random.Random) -> str:
    tail = "".join(rng.choice("bcdfghjklmnpqrstvwxz2456789") for _ in range(5))
    return f"{rng.choice(SERVICES)}-{hexa(rng, 9)}-{tail}"


SLOTS: dict[str, Callable[[random.Random], str]] = {
    "svc": service, "host": _pick(HOSTS), "user": _pick(USERS), "db": _pick(DBS), "table": _pick(TABLES), "dev": _pick(DEVICES), "mount": _pick(MOUNTS), "domain": _pick(DOMAINS), "job": _pick(JOBS), "topic": _pick(TOPICS),
    "mod": _pick(MODULES), "cls": _pick(CLASSES), "pkg": _pick(PACKAGES), "lib": _pick(LIBS), "branch": _pick(BRANCHES), "ip": ip, "uuid": uuid, "ver": version, "pod": pod,
    "file": lambda rng: put(rng, rng.choice(PATHS)), "uri": lambda rng: put(rng, rng.choice(URIS)), "img": lambda rng: put(rng, rng.choice(IMAGES)),
    "hex": lambda rng: hexa(rng, rng.choice((7, 8, 12))), "n": lambda rng: str(rng.choice((rng.randrange(2, 10), rng.randrange(10, 100), rng.randrange(100, 1000)))), "few": lambda rng: str(rng.randrange(2, 9)),
    "big": lambda rng: str(rng.randrange(1000, 99999)), "pid": lambda rng: str(rng.randrange(300, 32000)), "port": lambda rng: rng.choice(("80", "443", "5432", "6379", "8080", "3306", "9200", "3000", "22", "25", "8443", "5672", str(rng.randrange(30000, 60000)))),
    "ms": lambda rng: str(rng.randrange(3, 900)), "slow": lambda rng: str(rng.randrange(3000, 60000)), "sec": lambda rng: str(rng.choice((5, 10, 15, 30, 45, 60, 90, 120, 300))), "high": lambda rng: str(rng.randrange(91, 100)), "mid": lambda rng: str(rng.randrange(80, 90)), "low": lambda rng: str(rng.randrange(5, 60)),
    "ns": _pick(("default", "prod", "staging", "kube-system", "monitoring", "payments")), "node": lambda rng: f"node-{rng.randrange(1, 40)}", "eth": _pick(("eth0", "eno1", "enp3s0", "wlan0", "bond0", "Gi0/3", "ge-0/0/1")), "mail": lambda rng: f"{rng.choice(USERS)}@{rng.choice(DOMAINS)}",
    "exc": lambda rng: rng.choice(EXCEPTIONS[rng.choice(("python", "java", "js"))]).rsplit(".", 1)[-1], "float": lambda rng: f"{rng.randrange(0, 4)}.{rng.randrange(1000, 9999)}", "size": lambda rng: f"{rng.randrange(1, 900)} {rng.choice(('KB', 'MB', 'GB'))}", "days": lambda rng: str(rng.randrange(2, 14)), "epoch": lambda rng: str(rng.randrange(1, 90)),
}
_SLOT = re.compile(r"\{(\w+|[^{}\"]*\|[^{}\"]*)\}")


def parts(rng: random.Random, template: str) -> list[tuple[str, str]]:
    """The filled template as (text, slot name) pieces; literal text has the name ''."""
    made: list[tuple[str, str]] = []
    at = 0
    for match in _SLOT.finditer(template):
        made.append((template[at : match.start()], ""))
        name, at = match[1], match.end()
        if "|" in name:
            made.append((rng.choice(name.split("|")), ""))
        elif name in SLOTS:
            made.append((SLOTS[name](rng), name))
        else:
            raise KeyError(f"no slot {name} in {template}")
    made.append((template[at:], ""))
    return [piece for piece in made if piece[0]]


def put(rng: random.Random, template: str) -> str:
    return "".join(text for text, _ in parts(rng, template))


# ---------------------------------------------------------------------------------------------------------
# log line styles

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UP = ("DEBUG", "INFO", "WARN", "ERROR", "FATAL")
_LONG = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOW = ("debug", "info", "warn", "error", "fatal")
_LOWLONG = ("debug", "info", "warning", "error", "critical")
_ONE = ("D", "I", "W", "E", "F")
LEVELS = "diwef"


@dataclass(frozen=True)
class Style:
    """How a program writes a line: its time, its body, its names for the five levels (debug to fatal)."""

    time: str
    body: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A written log line and what stands in it ('' where the style has no such part)."""

    text: str
    message: str
    time: str
    clock: str
    date: str
    level: str
    component: str
    host: str
    style: str


STYLES: dict[str, Style] = {
    "syslog": Style("{Mon} {dd} {clock}", "{T} {host} {comp}[{pid}]: {msg}"),
    "rfc5424": Style("{iso}.{milli}Z", "<{pri}>1 {T} {host} {comp} {pid} - - {msg}"),
    "app": Style("{iso}Z", "{T} {lv} [{comp}] {msg}", _UP),
    "log4j": Style("{ymd} {clock},{milli}", "{T} {lv} [main] {comp} - {msg}", _UP),
    "spring": Style("{ymd} {clock}.{milli}", "{T} {lv:5} {pid} --- [nio-8080-exec-{few}] {comp} : {msg}", _UP),
    "python": Style("{ymd} {clock},{milli}", "{T} - {comp} - {lv} - {msg}", _LONG),
    "pybasic": Style("", "{lv}:{comp}:{msg}", _LONG),
    "json": Style("{iso}.{milli}Z", '{"time":"{T}","level":"{lv}","logger":"{comp}","msg":{jmsg}}', _LOW),
    "logfmt": Style("{iso}Z", "time={T} level={lv} component={comp} msg={jmsg}", _LOW),
    "nginx": Style("{y}/{mm}/{d2} {clock}", "{T} [{lv}] {pid}#0: *{n} {msg}", ("debug", "notice", "warn", "error", "crit")),
    "apache": Style("{Wday} {Mon} {d2} {clock}.{milli} {y}", "[{T}] [{comp}:{lv}] [pid {pid}] {msg}", ("debug", "info", "warn", "error", "crit")),
    "postgres": Style("{ymd} {clock}.{milli} UTC", "{T} [{pid}] {lv}:  {msg}", ("DEBUG", "LOG", "WARNING", "ERROR", "FATAL")),
    "mysql": Style("{iso}.{milli}Z", "{T} {few} [{lv}] [Server] {msg}", ("Note", "Note", "Warning", "ERROR", "ERROR")),
    "redis": Style("{d2} {Mon} {y} {clock}.{milli}", "{few}:M {T} {lv} {msg}", (".", "*", "#", "#", "#")),
    "kernel": Style("{up}.{milli}", "[{T}] {msg}"),
    "klog": Style("{mm}{d2} {clock}.{milli}", "{lv}{T} {few} {gofile}:{n}] {msg}", _ONE),
    "compose": Style("", "{comp}-1  | {msg}"),
    "k8sevent": Style("{few}m", "{lv}  {T}  kubelet  {msg}", ("Normal", "Normal", "Warning", "Warning", "Warning")),
    "windows": Style("{m}/{d}/{y} {clock}", "{lv} {T} {comp} {big} {msg}", ("Verbose", "Information", "Warning", "Error", "Critical")),
    "rails": Style("{iso}.{milli}", "{l1}, [{T} #{pid}] {lv} -- : {msg}", _UP),
    "rust": Style("{iso}Z", "[{T} {lv} {comp}] {msg}", _UP),
    "celery": Style("{ymd} {clock},{milli}", "[{T}: {lv}/MainProcess] {msg}", _LONG),
    "airflow": Style("{ymd} {clock},{milli}", "[{T}] {taskinstance.py:{n}} {lv} - {msg}", _LONG),
    "actions": Style("{iso}.{milli}Z", "{T} ##[{lv}]{msg}", ("debug", "info", "warning", "error", "error")),
    "logcat": Style("{mm}-{d2} {clock}.{milli}", "{T}  {pid}  {pid} {lv} {comp}: {msg}", _ONE),
    "spark": Style("{yy}/{mm}/{d2} {clock}", "{T} {lv} {comp}: {msg}", _UP),
    "hdfs": Style("{yy}{mm}{d2} {hms}", "{T} {n} {lv} {comp}: {msg}", _UP),
    "elastic": Style("{iso},{milli}", "[{T}][{lv:5}][{comp}] [{node}] {msg}", _UP),
    "bracket": Style("{ymd} {clock}", "[{T}] [{lv}] {comp}: {msg}", _LOWLONG),
    "caddy": Style("{y}/{mm}/{d2} {clock}", "{T} {lv}	{comp}	{msg}", _UP),
    "plain": Style("{clock}", "{T} {msg}"),
    "plainlv": Style("{clock}", "{T} {lv} {msg}", _LONG),
    "short": Style("", "{lv}: {msg}", _LOWLONG),
    "pipe": Style("{ymd} {clock}", "{T} | {lv} | {comp} | {msg}", _UP),
    "cisco": Style("{Mon} {dd} {clock}", "{T} {host} %{COMP}-{sevno}: {msg}"),
    "tracing": Style("{iso}.{milli}Z", "{T} {lv:5} {comp}: {msg}", _UP),
    "dotnet": Style("", "{lv}: {comp}[{few}] {msg}", ("dbug", "info", "warn", "fail", "crit")),
    "systemd": Style("{Mon} {d2} {clock}", "{T} {host} systemd[1]: {msg}"),
    "cron": Style("{Mon} {d2} {clock}", "{T} {host} CRON[{pid}]: {msg}"),
    "ts": Style("{epoch}", "{T} {msg}"),
    "bare": Style("", "{msg}"),
}
APP_STYLES = tuple("syslog rfc5424 app log4j spring python pybasic json logfmt compose rails rust celery airflow logcat spark elastic bracket caddy plain plainlv short pipe tracing dotnet bare bare bare".split())
LEVELLED = tuple(name for name, style in STYLES.items() if len(set(style.levels)) == 5)
_FIELD = re.compile(r"\{(\w+)(?::(\d+))?\}")


def write_line(rng: random.Random, style_name: str, message: str, level: str = "i", component: str | None = None) -> Line:
    """Write a message in a style; `level` is one of d, i, w, e, f."""
    style = STYLES[style_name]
    year, month, day = rng.randrange(2021, 2027), rng.randrange(1, 13), rng.randrange(1, 29)
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    clock, ymd = f"{hour:02d}:{minute:02d}:{second:02d}", f"{year}-{month:02d}-{day:02d}"
    if component is None:
        component = rng.choice(("com.acme." + rng.choice(CLASSES), rng.choice(CLASSES))) if style_name in ("log4j", "spring", "spark") else rng.choice(MODULES) if style_name in ("python", "pybasic") else service(rng)
    rank = LEVELS.index(level)
    shown = style.levels[rank] if style.levels else ""
    host = rng.choice(HOSTS)
    quoted = '"' + message.replace("\\", "\\\\").replace('"', '\\"') + '"'
    values = {
        "Mon": MONTHS[month - 1], "Wday": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day % 7], "dd": f"{day:2d}", "d2": f"{day:02d}", "d": str(day), "mm": f"{month:02d}", "m": str(month), "y": str(year), "yy": f"{year % 100}", "clock": clock, "ymd": ymd,
        "hms": clock.replace(":", ""), "iso": f"{ymd}T{clock}", "milli": f"{rng.randrange(1000):03d}", "up": f"{rng.randrange(9999999):>6}", "epoch": str(rng.randrange(1650000000, 1790000000)), "host": host, "comp": component, "COMP": component.upper(), "pid": str(rng.randrange(100, 32000)),
        "n": str(rng.randrange(10, 3000)), "few": str(rng.randrange(1, 10)), "big": str(rng.randrange(1000, 9999)), "pri": str(rng.randrange(10, 190)), "lv": shown, "l1": shown[:1], "sevno": str((7, 6, 4, 3, 2)[rank]), "gofile": rng.choice(("controller.go", "pod_workers.go", "server.go", "leaderelection.go")), "node": f"node-{rng.randrange(1, 9)}", "msg": message, "jmsg": quoted,
    }

    def field(match: re.Match[str]) -> str:
        return values[match[1]].ljust(int(match[2] or 0)) if match[1] in values else match[0]

    time = _FIELD.sub(field, style.time).strip()
    values["T"] = time
    text = _FIELD.sub(field, style.body)
    has = style.body
    return Line(text, message, time, clock if "clock" in style.time or "iso" in style.time else "", ymd if "iso" in style.time or "ymd" in style.time else "", shown, component if "{comp}" in has else "", host if "{host}" in has else "", style_name)


# ---------------------------------------------------------------------------------------------------------
# stack traces


@dataclass(frozen=True)
class Trace:
    """A printed stack trace; frames are (file, line, function) from the outermost to the one that raised."""

    text: str
    language: str
    kind: str
    saying: str
    frames: tuple[tuple[str, int, str], ...]


FUNCTIONS = tuple("main run handle load parse save update process fetch render build connect validate compute_total read_config send_mail get_user apply_discount resize to_json".split())
STEMS = tuple("app main views models tasks cache client pool parser report cart orders users auth utils worker server config loader index".split())


def saying(rng: random.Random, kind: str) -> str:
    return put(rng, rng.choice(SAYINGS.get(kind, OTHER_SAYINGS)))


def trace(rng: random.Random, language: str | None = None, depth: int | None = None) -> Trace:
    """A stack trace as its language prints it."""
    language = language or rng.choice(("python", "python", "java", "js", "ruby", "csharp", "go", "rust"))
    depth = depth or rng.choice((1, 2, 2, 3))
    stems = rng.sample(STEMS, depth)
    functions = rng.sample(FUNCTIONS, depth)
    lines = [rng.randrange(3, 600) for _ in range(depth)]
    if language == "python":
        root = rng.choice(("", "/srv/app/", "/home/user/proj/", "src/", "/app/", "lib/python3.11/site-packages/shop/"))
        frames = [(f"{root}{stem}.py", line, name if at else "<module>") for at, (stem, line, name) in enumerate(zip(stems, lines, functions, strict=True))]
        kind = rng.choice(EXCEPTIONS["python"])
        what = saying(rng, kind)
        shown = "\n".join(f'  File "{file}", line {line}, in {name}' + (f"\n    {rng.choice(('return', 'x =', 'data ='))} {functions[min(at + 1, depth - 1)]}(item)" if rng.random() < 0.5 else "") for at, (file, line, name) in enumerate(frames))
        return Trace(f"Traceback (most recent call last):\n{shown}\n{kind}: {what}", language, kind, what, tuple(frames))
    if language == "java":
        package = rng.choice(PACKAGES)
        names = rng.sample(CLASSES, depth)
        frames = [(f"{name}.java", line, f"{package}.{name}.{function.replace('_', '')}") for name, line, function in zip(names, lines, functions, strict=True)]
        kind = rng.choice(EXCEPTIONS["java"])
        what = saying(rng, kind)
        shown = "\n".join(f"\tat {name}({file}:{line})" for file, line, name in reversed(frames))
        return Trace(f"{rng.choice(('', '', 'Exception in thread ' + chr(34) + 'main' + chr(34) + ' '))}{kind}: {what}\n{shown}", language, kind, what, tuple(frames))
    if language == "js":
        root = rng.choice(("/app/src/", "/srv/web/", "webpack:///./src/", "file:///app/"))
        frames = [(f"{root}{stem}.js", line, name) for stem, line, name in zip(stems, lines, functions, strict=True)]
        kind = rng.choice(EXCEPTIONS["js"])
        what = rng.choice(("Cannot read properties of undefined (reading 'id')", "x is not defined", "Invalid array length", "Unexpected token < in JSON", "connect ECONNREFUSED", "cart is not iterable"))
        shown = "\n".join(f"    at {name} ({file}:{line}:{rng.randrange(1, 60)})" for file, line, name in reversed(frames))
        return Trace(f"{rng.choice(('', '', 'Uncaught '))}{kind}: {what}\n{shown}", language, kind, what, tuple(frames))
    if language == "ruby":
        frames = [(f"app/{stem}.rb", line, name) for stem, line, name in zip(stems, lines, functions, strict=True)]
        kind = rng.choice(EXCEPTIONS["ruby"])
        what = saying(rng, kind)
        first = frames[-1]
        shown = "".join(f"\n\tfrom {file}:{line}:in `{name}'" for file, line, name in reversed(frames[:-1]))
        return Trace(f"{first[0]}:{first[1]}:in `{first[2]}': {what} ({kind}){shown}", language, kind, what, tuple(frames))
    if language == "csharp":
        names = rng.sample(CLASSES, depth)
        frames = [(f"/src/{name}.cs", line, f"Shop.{name}.{function.title().replace('_', '')}") for name, line, function in zip(names, lines, functions, strict=True)]
        kind = rng.choice(EXCEPTIONS["csharp"])
        what = saying(rng, kind)
        shown = "\n".join(f"   at {name}() in {file}:line {line}" for file, line, name in reversed(frames))
        return Trace(f"Unhandled exception. {kind}: {what}\n{shown}", language, kind, what, tuple(frames))
    if language == "go":
        frames = [(f"/app/{stem}.go", line, f"main.{name}") for stem, line, name in zip(stems, lines, functions, strict=True)]
        what = rng.choice(("runtime error: invalid memory address or nil pointer dereference", "runtime error: index out of range [5] with length 3", "assignment to entry in nil map", "send on closed channel"))
        shown = "\n".join(f"{name}(...)\n\t{file}:{line} +0x{hexa(rng, 3)}" for file, line, name in reversed(frames))
        return Trace(f"panic: {what}\n\ngoroutine {rng.randrange(1, 90)} [running]:\n{shown}", language, "panic", what, tuple(frames))
    frames = [(f"src/{stems[0]}.rs", lines[0], functions[0])]
    what = rng.choice(("index out of bounds: the len is 3 but the index is 7", "called `Option::unwrap()` on a `None` value", "attempt to divide by zero", "already borrowed: BorrowMutError"))
    return Trace(f"thread 'main' panicked at {frames[0][0]}:{lines[0]}:{rng.randrange(1, 60)}:\n{what}", "rust", "panic", what, tuple(frames))
