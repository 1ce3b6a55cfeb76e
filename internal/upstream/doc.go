// Package upstream hands requests that the gate has let through to an API behind
// it, and its answers back. A [Proxy] is one such API: its address, the
// credential that it is called with, and its limits.
//
// It owns what crosses the border: which headers go either way, the upstream's
// credential, which never comes back, timeouts, streams and their end when the
// caller loses the right to them, and lists of which callers are shown their own
// rows. It also finds the account of a zone that only the upstream knows
// ([Zones]).
//
// Who may do what is judged before, by the gate; that a caller still may, and may
// see a row, it asks the functions of a [Pass].
package upstream
