"""Changes a record and rolls a token with Debian's python3-cloudflare, and prints
what came back as one JSON document, for the Go test to judge. Secrets are
compared here and are not printed."""

import json
import os

import CloudFlare

zone_name, token_id = os.environ["ZONE_NAME"], os.environ["TOKEN_ID"]
api = CloudFlare.CloudFlare(token=os.environ["SCOPED"])
root = CloudFlare.CloudFlare(token=os.environ["ROOT"])


def refusal(call):
    """The code and the text of the answer that the client raised."""
    try:
        call()
    except CloudFlare.exceptions.CloudFlareAPIError as e:
        return {"code": int(e), "message": str(e)}
    return None


zones = api.zones.get(params={"name": zone_name, "per_page": 1})
zone = zones[0]["id"]
made = api.zones.dns_records.post(zone, data={"type": "TXT", "name": "_acme-challenge." + zone_name, "content": "unquoted", "ttl": 120})
found = api.zones.dns_records.get(zone, params={"type": "TXT", "name": made["name"], "content": "unquoted", "per_page": 1})
host = api.zones.dns_records.post(zone, data={"type": "A", "name": "python", "content": "192.0.2.1", "ttl": 120})
patched = api.zones.dns_records.patch(zone, host["id"], data={"content": "192.0.2.2"})
put = api.zones.dns_records.put(zone, host["id"], data={"type": "A", "name": "python." + zone_name, "content": "192.0.2.3", "ttl": 300})
deleted = api.zones.dns_records.delete(zone, made["id"])
other = root.zones.get(params={"name": os.environ["OTHER_ZONE_NAME"]})[0]["id"]
missing = refusal(lambda: api.zones.dns_records.get(zone, made["id"]))
denied = refusal(lambda: api.zones.dns_records.get(other))
unknown_zones = api.zones.get(params={"name": "no.such.example", "per_page": 1})
verified = api.user.tokens.verify.get()
rolled = root.user.tokens.value.put(token_id)
fresh = CloudFlare.CloudFlare(token=rolled)
print(json.dumps({
    "zones": [z["id"] for z in zones],
    "made": made["content"],
    "found": [r["id"] == made["id"] for r in found],
    "patched": patched["content"],
    "put": [put["content"], put["ttl"], put["name"]],
    "deleted": deleted["id"] == made["id"],
    "missing": missing,
    "denied": denied,
    "unknown_zones": unknown_zones,
    "verified": verified["id"],
    "rolled": rolled != os.environ["SCOPED"],
    "old": refusal(lambda: api.user.tokens.verify.get()),
    "new": fresh.user.tokens.verify.get()["id"],
}))
