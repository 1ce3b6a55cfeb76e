// Package policy owns what a token may do: permission groups on resources,
// with allow and deny, and the client-IP condition.
//
// Policies come in as [Policy] values, are checked and compiled once into a
// [Set], and are judged with [Set.Evaluate]. Evaluate is pure and total: it has
// no clock, does no I/O and returns no error, and the zero [Decision] denies.
//
// The package knows no permission group and no resource kind by name. Both come
// from a [Vocabulary], which package catalog builds from its facts. Whose token
// it is, whether it is live and what its owner may do belong to package
// authority.
package policy
