#!/usr/bin/env bash
# Installs the servers that ours are measured beside and that this machine lacks,
# into .bin. Running it again is cheap. It needs root for a Debian package that is
# missing, and Node.js for its npm.
set -euo pipefail
cd "$(dirname "$0")"

if [ ! -x /usr/sbin/nginx ] && ! command -v nginx >/dev/null; then
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nginx-light >/dev/null
fi

go mod download
# install PACKAGE MODULE VERSION: the program of that version, built from source.
install() {
	local program=.bin/${1##*/}
	if ! go version -m "$program" 2>/dev/null | grep -q "^[[:space:]]mod[[:space:]]$2[[:space:]]$3[[:space:]]"; then
		echo "installing $1 $3"
		GOBIN="$PWD/.bin" go install "$1@$3"
	fi
}
install github.com/open-policy-agent/opa github.com/open-policy-agent/opa v1.22.2
install github.com/openfga/openfga/cmd/openfga github.com/openfga/openfga v1.22.1

cerbos=@cerbos/cerbos-linux-x64 version=0.55.0
if ! grep -qs "\"version\": \"$version\"" ".bin/node_modules/$cerbos/package.json"; then
	command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer" >&2; exit 1; }
	echo "installing $cerbos $version"
	npm install --prefix .bin --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "$cerbos@$version" >/dev/null
fi
