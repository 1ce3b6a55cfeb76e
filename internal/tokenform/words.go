package tokenform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// Sentence is a part of what a token means in plain words. The token is its
// subject: "can read and change DNS of example.com".
type Sentence struct {
	Kind string // Can, Never, From, While or State
	Text string // with long lists cut short: "and 12 more"
	Full string // with every item; the same as Text where nothing was cut
}

// Kinds of sentences.
const (
	Can   = "can"   // what it may do
	Never = "never" // what is taken away again
	From  = "from"  // the addresses it can be used from
	While = "while" // its dates
	Limit = "limit" // how many requests it may make
	State = "state" // why it cannot be used although its dates allow it
)

// How many items of a list Text has.
const (
	maxSubjects = 6
	maxPlaces   = 4
)

// Words says what a draft means, whatever its policies are, valid or not. Dates
// are in the basis's time zone.
func Words(b Basis, d *authority.Draft, names Names) []Sentence {
	var out []Sentence
	w := wording{phrasing: phrasing{names, b}}
	for i := range d.Policies {
		w.note(&d.Policies[i])
	}
	for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
		for _, s := range w.said {
			if s.effect == effect {
				out = append(out, w.sentences(s)...)
			}
		}
	}
	if len(out) == 0 || out[0].Kind != Can {
		out = slices.Insert(out, 0, plain(Can, "can do nothing"))
	}
	out = append(out, addressWords(&d.Condition), dateWords(d, b.TimeZone))
	if l := d.RateLimit; l != nil {
		out = append(out, plain(Limit, fmt.Sprintf("can make at most %d requests in %d seconds", l.Requests, l.Period)))
	}
	switch d.Status {
	case authority.StatusDisabled:
		out = append(out, plain(State, "is switched off"))
	case authority.StatusExposed:
		out = append(out, plain(State, "was found in public and cannot be used until it is rolled"))
	}
	return out
}

func plain(kind, text string) Sentence { return Sentence{kind, text, text} }

// wording collects what policies say, by effect and resources.
type wording struct {
	phrasing
	said    []*saying
	allowed map[*Family][]string // levels
}

// saying is groups on resources.
type saying struct {
	effect  policy.Effect
	on      []string
	order   []*Family
	levels  map[*Family][]string
	unknown []string // ids of groups that the catalogue does not have
	records int      // how many of on are records
}

// note files a policy: groups of one scope together, since what a resource means
// depends on it.
func (w *wording) note(p *policy.Policy) {
	for _, id := range p.Groups {
		l, scope := w.basis.Picker.Level(id), ""
		if l != nil {
			scope = l.Group.Scope
		}
		var on []string
		records := 0
		for _, r := range p.Resources {
			on = append(on, w.of(r, scope)...)
			sets, _ := recordsAmong(r.Nested)
			records += len(sets)
		}
		s := w.saying(p.Effect, on)
		s.records = records
		if l == nil {
			s.unknown = append(s.unknown, id)
			continue
		}
		if !slices.Contains(s.order, l.family) {
			s.order = append(s.order, l.family)
		}
		s.levels[l.family] = append(s.levels[l.family], l.Key)
		if p.Effect == policy.Allow {
			if w.allowed == nil {
				w.allowed = map[*Family][]string{}
			}
			w.allowed[l.family] = append(w.allowed[l.family], l.Key)
		}
	}
}

func (w *wording) saying(e policy.Effect, on []string) *saying {
	for _, s := range w.said {
		if s.effect == e && slices.Equal(s.on, on) {
			return s
		}
	}
	s := &saying{effect: e, on: on, levels: map[*Family][]string{}}
	w.said = append(w.said, s)
	return s
}

// sentences has one for each thing done: all that is read, all that is changed.
func (w *wording) sentences(s *saying) []Sentence {
	subjects := map[string][]string{}
	var order []string
	add := func(verbs, subject string) {
		if subjects[verbs] == nil {
			order = append(order, verbs)
		}
		if !slices.Contains(subjects[verbs], subject) {
			subjects[verbs] = append(subjects[verbs], subject)
		}
	}
	for _, f := range s.order {
		for _, deed := range w.deeds(s, f) {
			add(deed.verbs, deed.subject)
		}
	}
	for _, id := range s.unknown {
		add("use", "the unknown permission "+shortID(id))
	}
	kind, start := Can, "can "
	if s.effect == policy.Deny {
		kind, start = Never, "but never "
	}
	var out []Sentence
	for _, verbs := range order {
		say := func(subject, place int) string {
			if verbs != "use" && s.onRecordsOnly() {
				return start + verbs + " " + list(s.on, place)
			}
			text := start + verbs + " " + list(subjects[verbs], subject)
			if len(s.on) > 0 {
				text += " of " + list(s.on, place)
			}
			return text
		}
		out = append(out, Sentence{kind, say(maxSubjects, maxPlaces), say(len(subjects[verbs]), len(s.on))})
	}
	return out
}

// list writes at most limit items, and how many more there are.
func list(items []string, limit int) string {
	if len(items) <= limit+1 { // "and 1 more" is no shorter
		return join(items, "and")
	}
	return strings.Join(items[:limit], ", ") + fmt.Sprintf(" and %d more", len(items)-limit)
}
