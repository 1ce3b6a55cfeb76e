#!/usr/bin/env bash
# Installs the browser and the accessibility rules that the tests drive and this
# machine lacks. Running it again is cheap. It needs root for Debian packages
# that are missing, and npm to be there.
set -euo pipefail
cd "$(dirname "$0")"

need=()
want() { dpkg -s "$1" >/dev/null 2>&1 || need+=("$1"); }
want chromium
want fonts-dejavu-core
want sqlite3 # gives a token a past
if [ ${#need[@]} -gt 0 ]; then
	echo "installing ${need[*]}"
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${need[@]}" >/dev/null
fi

command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer" >&2; exit 1; }
installed=js/node_modules/.installed
if ! cmp -s js/package-lock.json "$installed"; then
	(cd js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	cp js/package-lock.json "$installed"
fi
