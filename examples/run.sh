#!/usr/bin/env bash
# Runs the toy shop behind a gate: tokenward, the shop, and nginx, caddy or haproxy
# in front of it, or the shop that protects itself (go). Ctrl-C ends all of it.
#
#   examples/run.sh nginx|caddy|haproxy|go
#
# Where a port is taken, others: SHOP_PORT is where the shop is called, API_PORT
# where it listens behind a proxy, ENFORCE_PORT and TOKENWARD_PORT are tokenward's.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-nginx}
shop=${SHOP_PORT:-8080} behind=${API_PORT:-9000} enforce=${ENFORCE_PORT:-9443} port=${TOKENWARD_PORT:-8484}
case $kind in
nginx | caddy | haproxy | go) ;;
*) echo "usage: examples/run.sh nginx|caddy|haproxy|go" >&2; exit 2 ;;
esac
work=$(mktemp -d)
pids=()
finish() {
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	wait 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

go build -o "$work/" ./cmd/tokenward ./examples/shop ./examples/go-middleware
for file in nginx.conf Caddyfile haproxy.cfg tokenward.lua; do
	sed -e "s/:8080\b/:$shop/; s/:9000\b/:$behind/; s/:9443\b/:$enforce/" "examples/proxies/$file" >"$work/$file"
done
secret=()
if [ "$kind" = go ]; then
	head -c 24 /dev/urandom | base64 >"$work/enforce-secret"
	secret=(--enforce-secret-file "$work/enforce-secret")
fi
"$work/tokenward" serve --data "$work/data" --listen "127.0.0.1:$port" \
	--catalog examples/shop/catalog.yaml --enforce "127.0.0.1:$enforce" "${secret[@]}" >"$work/tokenward.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
	curl -fs -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null && break
	sleep 0.1
done
if ! kill -0 "${pids[0]}" 2>/dev/null || ! curl -fs -o /dev/null "http://127.0.0.1:$port/readyz"; then
	cat "$work/tokenward.log" >&2
	exit 1
fi

# A token that may read one store.
boot=$work/data/bootstrap.json
account=$(jq -r .account_id "$boot")
api=http://127.0.0.1:$port/client/v4
auth="Authorization: Bearer $(jq -r .token.value "$boot")"
group=$(curl -fs -H "$auth" "$api/accounts/$account/tokens/permission_groups?name=Stores%20Read" | jq -r '.result[0].id')
token=$(curl -fs -H "$auth" -X POST "$api/accounts/$account/tokens" --data '{
  "name": "north reader",
  "policies": [{"effect": "allow", "permission_groups": [{"id": "'"$group"'"}], "resources": {"com.example.toyshop.store.north": "*"}}]}' | jq -r .result.value)

cd "$work"
if [ "$kind" != go ]; then
	./shop -listen "127.0.0.1:$behind" &
	pids+=($!)
fi
case $kind in
nginx) nginx -p "$work" -c "$work/nginx.conf" -e stderr & ;;
caddy) caddy run --adapter caddyfile --config Caddyfile 2>caddy.log & ;;
haproxy) haproxy -db -C "$work" -f haproxy.cfg & ;;
go) ./go-middleware -listen "127.0.0.1:$shop" -endpoint "http://127.0.0.1:$enforce" & ;;
esac
pids+=($!)

for _ in $(seq 100); do
	curl -s -o /dev/null "http://127.0.0.1:$shop/health" && break
	sleep 0.1
done

cat <<END

The shop is at http://127.0.0.1:$shop, behind $kind. With a token that may read one store:

  TOKEN=$token
  curl -i http://127.0.0.1:$shop/stores/north -H "Authorization: Bearer \$TOKEN"
  curl -i http://127.0.0.1:$shop/stores/south -H "Authorization: Bearer \$TOKEN"
  curl -i http://127.0.0.1:$shop/stores/north

END
wait -n "${pids[@]}"
