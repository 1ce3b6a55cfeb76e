#!/usr/bin/env bash
# What can be said of the tree without running it.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
	echo "gofmt would change:" "$unformatted" >&2
	exit 1
fi
go vet ./...
(cd e2e && go vet ./...)
(cd bench && go vet ./... && go mod verify >/dev/null && go mod tidy -diff)
go mod verify >/dev/null
go mod tidy -diff
CGO_ENABLED=0 go build -o /dev/null ./cmd/tokenward
echo "check: formatting, vet, modules and the static build are in order"
