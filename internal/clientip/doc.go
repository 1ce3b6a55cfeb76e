// Package clientip says whose address a request comes from, behind which
// trusted hops.
//
// A forwarding header is a list that each hop appends to, and whoever sends the
// request writes its beginning. So it is read from the right, over all its
// lines, and only as far as trusted hops vouch for it. What cannot be read is
// no address, and whoever needs one denies.
//
// What an address may do belongs to package policy.
package clientip
