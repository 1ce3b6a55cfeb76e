// Drives the server with the official TypeScript SDK and prints what came back
// as one JSON document, for the Go test to judge. Secrets are compared here and
// are not printed.
import Cloudflare from "cloudflare";

const { ACCOUNT: account, ZONE: zone, OTHER_ZONE: otherZone, ZONE_READ: zoneRead, DNS_WRITE: dnsWrite } = process.env;
const root = new Cloudflare({ maxRetries: 0 }); // base URL and token come from the environment
const as = (apiToken) => new Cloudflare({ apiToken, maxRetries: 0 });

// refusal is the error class that the SDK chose, its status and the first code.
async function refusal(call) {
  try {
    await call();
    return null;
  } catch (e) {
    return { name: e.constructor.name, status: e.status, code: e.errors?.[0]?.code };
  }
}

async function count(pages) {
  const ids = new Set();
  let rows = 0;
  for await (const row of pages) {
    rows++;
    ids.add(row.id);
  }
  return { rows, different: ids.size };
}

// tokens runs a token through its life. api has the calls of one owner.
async function tokens(api) {
  const definition = {
    name: "sdk",
    policies: [
      { effect: "allow", permission_groups: [{ id: dnsWrite }, { id: zoneRead }], resources: { [`com.cloudflare.api.account.zone.${zone}`]: "*" } },
      { effect: "allow", permission_groups: [{ id: zoneRead }], resources: { [`com.cloudflare.api.account.${account}`]: { "com.cloudflare.api.account.zone.*": "*" } } },
      { effect: "allow", permission_groups: [{ id: dnsWrite }], resources: { [`com.cloudflare.api.account.zone.${zone}`]: { "com.tokenward.dns.record.TXT:_acme-challenge.*": "*" } } },
    ],
    condition: { request_ip: { in: ["127.0.0.0/8"], not_in: ["127.0.0.9/32"] } },
    not_before: "2018-07-01T05:20:00Z",
    expires_on: "2099-02-01T00:00:00Z",
  };
  const made = await api.create(definition);
  const read = await api.get(made.id);
  const verified = await api.verify(made.value);
  const listed = await count(api.list());
  const updated = await api.update(made.id, { ...definition, name: "renamed", status: "active" });
  const fresh = await api.roll(made.id);
  const oldSecret = await refusal(() => api.verify(made.value));
  const newSecret = await api.verify(fresh);
  const deleted = await api.delete(made.id);
  return {
    definition, id: made.id, created: without(made), read, updated, verified: verified.id, status: verified.status, listed,
    secretInRead: "value" in read || "value" in updated, rolled: fresh !== made.value, oldSecret, newSecret: newSecret.id,
    deleted: deleted.id, deletedSecret: await refusal(() => api.verify(fresh)), missing: await refusal(() => api.get(made.id)),
  };
}

function without({ value, ...rest }) {
  return { ...rest, hasValue: typeof value === "string" && value.length >= 40 };
}

const user = {
  create: (d) => root.user.tokens.create(d),
  get: (id) => root.user.tokens.get(id),
  verify: (secret) => as(secret).user.tokens.verify(),
  list: () => root.user.tokens.list(),
  update: (id, d) => root.user.tokens.update(id, d),
  roll: (id) => root.user.tokens.value.update(id, { body: {} }),
  delete: (id) => root.user.tokens.delete(id),
};

const ofAccount = {
  create: (d) => root.accounts.tokens.create({ account_id: account, ...d }),
  get: (id) => root.accounts.tokens.get(id, { account_id: account }),
  verify: (secret) => as(secret).accounts.tokens.verify({ account_id: account }),
  list: () => root.accounts.tokens.list({ account_id: account }),
  update: (id, d) => root.accounts.tokens.update(id, { account_id: account, ...d }),
  roll: (id) => root.accounts.tokens.value.update(id, { account_id: account, body: {} }),
  delete: (id) => root.accounts.tokens.delete(id, { account_id: account }),
};

async function records() {
  const api = root.dns.records;
  const made = await api.create({ zone_id: zone, type: "A", name: "sdk.example.com", content: "192.0.2.1", ttl: 300, comment: "stays" });
  const edited = await api.edit(made.id, { zone_id: zone, type: "A", name: "sdk.example.com", content: "192.0.2.2", ttl: 300 });
  const mx = await api.create({ zone_id: zone, type: "MX", name: "mx.example.com", content: "mail.example.com", priority: 15, ttl: 300 });
  const filtered = await count(api.list({ zone_id: zone, name: { startswith: "sdk." }, type: "A" }));
  const all = await count(api.list({ zone_id: zone, per_page: 5 }));
  const put = await api.update(made.id, { zone_id: zone, type: "A", name: "sdk.example.com", content: "192.0.2.3", ttl: 120 });
  const deleted = await api.delete(made.id, { zone_id: zone });
  return {
    created: made, edited, mx, put, filtered, all, deleted: deleted.id === made.id,
    missing: await refusal(() => api.get(made.id, { zone_id: zone })),
    twice: await refusal(() => api.create({ zone_id: zone, type: "MX", name: "mx.example.com", content: "mail.example.com", priority: 15, ttl: 300 })),
  };
}

async function zones() {
  const made = await root.zones.create({ account: { id: account }, name: "sdk.test", type: "full" });
  const found = await count(root.zones.list({ name: "sdk.test" }));
  const filtered = await count(root.zones.list({ account: { id: account }, per_page: 5 }));
  const twice = await refusal(() => root.zones.create({ account: { id: account }, name: "sdk.test", type: "full" }));
  const deleted = await root.zones.delete({ zone_id: made.id });
  return { name: made.name, found, filtered, twice, deleted: deleted.id === made.id };
}

async function scope() {
  const made = await root.accounts.tokens.create({
    account_id: account,
    name: "scoped",
    policies: [{ effect: "allow", permission_groups: [{ id: dnsWrite }], resources: { [`com.cloudflare.api.account.zone.${zone}`]: "*" } }],
  });
  const api = as(made.value);
  return {
    own: (await count(api.dns.records.list({ zone_id: zone }))).rows > 0,
    other: await refusal(() => api.dns.records.list({ zone_id: otherZone })),
    purge: await refusal(() => api.cache.purge({ zone_id: zone, purge_everything: true })),
    user: await refusal(() => api.user.get()),
    onUsersPath: await refusal(() => api.user.tokens.verify()),
    wrong: await refusal(() => as("tkut_" + "0".repeat(40) + "deadbeef").user.get()),
  };
}

const groups = await root.user.tokens.permissionGroups.list({ name: "DNS Write", scope: "com.cloudflare.api.account.zone" });
console.log(JSON.stringify({
  user: await tokens(user),
  account: await tokens(ofAccount),
  records: await records(),
  zones: await zones(),
  scope: await scope(),
  purged: (await root.cache.purge({ zone_id: zone, purge_everything: true })).id,
  email: (await root.user.get()).email,
  accounts: await count(root.accounts.list()),
  group: groups.result.map((g) => g.id),
}));
