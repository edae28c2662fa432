#!/bin/sh
# Fuzzy functions compose like any filter: by pipes. Which lines of a log need a person, and which desk?
set -eu
cd "$(dirname "$0")"
place=$(mktemp -d)
server=
trap 'if [ "$server" ]; then kill "$server" && wait "$server"; fi; rm -r "$place"' EXIT

# Two programs in one file, each called by its name.
pawc triage/triage.paw route/route.paw -o "$place/desk.pawbin"

# The lines of the log that need a person, and the desk for each.
pawrun --grep ALERT "$place/desk.pawbin:triage" triage/app.log |
    pawrun --with-input "$place/desk.pawbin:route"

# The same through a server: each base is loaded once, and the filters start at once.
pawrun --serve "$place/paw.sock" "$place/desk.pawbin" &
server=$!
while [ ! -S "$place/paw.sock" ]; do kill -0 "$server" && sleep 0.1; done
pawrun --via "$place/paw.sock" --grep ALERT triage triage/app.log |
    pawrun --via "$place/paw.sock" --with-input route
