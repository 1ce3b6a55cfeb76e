// Package authority owns tokens and everything that decides what they may do
// today: the six verbs (Issue, Update, Roll, Revoke, Verify, Authorize), users,
// accounts, memberships, roles and zones, and the cache of facts that makes
// Authorize fast.
//
// Every change is a verb that takes a [Caller] and writes the row, its [Event]
// and its [Change] in one transaction of the [Store]. Every verb and every read
// authorizes its Caller with the same engine that the gate uses.
//
// The secret's form belongs to package token, the judging of policies to
// package policy, the facts of operations and permission groups to package
// catalog, and wire formats to those who speak them.
package authority
