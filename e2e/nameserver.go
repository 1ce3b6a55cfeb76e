package e2e

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"golang.org/x/net/dns/dnsmessage"
)

// nameserver answers for one zone with the TXT records that a server has at the
// moment. It says of every other question that there is no such record.
type nameserver struct {
	t      *testing.T
	api    *v7
	zoneID string
	zone   string
}

// startNameserver gives the address of a name server for a zone of the demo.
func (s *server) startNameserver(t *testing.T, zone int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenPacket("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n := nameserver{t, s.rootV7(), s.zone(zone), s.Boot.Zones[zone].Name}
	var running sync.WaitGroup
	running.Go(func() { n.serveUDP(t.Context(), conn) })
	running.Go(func() { n.serveTCP(t.Context(), l) })
	t.Cleanup(func() {
		conn.Close()
		l.Close()
		running.Wait()
	})
	return l.Addr().String()
}

// serveTCP answers one connection after the other, one question each: a message
// stands behind its length (RFC 1035, 4.2.2).
func (n *nameserver) serveTCP(ctx context.Context, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		var size [2]byte
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.ReadFull(conn, size[:]); err == nil {
			message := make([]byte, binary.BigEndian.Uint16(size[:]))
			_, _ = io.ReadFull(conn, message) // what is cut off is no question
			if answer, ok := n.answer(ctx, message); ok {
				_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
			}
		}
		conn.Close()
	}
}

func (n *nameserver) serveUDP(ctx context.Context, conn net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		size, from, err := conn.ReadFrom(buf)
		if err != nil {
			return // closed
		}
		if answer, ok := n.answer(ctx, buf[:size]); ok {
			_, _ = conn.WriteTo(answer, from) // who gets no answer asks again
		}
	}
}

// answer is the message that answers another; false for what is no question.
func (n *nameserver) answer(ctx context.Context, message []byte) ([]byte, bool) {
	var p dnsmessage.Parser
	header, err := p.Start(message)
	if err != nil {
		return nil, false
	}
	q, err := p.Question()
	if err != nil {
		return nil, false
	}
	out := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true, RecursionDesired: header.RecursionDesired, RecursionAvailable: true},
		Questions: []dnsmessage.Question{q},
	}
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	as := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}
	switch {
	case q.Type == dnsmessage.TypeSOA && name == n.zone:
		ns := dnsmessage.MustNewName("ns." + n.zone + ".")
		out.Answers = append(out.Answers, dnsmessage.Resource{Header: as, Body: &dnsmessage.SOAResource{NS: ns, MBox: ns, Serial: 1, Refresh: 60, Retry: 60, Expire: 60, MinTTL: 1}})
	case q.Type == dnsmessage.TypeTXT:
		for _, text := range n.texts(ctx, name) {
			out.Answers = append(out.Answers, dnsmessage.Resource{Header: as, Body: &dnsmessage.TXTResource{TXT: []string{text}}})
		}
	}
	packed, err := out.Pack()
	return packed, err == nil
}

// texts are what the TXT records of a name say.
func (n *nameserver) texts(ctx context.Context, name string) []string {
	var exact dns.RecordListParamsName
	set(&exact.Exact, name)
	var p dns.RecordListParams
	set(&p.ZoneID, n.zoneID)
	set(&p.Name, exact)
	set(&p.Type, dns.RecordListParamsTypeTXT)
	rows, err := collect(n.api.records.ListAutoPaging(ctx, p))
	if err != nil {
		n.t.Errorf("the name server's look-up of %s: %v", name, err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, strings.Trim(r.Content, `"`))
	}
	slices.Sort(out)
	return out
}
