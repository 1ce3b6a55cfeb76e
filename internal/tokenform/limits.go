package tokenform

import (
	"net/netip"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// addressWords says from where a token can be used.
func addressWords(c *policy.Condition) Sentence {
	say := func(limit int) string {
		switch not := list(bare(c.NotIn), min(limit, len(c.NotIn))); {
		case c.In != nil && len(c.In) == 0:
			return "from no address at all"
		case c.In == nil && not == "":
			return "from any address"
		case c.In == nil:
			return "from any address but not from " + not
		case not == "":
			return "from " + list(bare(c.In), min(limit, len(c.In)))
		default:
			return "from " + list(bare(c.In), min(limit, len(c.In))) + " but not from " + not
		}
	}
	return Sentence{From, say(maxPlaces), say(max(len(c.In), len(c.NotIn)))}
}

// bare writes a range of one address as the address.
func bare(ranges []string) []string {
	out := make([]string, len(ranges))
	for i, s := range ranges {
		out[i] = s
		if p, err := netip.ParsePrefix(s); err == nil && p.IsSingleIP() {
			out[i] = p.Addr().String()
		}
	}
	return out
}

// dateWords says when a token can be used.
func dateWords(d *authority.Draft, in string) Sentence {
	z, _ := zone(in)
	start, end := Day(d.NotBefore, z), Day(d.ExpiresOn, z)
	switch {
	case start == "" && end == "":
		return plain(While, "without an end")
	case start == "":
		return plain(While, "until "+end)
	case end == "":
		return plain(While, "from "+start+" on, without an end")
	}
	return plain(While, "from "+start+" until "+end)
}

// Day writes a moment with its zone, "1 March 2027 (UTC)", and the time unless
// it is midnight; "" for the zero time.
func Day(t time.Time, z *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(z)
	layout := "2 January 2006"
	switch {
	case t.Second() != 0 || t.Nanosecond() != 0:
		layout += ", 15:04:05"
	case t.Hour() != 0 || t.Minute() != 0:
		layout += ", 15:04"
	}
	return t.Format(layout) + " (" + z.String() + ")"
}
