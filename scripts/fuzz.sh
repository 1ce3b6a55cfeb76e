#!/usr/bin/env bash
# Runs fuzz targets, given as package:target, each for FUZZTIME (30s). A run
# that finds no target would pass in silence, so each is looked for first, and a
# target that exists but is not listed is a fault too.
set -euo pipefail
cd "$(dirname "$0")/.."

listed=$(printf '%s\n' "$@" | sort)
present=$(git ls-files -co --exclude-standard '*_test.go' | grep -v '^e2e/' | xargs grep -H '^func Fuzz' |
	sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9_]*).*|./\1:\2|' | sort)
if [ "$listed" != "$present" ]; then
	echo "fuzz targets that are listed (<) and that exist (>) differ:" >&2
	diff <(echo "$listed") <(echo "$present") >&2
	exit 1
fi

# The fuzzer sometimes ends on its own time limit with this error. It is no
# finding: a finding says which input failed.
timed_out() {
	grep -q 'context deadline exceeded' "$1" && ! grep -qE 'Failing input|panic:|fuzzing process' "$1"
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
for entry in "$@"; do
	package=${entry%%:*} target=${entry##*:}
	echo "fuzz $target in $package for ${FUZZTIME:-30s}"
	if ! go test -run '^$' -fuzz "^${target}\$" -fuzztime "${FUZZTIME:-30s}" -fuzzminimizetime 5x "$package" >"$out" 2>&1; then
		if ! timed_out "$out"; then
			cat "$out"
			exit 1
		fi
		echo "(the fuzzer ended on its time limit)"
	fi
	if ! grep -qE 'execs: [1-9]|baseline coverage: [1-9]' "$out"; then
		cat "$out"
		echo "the fuzzer ran nothing" >&2
		exit 1
	fi
	grep -E 'execs:|^ok' "$out" | tail -n 2 || true
done
echo "fuzz: $# targets run"
