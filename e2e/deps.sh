#!/usr/bin/env bash
# Installs the clients that the tests drive and this machine lacks. Running it
# again is cheap. It needs root for Debian packages that are missing, and
# Node.js 20 or newer to be there.
set -euo pipefail
cd "$(dirname "$0")"

need=()
want() { dpkg -s "$1" >/dev/null 2>&1 || need+=("$1"); }
want certbot
want curl
want ddclient
want libio-socket-ssl-perl
want inadyn
want iproute2
want python3-certbot-dns-cloudflare
want python3-cloudflare
if [ ${#need[@]} -gt 0 ]; then
	echo "installing ${need[*]}"
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${need[@]}" >/dev/null
fi

go mod download
flarectl=v0.116.0
if ! go version -m .bin/flarectl 2>/dev/null | grep -q "cloudflare-go[[:space:]]$flarectl[[:space:]]"; then
	GOBIN="$PWD/.bin" go install "github.com/cloudflare/cloudflare-go/cmd/flarectl@$flarectl"
fi
pebble=v2.10.1
if ! go version -m .bin/pebble 2>/dev/null | grep -q "letsencrypt/pebble/v2[[:space:]]$pebble[[:space:]]"; then
	GOBIN="$PWD/.bin" go install "github.com/letsencrypt/pebble/v2/cmd/pebble@$pebble"
fi

command -v node >/dev/null || { echo "node is missing: install Node.js 20 or newer" >&2; exit 1; }
installed=js/node_modules/.installed
if ! cmp -s js/package-lock.json "$installed"; then
	(cd js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	cp js/package-lock.json "$installed"
fi
