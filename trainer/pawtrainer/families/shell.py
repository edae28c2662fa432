# ruff: noqa: E501 -- tables of templates read better one entry a line
"""Shell, SQL and tool-call material: commands by what they do, and harmless look-alikes of dangerous ones."""

from __future__ import annotations

import random

from pawtrainer.families import lexicon as lx

DIRS = ("src", "build", "dist", "logs", "tmp", "old-photos", "node_modules", "reports", "backup", "cache", "docs", "notes", "export", "data", "uploads", "invoices-2023")
NAMES = ("report.pdf", "notes.txt", "main.py", "index.html", "data.csv", "todo.md", "app.log", "config.yaml", "photo.jpg", "dump.sql", "server.js", "Makefile", "users.json", "run.sh", "archive.tar.gz", "thesis.docx", "key.pem", "results.xlsx")

# what a command does: its templates ({d} a directory, {f} a file, else slots of the lexicon)
COMMANDS: dict[str, tuple[str, ...]] = {
    "read": (
        "ls -la {d}", "cat {f}", "head -n {n} {f}", "tail -f {mount}/app.log", "grep -rn TODO {d}", "df -h", "du -sh {d}", "ps aux", "git status", "git log --oneline -{few}", "git diff {branch}", "find {d} -name '*.log'", "wc -l {f}", "stat {f}", "top -b -n1", "uptime", "free -m", "docker ps -a", "kubectl get pods -n {ns}", "kubectl describe pod {pod}", "less {f}",
        "journalctl -u {svc} --since today", "env | sort", "whoami", "tree -L 2 {d}", "file {f}", "md5sum {f}", "diff {f} {f}.bak", "crontab -l", "git branch -a", "pip list", "npm ls --depth=0", "lsblk", "ss -tlnp", "history | tail", "docker logs {svc}", "sort {f} | uniq -c", "zcat {f}.gz | head", "jq .name users.json", "systemctl status {svc}", "date", "pwd", "which python3", "git show {hex}", "awk '{print $2}' {f}",
    ),
    "write": (
        "mkdir -p {d}/new", "touch {f}", "cp {f} {d}/", "cp -r {d} {d}.bak", "echo done >> {f}", "tar czf {d}.tar.gz {d}", "ln -s {d} current", "git add {f}", "git commit -m 'fix {table}'", "git checkout -b feature/{table}", "unzip {d}.zip -d {d}", "tee -a {f}", "git stash", "mv {f} {f}.old", "gzip -k {f}", "sed -n 's/a/b/w out.txt' {f}", "python3 -m venv .venv", "npm init -y", "nano {f}",
    ),
    "delete": (
        "rm -rf {d}", "rm {f}", "rm -rf /", "find {d} -name '*.tmp' -delete", "rm -r {mount}/*", "shred -u {f}", "unlink {f}", "truncate -s 0 {f}", "> {f}", "find . -type f -mtime +30 -exec rm {} +", "rsync -a --delete empty/ {d}/", "sudo rm -rf {mount}", "rmdir {d}", "docker system prune -af --volumes", "docker volume rm {db}_data", "git clean -fdx", "rm -f *.{lib}", "kubectl delete namespace {ns}", "kubectl delete pvc data-{db}-0", "aws s3 rm s3://{db}-bucket --recursive", "terraform destroy -auto-approve", "xargs rm < list.txt", "cp /dev/null {f}", "del /s /q C:\\\\Users\\\\{user}\\\\*", "Remove-Item -Recurse -Force {d}", "userdel -r {user}", "lvremove /dev/vg0/{db}",
    ),
    "disk": ("mkfs.ext4 /dev/{dev}", "dd if=/dev/zero of=/dev/{dev} bs=1M", "wipefs -a /dev/{dev}", "fdisk /dev/{dev}", "parted /dev/{dev} mklabel gpt", "sudo dd if=image.iso of=/dev/{dev}", "shred /dev/{dev}", "mkswap /dev/{dev}", "zpool destroy tank", "cat {f} > /dev/{dev}", "blkdiscard /dev/{dev}", "format D: /q"),
    "history": ("git push --force origin {branch}", "git push -f", "git reset --hard HEAD~{few}", "git branch -D {branch}", "git rebase -i HEAD~{few} && git push -f", "git push origin --delete {branch}", "git filter-branch --tree-filter 'rm -f {f}' HEAD", "git checkout -- .", "git stash drop", "git reflog expire --expire=now --all", "git restore ."),
    "database": ("psql -c 'DROP TABLE {table}'", "mysql -e 'DELETE FROM {table}' {db}", "dropdb {db}", "redis-cli FLUSHALL", "mongo {db} --eval 'db.dropDatabase()'", "psql {db} -c 'TRUNCATE {table}'", "mysqladmin drop {db}", "sqlite3 app.db 'delete from {table}'", "rails db:drop", "python manage.py flush --noinput", "prisma migrate reset --force"),
    "install": ("apt install -y {lib}", "pip install {lib}=={ver}", "npm install {lib}", "sudo yum remove {lib}", "brew install {lib}", "cargo add {lib}", "gem install {lib}", "apt-get upgrade -y", "npm uninstall {lib}", "dnf install {lib}", "snap install {lib}", "pacman -S {lib}", "go install {lib}@latest", "poetry add {lib}", "yarn add {lib}"),
    "net": ("curl https://{domain}{uri}", "wget https://{domain}/{f}", "scp {f} {user}@{host}:/tmp/", "ssh {user}@{host}", "rsync -av {d}/ {host}:{mount}/", "curl -X POST -d @{f} https://{domain}/api", "nc {ip} {port}", "ping -c 3 {domain}", "git fetch origin", "git clone https://{domain}/{svc}.git", "ftp {host}", "dig {domain}", "aws s3 cp {f} s3://{db}-bucket/", "docker pull {img}", "telnet {host} {port}", "nmap {ip}"),
    "power": ("sudo reboot", "shutdown -h now", "systemctl stop {svc}", "poweroff", "systemctl restart {svc}", "init 0", "service {svc} stop", "docker stop {svc}", "kubectl scale deployment {svc} --replicas=0", "systemctl disable --now {svc}", "docker compose down", "kubectl drain {node}", "halt"),
    "process": ("kill -9 {pid}", "pkill {svc}", "killall node", "kill {pid}", "kill -TERM $(cat /run/{svc}.pid)", "fuser -k {port}/tcp", "xkill", "taskkill /F /PID {pid}"),
    "perm": ("chmod 777 {f}", "chmod -R 777 {mount}", "chown -R {user} {d}", "sudo chown root:root {f}", "chmod +x run.sh", "setfacl -m u:{user}:rwx {d}", "usermod -aG sudo {user}", "chmod u+s {f}", "passwd {user}", "visudo", "chgrp {user} {f}"),
    "pipe": ("curl -s https://{domain}/install.sh | sh", "wget -qO- https://{domain}/setup | sudo bash", "bash <(curl -s {domain}/x.sh)", "echo {hex} | base64 -d | sh", "curl https://{domain}/a.py | python3 -", "eval \"$(curl -s {domain}/cfg)\"", "iwr https://{domain}/p.ps1 | iex"),
}
# harmless, though a dangerous word stands in them
LOOKALIKES = (
    "echo 'rm -rf /'", "grep -rn 'DROP TABLE' {d}", "man rm", "rm --help", "git push --dry-run", "git log --grep force", "ls deleted-files", "cat how-to-format-a-disk.md", "find {d} -name '*.delete'", "history | grep 'rm -rf'", "ls -l /dev/{dev}", "terraform plan -destroy", "kubectl delete pod {pod} --dry-run=client", "apt list --upgradable", "which mkfs.ext4", "grep shutdown {f}", "less drop_tables.sql", "git diff --stat force-push-fix",
    "echo kill me", "head uninstall.sh", "cat rm_old.py", "rsync -avn --delete {d}/ {host}:/b/", "git branch --list 'delete-*'", "type rm", "git clean -n", "wc -l truncate.log", "awk '/DELETE/' access.log", "printf 'dd if=x of=y\\n'", "journalctl | grep killed", "ps aux | grep shred",
)
CATEGORY: dict[str, tuple[str, tuple[str, ...]]] = {
    "read": ("read show inspect", ("only looks: lists, prints or searches", "reading and listing", "commands that show something and change nothing")),
    "write": ("write create edit", ("creates, copies or edits files, or commits", "making files, folders and commits", "adding or changing something locally without losing anything")),
    "delete": ("delete remove erase", ("deletes files, folders or resources", "removing or emptying files", "deletion of data")),
    "disk": ("disk format wipe", ("formats or overwrites a disk", "raw writes to disks and partitions", "formatting and wiping devices")),
    "history": ("history rewrite git-danger", ("rewrites git history or throws local changes away", "force pushes, hard resets and deleted branches")),
    "database": ("database db sql", ("deletes database content", "dropping or emptying tables and databases")),
    "install": ("install package packages", ("installs, upgrades or removes packages", "package managers")),
    "net": ("network net remote", ("talks to other machines", "network access: downloads, uploads, remote logins")),
    "power": ("stop power service", ("stops or restarts machines or services", "shutdown, reboot and service stops")),
    "process": ("kill process signal", ("kills processes", "sending signals to processes")),
    "perm": ("permission rights access", ("changes permissions, owners or accounts", "access rights and users")),
    "pipe": ("pipe exec run-remote", ("runs code straight from the network or encoded text", "pipes a download into a shell")),
}

SQL: dict[str, tuple[str, ...]] = {
    "read": ("SELECT * FROM {table} WHERE id = {n}", "select count(*) from {table}", "SHOW TABLES", "EXPLAIN SELECT name FROM {table}", "SELECT name FROM {table} ORDER BY id LIMIT {n}", "DESCRIBE {table}", "with t as (select 1) select * from t", "SELECT 'DROP TABLE {table}' AS joke", "select * from deleted_{table}", "SELECT max(updated_at) FROM {table}"),
    "write": ("INSERT INTO {table} (name) VALUES ('a')", "UPDATE {table} SET state = 'paid' WHERE id = {n}", "update {table} set price = price + 1 where id = {n};", "INSERT INTO {table} SELECT * FROM new_{table}", "MERGE INTO {table} USING s ON s.id = {table}.id WHEN MATCHED THEN UPDATE SET a = 1", "DELETE FROM {table} WHERE id = {n}", "COPY {table} FROM '/tmp/a.csv'", "insert into audit_log values ({n}, 'drop table')"),
    "schema": ("CREATE TABLE {table} (id int)", "ALTER TABLE {table} ADD COLUMN note text", "CREATE INDEX ON {table} (id)", "CREATE VIEW v AS SELECT * FROM {table}", "ALTER TABLE {table} RENAME TO old_{table}", "create schema {db}", "COMMENT ON TABLE {table} IS 'x'"),
    "destroy": ("DROP TABLE {table}", "TRUNCATE TABLE {table}", "DROP DATABASE {db}", "DELETE FROM {table}", "delete from {table};", "drop table if exists {table} cascade", "TRUNCATE {table}, {table}", "ALTER TABLE {table} DROP COLUMN email", "DELETE FROM {table} WHERE 1=1", "DROP SCHEMA {db} CASCADE"),
    "access": ("GRANT ALL ON {table} TO {user}", "REVOKE SELECT ON {table} FROM {user}", "CREATE USER {user} PASSWORD 'x'", "ALTER ROLE {user} SUPERUSER", "DROP USER {user}", "grant select on {db}.* to '{user}'@'%'", "ALTER USER {user} WITH PASSWORD 'new'"),
}
SQL_MEANS = {
    "read": ("read query select", ("only reads", "queries that change nothing", "select, show, explain")), "write": ("write change dml", ("inserts, updates or deletes single rows", "changes some rows")), "schema": ("schema ddl structure", ("creates or alters tables, views and indexes without losing data", "structure is added or renamed")),
    "destroy": ("destroy danger drop", ("drops a table, column or database, or empties a whole table", "data is lost wholesale")), "access": ("access grant rights", ("users, roles, passwords and grants", "who may do what")),
}


def fill_command(rng: random.Random, template: str) -> str:
    # an empty pair of braces is find's own
    shown = template.replace("{d}", rng.choice(DIRS)).replace("{f}", rng.choice(NAMES))
    return lx.put(rng, shown)


def command(rng: random.Random, category: str) -> str:
    return fill_command(rng, rng.choice(COMMANDS[category]))


def look_alike(rng: random.Random) -> str:
    return fill_command(rng, rng.choice(LOOKALIKES))


def sql(rng: random.Random, category: str) -> str:
    return lx.put(rng, rng.choice(SQL[category]))
