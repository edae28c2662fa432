# ruff: noqa: E501, SIM905 -- a table of messages reads better one entry a line
"""What running systems say: a bank of log messages with their meaning.

One message a line: `topic level action course | template`.
level: d i w e f (debug to fatal). action: P somebody must act at once (outage, data loss, break-in), T work for
office hours (degraded, close to a limit, broken but harmless), I nothing to do (routine, or it recovered).
course of a problem: t goes away by itself or with a retry, p stays until a person changes something, - neither.
topic `-`: more than one could be named.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pawtrainer.families.lexicon import APP_STYLES, Line, put, write_line

_BANK: dict[str, tuple[tuple[str, ...], str]] = {
    "nginx": (("nginx", "nginx", "bare"), """
net e T t | connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, upstream: "http://{ip}:{port}{uri}"
net e T t | upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}
net f P - | no live upstreams while connecting to upstream, client: {ip}, server: {domain}
disk f P p | open() "/var/cache/nginx/{hex}" failed (28: No space left on device)
conf f P p | host not found in upstream "{svc}:{port}" in /etc/nginx/conf.d/{svc}.conf:{n}
conf w T p | conflicting server name "{domain}" on 0.0.0.0:80, ignored
cert f P p | cannot load certificate "/etc/ssl/{domain}.pem": BIO_new_file() failed
cert i I - | SSL_do_handshake() failed while SSL handshaking, client: {ip}, server: 0.0.0.0:443
net i I - | client {ip} closed keepalive connection
- w I - | a client request body is buffered to a temporary file /var/cache/nginx/client_temp/{big}
life i I - | signal process started
life i I - | gracefully shutting down old worker process {pid}
- e I - | open() "/var/www/html/robots.txt" failed (2: No such file or directory), client: {ip}
net f P p | bind() to 0.0.0.0:{port} failed (98: Address already in use)
net w I - | limiting requests, excess: {float} by zone "api", client: {ip}"""),
    "apache": (("apache", "apache", "bare"), """
life i I - | AH00489: Apache/2.4.57 configured -- resuming normal operations
life i I - | AH00094: Command line: '/usr/sbin/apache2'
- w T - | AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting
auth e I - | AH01617: user {user}: authentication failure for "{uri}": Password Mismatch
net f P p | AH00072: make_sock: could not bind to address [::]:{port}
conf e T p | AH01276: Cannot serve directory /var/www/html/: No matching DirectoryIndex found
code e T p | PHP Fatal error:  Uncaught Error: Call to undefined function render() in /var/www/app/index.php:{n}
cert w T - | AH01909: {domain}:443:0 server certificate does NOT include an ID which matches the server name
life i I - | AH00169: caught SIGTERM, shutting down"""),
    "postgres": (("postgres", "postgres", "bare"), """
db f P - | remaining connection slots are reserved for non-replication superuser connections
db e T t | deadlock detected
db e T t | canceling statement due to statement timeout
db e T p | relation "{table}" does not exist at character {n}
db e T p | duplicate key value violates unique constraint "{table}_pkey"
db i I - | checkpoint complete: wrote {n} buffers (1.2%); 0 WAL file(s) added, 0 removed
db i I - | automatic vacuum of table "{db}.public.{table}": index scans: 1
db i I - | duration: {ms}.{n} ms  statement: SELECT * FROM {table} WHERE id = {n}
db w T - | there are {n} transactions older than 24 hours; wraparound limit is approaching
disk f P p | could not extend file "base/{big}/{big}": No space left on device
db f P p | invalid page in block {n} of relation base/{big}/{big}
auth f I - | password authentication failed for user "{user}"
life i I - | database system is ready to accept connections
db e T - | could not receive data from WAL stream: server closed the connection unexpectedly
db i I - | recovery restarting after {ms} ms: consistent recovery state reached
- f P p | could not access file "pg_stat_statements": No such file or directory
db i I - | standby "{host}" is now a synchronous standby with priority 1
mem f P - | out of memory
db i I - | could not serialize access, transaction retried and committed"""),
    "mysql": (("mysql", "mysql", "bare"), """
db i I - | /usr/sbin/mysqld: ready for connections. Version: '8.0.{n}'
db e P p | Table './{db}/{table}' is marked as crashed and should be repaired
db w I - | Aborted connection {n} to db: '{db}' user: '{user}' (Got timeout reading communication packets)
db e P - | Replica SQL thread stopped: error executing row event on table {db}.{table}
disk e P p | Disk is full writing './binlog.{n}' (OS errno 28 - No space left on device)
auth w I - | Access denied for user '{user}'@'{ip}' (using password: YES)
db e P - | Too many connections
mem w T - | InnoDB: Difficult to find free blocks in the buffer pool
db i I - | InnoDB: Buffer pool(s) load completed at {big}
db i I - | Replica I/O thread: connected to source 'repl@{host}:3306', replication resumed
life i I - | Received SHUTDOWN from user root
conf w T p | option 'max_connections': unsigned value {big} adjusted to {n}"""),
    "redis": (("redis", "redis", "bare"), """
db i I - | Background saving terminated with success
db i I - | {n} changes in {sec} seconds. Saving...
db e P p | MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk
mem w T p | WARNING Memory overcommit must be enabled! Without it, a background save may fail
mem e P - | OOM command not allowed when used memory > 'maxmemory'
net w T t | Connection with master lost.
net i I - | MASTER <-> REPLICA sync: Finished with success
life i I - | Ready to accept connections tcp
life i I - | User requested shutdown...
db f P p | Bad file format reading the append only file: make a backup of your AOF file
- e T - | Error accepting a client connection: Too many open files"""),
    "kernel": (("kernel", "syslog", "bare"), """
mem f P - | Out of memory: Killed process {pid} ({svc}) total-vm:{big}kB, anon-rss:{big}kB
disk f P p | EXT4-fs error (device {dev}): ext4_find_entry:{n}: inode #{big}: reading directory lblock 0
disk f P p | blk_update_request: I/O error, dev {dev}, sector {big}
disk w P p | EXT4-fs ({dev}): Remounting filesystem read-only
disk i I - | EXT4-fs ({dev}): mounted filesystem with ordered data mode. Quota mode: none.
net i I - | {eth}: Link is Up - 1Gbps/Full - flow control off
net w T - | {eth}: Link is Down
hw w T - | CPU{few}: Package temperature above threshold, cpu clock throttled (total events = {n})
hw i I - | CPU{few}: Package temperature/speed normal
hw i I - | usb 1-{few}: new high-speed USB device number {few} using xhci_hcd
hw i I - | usb 1-{few}: USB disconnect, device number {few}
hw f P p | mce: [Hardware Error]: Machine check events logged, uncorrected error on bank {few}
- w T - | EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#1_Chan#0_DIMM#{few}
code e T p | {svc}[{pid}]: segfault at 0 ip 00007f{hex} sp 00007ff{hex} error 4 in libc.so.6
net w T - | TCP: request_sock_TCP: Possible SYN flooding on port {port}. Sending cookies.
hw f P p | Kernel panic - not syncing: Fatal exception in interrupt
disk i I - | md0: resync done.
disk w P - | md/raid1:md0: Disk failure on {dev}, disabling device.
- w T - | INFO: task {svc}:{pid} blocked for more than 120 seconds.
- i I - | audit: type=1400 apparmor="STATUS" operation="profile_load" name="{svc}"
net w I - | martian source {ip} from {ip}, on dev {eth}"""),
    "sshd": (("syslog", "bare"), """
auth i I - | Accepted publickey for {user} from {ip} port {port} ssh2: ED25519 SHA256:{hex}
auth i I - | Failed password for invalid user {user} from {ip} port {port} ssh2
auth i I - | Connection closed by authenticating user {user} {ip} port {port} [preauth]
auth i I - | pam_unix(sshd:session): session opened for user {user} by (uid=0)
auth i I - | Received disconnect from {ip} port {port}:11: disconnected by user
auth e I - | maximum authentication attempts exceeded for {user} from {ip} port {port} ssh2 [preauth]
conf e T p | Could not load host key: /etc/ssh/ssh_host_ed25519_key
auth i I - | Invalid user {user} from {ip} port {port}
life i I - | Server listening on 0.0.0.0 port 22."""),
    "systemd": (("systemd", "systemd", "bare"), """
life i I - | Started {svc}.service - {svc} daemon.
life i I - | {svc}.service: Deactivated successfully.
life w T t | {svc}.service: Scheduled restart job, restart counter is at {few}.
life e P - | {svc}.service: Start request repeated too quickly. Failed with result 'exit-code'.
life e T - | {svc}.service: Main process exited, code=exited, status={few}/NOTIMPLEMENTED
job i I - | Finished {job}.service - {job}.
job e T - | Failed to start {job}.timer: unit {job}.service not found.
disk e P p | Failed to mount {mount}.
disk i I - | Mounted {mount}.
life i I - | Reached target multi-user.target - Multi-User System.
mem e T - | {svc}.service: A process of this unit has been killed by the OOM killer.
conf w T p | /etc/systemd/system/{svc}.service:{few}: Unknown key name 'Restrat' in section 'Service', ignoring.
life i I - | Reloading {svc}.service - {svc}...
life i I - | Stopped target network-online.target - Network is Online."""),
    "kubernetes": (("k8sevent", "klog", "bare"), """
deploy w T p | Failed to pull image "{img}": manifest unknown
net w T t | Failed to pull image "{img}": dial tcp {ip}:443: i/o timeout
deploy i I - | Successfully pulled image "{img}" in {few}.{n}s
deploy i I - | Scaled up replica set {pod} to {few}
life w T - | Back-off restarting failed container {svc} in pod {pod}
mem w T - | Container {svc} was OOMKilled, limit 512Mi
life w T t | Readiness probe failed: HTTP probe failed with statuscode: 503
life w T - | Liveness probe failed: Get "http://{ip}:{port}/health": context deadline exceeded
hw w T - | 0/{few} nodes are available: {few} Insufficient cpu.
conf w T p | Error: secret "{svc}-credentials" not found
conf w T p | MountVolume.SetUp failed for volume "config": configmap "{svc}-config" not found
disk w P - | Node {node} status is now: NodeHasDiskPressure
disk i I - | Node {node} status is now: NodeHasNoDiskPressure
hw w P - | Node {node} status is now: NodeNotReady
hw i I - | Node {node} status is now: NodeReady
life i I - | Created container {svc}
life i I - | Successfully assigned {ns}/{pod} to {node}
auth e T p | pods is forbidden: User "system:serviceaccount:{ns}:{svc}" cannot list resource "pods"
db f P - | etcdserver: no leader
job i I - | Job completed: {job}
job w T - | Job {job} has reached the specified backoff limit
cert e P p | x509: certificate has expired or is not yet valid: current time is after the expiry"""),
    "docker": (("compose", "app", "bare"), """
net e T t | Error response from daemon: Get "https://{domain}/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)
disk e P p | write /var/lib/docker/overlay2/{hex}/diff: no space left on device
deploy e T p | manifest for {img} not found: manifest unknown
conf e T p | driver failed programming external connectivity on endpoint {svc}: Bind for 0.0.0.0:{port} failed: port is already allocated
life i I - | Container {svc}  Started
life i I - | Container {svc}  Healthy
deploy i I - | Status: Downloaded newer image for {img}
- e T p | pull access denied for {svc}, repository does not exist or may require 'docker login'
life w T - | container {hex} is unhealthy: health check failed {few} times in a row
life i I - | {svc} exited with code 0
life e T - | {svc} exited with code 137
disk i I - | Total reclaimed space: {size}"""),
    "java": (("log4j", "spring", "bare"), """
mem e P - | java.lang.OutOfMemoryError: Java heap space
code e T p | Servlet.service() threw exception: java.lang.NullPointerException: Cannot invoke "{cls}.getId()" because "o" is null
db e P - | HikariPool-1 - Connection is not available, request timed out after {slow}ms.
db i I - | HikariPool-1 - Start completed.
life i I - | Started {cls} in {few}.{n} seconds (process running for {few}.{n})
net w T t | Connection to node {few} ({host}/{ip}:9092) could not be established. Broker may not be available.
queue i I - | [Consumer clientId={svc}, groupId={db}] Successfully joined group with generation {n}
queue w T - | Consumer lag for topic {topic} is {big}, above the configured threshold
- w I - | spring.jpa.open-in-view is enabled by default
conf e P p | APPLICATION FAILED TO START: Could not resolve placeholder '{svc}.url' in value
code e T p | class com.acme.{cls} cannot be cast to class java.lang.String
mem i I - | GC(12) Pause Young (Normal) {n}M->{n}M {ms}ms
mem w T - | GC overhead: {high}% of time spent in collection during the last minute
db e T p | org.postgresql.util.PSQLException: ERROR: column "{table}_id" does not exist"""),
    "cron": (("cron", "cron", "bare"), """
job i I - | ({user}) CMD (/usr/local/bin/{job}.sh)
job i I - | ({user}) RELOAD (crontabs/{user})
job e T p | ({user}) FAILED (loading cron table)
job w T - | ({user}) MAIL (mailed {n} bytes of output but got status 0x004b)
job e T p | Bad minute; file: /etc/cron.d/{job}, ignored
- i I - | pam_unix(cron:session): session closed for user {user}"""),
    "windows": (("windows", "windows", "bare"), """
life e T - | The {svc} service terminated unexpectedly. It has done this {few} time(s).
life i I - | The {svc} service entered the running state.
disk e P p | The device, \\\\Device\\\\Harddisk{few}\\\\DR{few}, has a bad block.
disk w T - | The {few}: disk is at or near capacity. You may need to delete some files.
auth i I - | An account was successfully logged on. Account Name: {user}
auth w I - | An account failed to log on. Account Name: {user}. Source Network Address: {ip}
deploy i I - | Installation Successful: Windows successfully installed the following update: KB{big}
deploy e T - | Installation Failure: Windows failed to install the following update with error 0x80070643: KB{big}
hw f P - | The system has rebooted without cleanly shutting down first.
net w T t | Name resolution for the name {domain} timed out after none of the configured DNS servers responded.
code e T - | Faulting application name: {svc}.exe, version: {ver}, faulting module name: ntdll.dll
conf i I - | The Group Policy settings for the computer were processed successfully.
- i I - | The system time has changed to the network time.
sec w P - | The audit log was cleared by {user}.
sec w T p | Real-time protection has been turned off by {user}."""),
    "network": (("cisco", "syslog", "bare"), """
net e T - | Line protocol on Interface {eth}, changed state to down
net i I - | Line protocol on Interface {eth}, changed state to up
net e P - | BGP neighbor {ip} Down: hold time expired, no backup path
net i I - | neighbor {ip} Up
conf i I - | Configured from console by {user} on vty0 ({ip})
hw e P p | Power supply {few} failed, running without redundancy for chassis controller
hw w T - | Fan tray {few} speed below minimum
net w T - | duplex mismatch discovered on {eth}
auth w I - | Login failed [user: {user}] [Source: {ip}] [localport: 22]
net w T p | Duplicate address {ip} on {eth}, sourced by another device
net i I - | DHCPACK on {ip} to {host} via {eth}
net e T p | DHCPDISCOVER from {host} via {eth}: no free leases"""),
    "mail": (("syslog", "syslog", "bare"), """
mail i I - | {hex}: to=<{mail}>, relay={domain}[{ip}]:25, delay={few}.{n}, status=sent (250 2.0.0 OK)
mail i I t | {hex}: to=<{mail}>, relay=none, status=deferred (connect to {domain}[{ip}]:25: Connection timed out)
mail i I p | {hex}: to=<{mail}>, status=bounced (host {domain} said: 550 5.1.1 user unknown)
mail i I - | NOQUEUE: reject: RCPT from unknown[{ip}]: 554 5.7.1 Relay access denied
mail f P p | fatal: open database /etc/aliases.db: No such file or directory
mail w T - | warning: mail queue holds {big} messages, delivery is falling behind
mail w T p | our address {ip} is listed at zen.spamhaus.org, mails are rejected by {domain}
auth w I - | warning: unknown[{ip}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6
mail i I - | disconnect from {domain}[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"""),
    "backup": (("bracket", "app", "bare"), """
backup i I - | {job} completed: {big} files, {size} in {n} s
backup i I - | snapshot {hex} saved
backup e P p | backup of {db} failed: repository is corrupt, no valid snapshot found
backup e T - | backup of {host} skipped for the {2nd|3rd|4th|5th} night: source not reachable
backup i I - | prune finished, {few} old snapshots removed
backup i I - | verification ok, 0 errors in {big} blobs
backup f P p | restore test of {db} failed: archive is truncated
backup w T - | last successful backup of {db} is {days} days old
- e P p | backup target {mount} is full, nothing was written
backup i I - | no changes since last backup, skipping upload
- e T p | backup: S3 AccessDenied when writing s3://acme-backup/{db}"""),
    "deploy": (("actions", "app", "bare"), """
deploy i I - | deployment of {svc} {ver} to {ns} finished, {few}/{few} pods healthy
deploy e P - | rollout of {svc} {ver} failed, 0 of {few} replicas available
deploy w T - | rollout of {svc} {ver} stuck: 1 of {few} new replicas not ready after {n} s, old version still serves
deploy i I - | rolled back {svc} to {ver}, all checks green
deploy i I - | Release {ver} tagged by {user}
- e T p | migration 00{n}_add_{table}.sql failed on staging, production untouched
deploy i I - | canary at 10%: error rate 0.0%, promoting
deploy w T p | {lib} {ver} has a known vulnerability, update recommended
conf i I - | feature flag new-{svc} switched on by {user}
deploy i I - | nothing to deploy, {svc} is already at {ver}"""),
    "queue": (("app", "celery", "bare"), """
queue i I - | Task {mod}.{job}[{uuid}] succeeded in {float}s: None
- e T t | Task {mod}.{job}[{uuid}] retry: Retry in {sec}s: ConnectionError
- e T p | Task {mod}.{job}[{uuid}] raised unexpected: KeyError('id')
queue e P - | consumer: Cannot connect to amqp://{user}@{host}:5672//: giving up after {n} attempts, no worker is consuming
queue i I - | connected to amqp://{user}@{host}:5672// after {few} retries
queue w T - | queue {topic} has {big} unacked messages and keeps growing
queue i I - | queue {topic} drained, 0 messages waiting
queue w T p | message {uuid} moved to dead letter queue after {few} attempts
queue i I - | partition {few} of {topic} rebalanced
queue f P - | all brokers down, {few}/{few} unreachable
- w T - | broker {host}: disk free limit is near, {mid}% used"""),
    "auth": (("app", "json", "bare"), """
auth i I - | user {user} logged in from {ip}
auth w I - | wrong password for {user}, attempt 1 of 5
auth w T - | account {user} locked after 5 failed attempts
sec e P - | admin login for {user} from a new country without second factor, {n} records exported
sec e P - | {big} accounts tried from {ip} with leaked passwords, {few} succeeded
auth i I - | token refreshed for session {hex}
auth i I - | session {hex} expired
auth e P p | identity provider {domain} rejects every login: invalid client secret
auth i I - | password reset mail sent to {mail}
auth e T p | LDAP bind failed for cn={user}: invalid credentials in configuration
auth w I t | rate limit hit for {ip}, login delayed by {sec} s
sec f P - | private key of {domain} was found in a public repository"""),
    "pay": (("app", "json", "bare"), """
pay i I - | payment {uuid} captured, {n}.00 EUR
pay i I - | card declined for order {big}: insufficient funds
pay e P - | payment provider down for {n} s, all checkouts fail
pay e P p | order {big} was charged twice
pay w T t | payment gateway slow: {slow} ms, retry scheduled
pay i I - | refund of {n}.00 EUR for order {big} done
pay e T p | webhook signature mismatch from payment provider, event {hex} ignored
pay i I - | daily settlement: {big} payments, 0 differences
pay w T p | settlement report differs by {few}.{n} EUR from the ledger
pay i I - | payment provider is reachable again, queued payments were sent"""),
    "cert": (("app", "bracket", "bare"), """
cert i I - | certificate for {domain} renewed, valid for 90 days
cert w T p | certificate for {domain} expires in {days} days and auto-renewal is off
cert f P p | certificate for {domain} expired {few} hours ago, clients are rejected
cert e T t | renewal of {domain} failed: too many requests, next attempt in 1 h
cert e T p | challenge for {domain} failed: DNS problem: NXDOMAIN looking up TXT record
cert i I - | certificate for {domain} is not due for renewal yet, {low} days left
cert e T p | TLS handshake with {domain} failed: unable to get local issuer certificate"""),
    "hardware": (("syslog", "bracket", "bare"), """
disk w T p | Device: /dev/{dev} [SAT], {n} Currently unreadable (pending) sectors
disk f P p | Device: /dev/{dev} [SAT], FAILED SMART self-check. BACK UP DATA NOW!
disk i I - | Device: /dev/{dev} [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 36 to 37
disk i I - | pool tank: scrub repaired 0B in 02:13:44 with 0 errors
disk e P - | pool tank is DEGRADED: one disk is FAULTED
disk w T - | {mount} is {mid}% full
disk e P - | {mount} is 100% full, writes fail
disk i I - | {mount} is {low}% full
hw w T - | UPS {host}: battery must be replaced, runtime {few} min
hw e P - | UPS {host}: on battery, {few} minutes left, utility power lost
hw i I - | UPS {host}: utility power restored
hw w T - | fan {few} at {n} rpm, below lower threshold
hw i I - | temperature of {host} {low} C, normal
hw f P - | temperature of rack {few} is {high} C, emergency shutdown in 60 s"""),
    "app": (APP_STYLES, """
net e T t | timeout after {slow} ms calling {svc}
net i I - | retry {few} of 5 for {svc} succeeded
net w I t | request to {svc} failed, retrying in {sec} s (attempt 1/5)
net e P - | {svc} unreachable from all regions, giving up after {few} attempts
net i I - | connection to {host} restored after {sec} s
net e T t | dial tcp {ip}:{port}: connect: connection refused
net e T t | getaddrinfo EAI_AGAIN {domain}
net w I t | 429 Too Many Requests from {domain}, backing off {sec} s
code e T p | unhandled exception in {mod}: {exc}
code e T p | TypeError: Cannot read properties of undefined (reading 'id') at {uri}
code e T p | assertion failed in {cls}: total must not be negative
code w I - | deprecated call in {mod}, will be removed in {ver}
code i I - | error handler registered
code i I - | 0 errors, 0 warnings
conf e P p | missing required setting {svc}.url, exiting
conf w T p | unknown option 'tiemout' in {file}, using the default
conf i I - | configuration reloaded from {file}
conf w I - | {file} not found, using built-in defaults
life i I - | {svc} {ver} listening on 0.0.0.0:{port}
life i I - | shutdown complete, exit code 0
life f P - | {svc} crashed {n} times within a minute, not restarting any more
life i I - | received SIGTERM, draining {few} connections
life i I - | {svc} recovered, serving traffic again
mem w T - | memory usage at {mid}% of the limit and rising
mem i I - | heap {low}% used after collection
mem e P - | cannot allocate memory, every new request is refused
mem i I - | cache size {size}, {n} entries evicted
db w T - | slow query on {table}: {slow} ms
db i I - | {n} rows from {table} in {ms} ms
db e P - | lost connection to primary database {db}, no replica took over
db i I - | replica {host} promoted to primary, writes resumed
db w T - | replica {host} lags {slow} s behind
db i I - | migration {n} applied to {db}
disk e P - | disk quota exceeded, uploads of users are lost
disk i I - | removed {n} temporary files, freed {size}
disk w T - | only {few}% inodes left on {mount}
job i I - | job {job} finished in {ms} s
job e T - | job {job} failed with exit status {few}, next run tomorrow
job w T - | job {job} still running after {few} hours, expected 20 minutes
job i I - | job {job} skipped: previous run still active
job i I t | job {job} failed once and succeeded on retry
- f P - | payroll transfer {job} did not run and the bank closes in an hour
- i I - | GET {uri} 200 {ms}ms
- i I - | GET {uri} 304 {ms}ms
- d I - | cache miss for key {hex}
- d I - | entering {mod} with {few} arguments
- i I - | user {user} opened {uri}
- i I - | health check ok
- w T - | p99 latency {slow} ms is above the target of 500 ms
- e P - | error rate {high}% for the last 5 minutes on {svc}
- i I - | error rate 0.0{few}% for the last 5 minutes on {svc}
- i I - | failed jobs: 0, pending: 0
- i I - | test alert, please ignore
- i I - | no errors found in {n} files
- w I - | clock adjusted by {ms} ms
- i I - | imported {big} of {big} records
mail w T t | smtp: 421 {domain} try again later
mail i I - | newsletter sent to {big} recipients
mail e T p | mail to {mail} could not be rendered: template variable 'name' is missing
sec w I - | blocked request with suspicious payload from {ip}
sec i I - | port scan from {ip} dropped by firewall
sec e P - | ransom note found in {mount}, files are being encrypted
sec e P - | outbound transfer of {big} MB from {host} to unknown address {ip} in progress
deploy i I - | new version {ver} of {svc} is live
backup w T - | backup took {few} hours, twice as long as usual
hw w T - | GPU {few}: {few} corrected ECC errors since boot
hw f P p | GPU {few} has fallen off the bus
pay w T - | {few} payments are pending for more than an hour
queue i I - | consumed {n} messages from {topic}, lag 0"""),
    "training": (("plain", "python", "bare"), """
- i I - | epoch {epoch} step {big} loss {float} lr 3e-4
- i I - | saved checkpoint to ckpt/step_{big}.pt
- f P - | loss is nan at step {big}, training stopped
mem f P p | torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate {few}.{n} GiB
- w T - | validation loss rose for {few} evaluations in a row
- i I - | gradient norm {float}, clipped to 1.0
hw f P - | NCCL watchdog: rank {few} does not answer, all processes abort
- i I - | resuming from step {big}
disk f P p | cannot save checkpoint: No space left on device
- w T - | data loader is the bottleneck: GPU waits {mid}% of the time"""),
}

TOPIC_MEANS: dict[str, tuple[str, tuple[str, ...]]] = {
    "net": ("network net connectivity NET connection", ("connections, timeouts, links and DNS", "network trouble or connectivity", "anything about connections and the network", "sockets, links, unreachable hosts")),
    "disk": ("disk storage DISK filesystem", ("disks, file systems and free space", "storage: full disks, bad sectors, mounts", "anything about disks or volumes")),
    "mem": ("memory mem ram RAM", ("memory: heap, out of memory, garbage collection", "memory use and OOM kills", "anything about RAM")),
    "db": ("database db sql DB", ("databases: queries, tables, replication", "the database", "SQL, transactions and replicas")),
    "auth": ("auth login access AUTH", ("logins, passwords, permissions and sessions", "authentication and access rights", "who may log in")),
    "cert": ("tls cert certificate TLS", ("TLS certificates and handshakes", "certificates", "SSL: expiry, renewal, handshake")),
    "conf": ("config configuration settings CONF", ("configuration: settings, missing options", "wrong or reloaded configuration", "settings and config files")),
    "deploy": ("deploy release rollout DEPLOY", ("deployments, releases, images and updates", "rollouts and new versions", "shipping software")),
    "queue": ("queue messaging broker QUEUE", ("message queues, consumers and brokers", "queues and their tasks", "messaging: lag, topics, brokers")),
    "job": ("job cron batch JOB", ("scheduled jobs and cron", "batch jobs", "jobs that run by timetable")),
    "hw": ("hardware machine hw HW", ("hardware: power, fans, temperature, nodes", "physical machines and their parts", "broken or hot hardware")),
    "code": ("code bug application BUG", ("bugs in our program: exceptions and crashes", "application errors in the code", "exceptions that a developer must look at")),
    "backup": ("backup backups archive BACKUP", ("backups, snapshots and restores", "backup runs", "anything about backups")),
    "mail": ("mail email smtp MAIL", ("mail delivery", "e-mail sending and receiving", "SMTP and mail queues")),
    "pay": ("payment billing money PAY", ("payments, cards and refunds", "money: charges and settlements", "billing")),
    "sec": ("security attack threat SEC", ("attacks, break-ins and leaks", "security incidents", "malware, intruders, stolen data")),
    "life": ("lifecycle service process LIFE", ("services starting, stopping or crashing", "start and stop of processes", "a service coming up or going down")),
}


@dataclass(frozen=True)
class Event:
    system: str
    topic: str
    level: str
    action: str
    course: str
    template: str
    styles: tuple[str, ...]


def _read() -> tuple[Event, ...]:
    made = []
    for system, (styles, table) in _BANK.items():
        for row in table.strip().split("\n"):
            codes, template = row.split(" | ", 1)
            topic, level, action, course = codes.split(" ")
            made.append(Event(system, topic, level, action, course, template, styles))
    return tuple(made)


EVENTS = _read()
BY_ACTION = {action: tuple(e for e in EVENTS if e.action == action) for action in "PTI"}
BY_TOPIC = {topic: tuple(e for e in EVENTS if e.topic == topic) for topic in TOPIC_MEANS}
SYSTEMS = tuple(_BANK)

# what owns a topic in a company: team names for routing
TEAM_NAMES = tuple("platform infra dba backend frontend netops sre security payments data mobile devops helpdesk storage identity messaging core ops billing-team release-eng".split())


def write(rng: random.Random, event: Event, levelled: float = 0.6) -> Line:
    """Write an event in one of its system's styles; with 1 - `levelled`, the bare message."""
    style = "bare" if rng.random() > levelled else rng.choice(event.styles)
    component = event.system if event.system in ("nginx", "redis", "sshd", "kernel", "mysql", "postgres") else None
    if event.system == "mail":
        component = rng.choice(("postfix/smtp", "postfix/qmgr", "exim", "dovecot"))
    if event.system == "network":
        component = rng.choice(("link", "bgp", "sys", "platform"))
    return write_line(rng, style, put(rng, event.template), event.level, component)


def any_of(rng: random.Random, events: Sequence[Event]) -> Event:
    """An event, drawn by system first half of the time, so that small systems show as often as large ones."""
    if rng.random() < 0.5:
        system = rng.choice(sorted({e.system for e in events}))
        events = [e for e in events if e.system == system]
    return rng.choice(list(events))
