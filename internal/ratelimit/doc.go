// Package ratelimit counts requests: how many a caller may make in a window of
// time, how many a token may that has a limit of its own, and how many an address
// may make in a second (contract 4.6).
//
// It knows nothing of HTTP and of who callers are. Memory is bounded: of each
// kind at most so many are remembered, and those not seen for longest are
// forgotten first. All counts are in memory, each node's own.
package ratelimit
