package extauthz

import (
	"net/http"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/v4"
)

// Keys of context_extensions, by which Envoy's configuration says what it asks
// about. Clients have no say in them.
const (
	extensionAPI        = "catalog"    // the catalogue's name
	extensionPrefix     = "prefix"     // taken off paths
	extensionLists      = "lists"      // "filtered": the API filters its lists itself
	extensionCredential = "credential" // "kept": the API gets Authorization
)

// fault is why there is nothing to be judged.
type fault struct {
	status, code int
	why          string
}

func (f *fault) refusal() enforce.Answer { return enforce.Refusal(f.status, f.code, f.why) }

func undescribed(why string) *fault {
	return &fault{http.StatusForbidden, v4.CodeNotJudgedHere, "The proxy does not describe the request: " + why}
}

// question is a CheckRequest, as far as it counts. Its memory serves for one after
// another.
type question struct {
	enforce.Question
	isHTTP bool
	keep   bool // the API gets Authorization
	lines  []entry
	client header
	wrong  *fault // why it is not to be judged, nil when it is
}

func newQuestion() *question { return &question{client: newHeader()} }

// read reads a message. A body that Envoy sent along is not looked at: Envoy would
// forward what was sent, not what was judged.
func (q *question) read(message []byte) {
	switch {
	case !each(message, q.inMessage): // what was read before the fault does not count either
		q.wrong = undescribed("the message is broken")
	case !q.isHTTP:
		q.wrong = undescribed("it is not one of HTTP")
	default:
		q.wrong = q.readHeader()
	}
	if len(q.lines) > usualLines {
		q.lines = nil
	}
	clear(q.lines) // they lie in the message, whose memory is not ours
	q.lines = q.lines[:0]
}

// forget makes it ready for another message.
func (q *question) forget() {
	q.client.forget()
	*q = question{lines: q.lines, client: q.client}
}

func (q *question) inMessage(field protowire.Number, value []byte) bool {
	return field != requestAttributes || each(value, q.inAttributes)
}

func (q *question) inAttributes(field protowire.Number, value []byte) bool {
	switch field {
	case attributesSource:
		return each(value, q.inPeer)
	case attributesRequest:
		return each(value, q.inRequest)
	case attributesExtensions:
		return q.readExtension(value)
	}
	return true
}

func (q *question) readExtension(value []byte) bool {
	e, ok := readEntry(value)
	switch string(e.key) {
	case extensionAPI:
		q.API = string(e.value)
	case extensionPrefix:
		q.Prefix = string(e.value)
	case extensionLists:
		q.Lists = string(e.value) == "filtered"
	case extensionCredential:
		q.keep = string(e.value) == "kept"
	}
	return ok
}

func (q *question) inPeer(field protowire.Number, value []byte) bool {
	return field != peerAddress || each(value, q.inAddress)
}

// inAddress reads the address of Envoy's peer, which is "" for one that has none.
func (q *question) inAddress(field protowire.Number, value []byte) bool {
	switch field {
	case addressSocket:
		return each(value, q.inSocket)
	case addressPipe, addressInternal: // the last one of the three counts
		q.Peer = ""
	}
	return true
}

func (q *question) inSocket(field protowire.Number, value []byte) bool {
	return field != socketAddress || readText(value, &q.Peer)
}

func (q *question) inRequest(field protowire.Number, value []byte) bool {
	if field != describedHTTP {
		return true
	}
	q.isHTTP = true
	return each(value, q.inHTTP)
}

// inHTTP keeps the lines of the client's header for readHeader: what they are held
// against may come after them. A name that comes twice, which Envoy's map cannot send,
// counts twice.
func (q *question) inHTTP(field protowire.Number, value []byte) bool {
	switch field {
	case httpMethod:
		return readText(value, &q.Method)
	case httpPath:
		return readText(value, &q.Target)
	case httpHeaders:
		e, ok := readEntry(value)
		e.raw = nil // which an entry of a map does not have
		q.lines = append(q.lines, e)
		return ok
	case httpHeaderMap:
		return each(value, q.inHeaderMap)
	}
	return true
}

func (q *question) inHeaderMap(field protowire.Number, value []byte) bool {
	if field != mapHeaders {
		return true
	}
	e, ok := readEntry(value)
	q.lines = append(q.lines, e)
	return ok
}
