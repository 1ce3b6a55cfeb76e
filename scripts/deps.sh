#!/usr/bin/env bash
# Installs what the tests need and this machine lacks. Running it again is
# cheap. It needs root for Debian packages that are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
want() { command -v "$1" >/dev/null 2>&1 || need+=("$2"); }
want strace strace
want jq jq
want curl curl
# The proxies that the tests of examples/proxies run.
want_proxy() { [ -x "/usr/sbin/$1" ] || [ -x "/usr/bin/$1" ] || need+=("$2"); }
want_proxy nginx nginx-light
want_proxy caddy caddy
want_proxy haproxy haproxy

if [ ${#need[@]} -gt 0 ]; then
	echo "installing ${need[*]}"
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${need[@]}" >/dev/null
fi
go mod download
if [ -x e2e/deps.sh ]; then e2e/deps.sh; fi
if [ -x e2e/browser/deps.sh ]; then e2e/browser/deps.sh; fi
