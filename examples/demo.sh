#!/bin/sh
# A minute's tour: three fuzzy functions, compiled and run on the files beside this script.
set -eu
cd "$(dirname "$0")"

# Show a command as it would be typed, and run it.
show() {
    printf '\n$ %s\n' "$1"
    sh -c "$1"
}

# The same for pawrun, whose status 1 is an outcome: a record failed, or nothing matched.
answer() {
    status=0
    show "$1" || status=$?
    [ "$status" -eq 0 ] || echo "(exit status $status)"
    [ "$status" -lt 2 ] || exit "$status"
}

echo "A log: which of its lines need a person?"
show 'cat triage/triage.paw'
show 'pawc triage/triage.paw -o triage/triage.pawbin'
show 'wc -l < triage/app.log'
answer 'cat triage/app.log | pawrun --grep ALERT triage/triage.pawbin'

printf '\n\nBroken JSON, one object a line. Every answer is an object: the program enforces that. That it is the right\n'
printf 'object is up to the language model, nano, which is very small and so far trained for a few hours.\n'
show 'pawc repair/repair.paw -o repair/repair.pawbin'
show 'cat repair/broken.txt'
answer 'pawrun repair/repair.pawbin repair/broken.txt'

printf '\n\nMessages of customers: which desk? The last column is the probability.\n'
show 'pawc route/route.paw -o route/route.pawbin'
answer 'pawrun --with-input --scores route/route.pawbin route/tickets.txt'
