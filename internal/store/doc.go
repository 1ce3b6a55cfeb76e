// Package store keeps the rows of the authority and of dns: it implements
// [authority.Store] and [dns.Store] on one database, so that a row, its event and
// its entry of the change feed are one transaction.
//
// The statements are one text for two databases: $1 placeholders, compare-and-swap
// on version, no row locks. What only SQLite understands (the DSN and its pragmas,
// the codes of errors, the tables' types) is in sqlite.go and migrations/sqlite.
//
// On SQLite all writes pass one writer, which commits those that wait together
// (writer.go, batch.go). Reads go through a pool of their own and see what has been
// committed. A number of the change feed is given inside a writer's transaction, and
// there is one at a time, so numbers become visible in their order.
//
// The package decides nothing: who may do what belongs to the authority.
package store
