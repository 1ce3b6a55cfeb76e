package narrowing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// place is a resource that something is needed on.
type place struct {
	path    policy.Path
	open    bool
	needs   []int           // indexes of them
	offered policy.GroupSet // what the token has there, where it is known where that is
}

// places are those of all needs: the ones that leave open where they are first,
// and what holds others before those, so that what was given on the whole is not
// given again on its parts.
func (f *finder) places() []*place {
	type at struct {
		path policy.Path
		open bool
	}
	known := make(map[at]*place)
	var out []*place
	for i := range f.needs {
		n := &f.needs[i]
		p := known[at{n.Path, n.Open}]
		if p == nil {
			p = &place{path: n.Path, open: n.Open}
			known[at{n.Path, n.Open}] = p
			out = append(out, p)
		}
		p.needs = append(p.needs, i)
	}
	keys := make(map[*place]string, len(out))
	for _, p := range out {
		keys[p] = f.pathKey(&p.path)
	}
	slices.SortFunc(out, func(a, b *place) int {
		return cmp.Or(truth(b.vague())-truth(a.vague()), cmp.Compare(a.path.Len(), b.path.Len()), strings.Compare(keys[a], keys[b]))
	})
	return out
}

// vague reports whether it is not known where the place is.
func (p *place) vague() bool { return p.open || p.path.Len() == 0 }

func (f *finder) pathKey(p *policy.Path) string {
	var b strings.Builder
	for i := range p.Len() {
		b.WriteString(f.v.Key(p.At(i)) + " ")
	}
	return b.String()
}

// meet gives what a place's needs take.
func (f *finder) meet(p *place) {
	if p.vague() {
		f.meetVague(p)
		return
	}
	given, denied := f.today(&p.path)
	p.offered = given.Minus(&denied)
	have := f.have(&p.path)
	have = have.And(&p.offered)
	var open []policy.GroupSet
	for _, i := range p.needs {
		enough := f.needs[i].Accepted.And(&p.offered)
		switch {
		case enough.Empty():
			f.lost[i] = true
			f.partly[i] = f.someRecords(&p.path, &f.needs[i].Accepted)
		case !enough.Meets(&have):
			open = append(open, enough)
		}
	}
	chosen := f.choose(open)
	for no := range chosen.All {
		f.give(&p.path, no)
	}
}

// today is what the token's policies give on a path, and what they take away.
func (f *finder) today(path *policy.Path) (given, denied policy.GroupSet) {
	for i := range f.rules {
		r := &f.rules[i]
		if !spotOf(&r.Pattern).covers(path) {
			continue
		}
		says := f.gives(i)
		if r.Effect == policy.Allow {
			given = given.Or(&says)
		} else {
			denied = denied.Or(&says)
		}
	}
	return given, denied
}

// someRecords reports whether one of the groups is given on DNS records that lie
// there: what was done there was done to those, and the policy stays.
func (f *finder) someRecords(path *policy.Path, accepted *policy.GroupSet) bool {
	for i := range f.rules {
		r := &f.rules[i]
		in, ok := path.Find(r.Pattern.In.Kind)
		if says := f.gives(i); r.Effect == policy.Allow && f.kept[r.Policy] && ok && in == r.Pattern.In && says.Meets(accepted) {
			return true
		}
	}
	return false
}

// have is what is given on a path by policies that stay, or was given already.
func (f *finder) have(path *policy.Path) policy.GroupSet {
	var out policy.GroupSet
	for i := range f.rules {
		r := &f.rules[i]
		if r.Effect == policy.Allow && f.kept[r.Policy] && spotOf(&r.Pattern).covers(path) {
			says := f.gives(i)
			out = out.Or(&says)
		}
	}
	f.covering(path, func(at ruleSpot) {
		says := f.given[at.rule].groups[at.spot]
		out = out.Or(&says)
	})
	return out
}

// covering finds the spots with something left that cover a path.
func (f *finder) covering(path *policy.Path, found func(ruleSpot)) {
	for i := range path.Len() {
		ref := path.At(i)
		lists := [][]ruleSpot{f.spots[policy.Ref{Kind: ref.Kind}]}
		if !ref.Any() {
			lists = append(lists, f.spots[ref])
		}
		for _, list := range lists {
			for _, at := range list {
				if at.spot.covers(path) {
					found(at)
				}
			}
		}
	}
}

// give leaves a group on a path, by the rule that can say it most narrowly.
func (f *finder) give(path *policy.Path, no policy.GroupNo) {
	best := ruleSpot{rule: -1}
	for i := range f.rules {
		r := &f.rules[i]
		own := spotOf(&r.Pattern)
		if r.Effect != policy.Allow || f.kept[r.Policy] || !own.covers(path) {
			continue
		}
		if says := f.gives(i); !says.Has(no) {
			continue
		}
		if s := f.narrow(own, path, no); best.rule < 0 || f.narrower(s, best.spot) < 0 {
			best = ruleSpot{i, s}
		}
	}
	if best.rule >= 0 {
		f.leave(best, no)
	}
}

// meetVague meets needs of which it is not known where they are: each rule that
// may have met them keeps enough for it.
func (f *finder) meetVague(p *place) {
	met := make([]bool, len(p.needs))
	for i := range f.rules {
		r := &f.rules[i]
		own := spotOf(&r.Pattern)
		if r.Effect != policy.Allow || p.path.Len() > 0 && !f.mayCover(own, &p.path) {
			continue
		}
		says := f.gives(i)
		var open []policy.GroupSet
		for k, n := range p.needs {
			if enough := f.needs[n].Accepted.And(&says); !enough.Empty() {
				open, met[k] = append(open, f.apart(&enough)...), true
			}
		}
		if f.kept[r.Policy] {
			continue
		}
		chosen := f.choose(open)
		for no := range chosen.All {
			f.leave(ruleSpot{i, f.narrow(own, &p.path, no)}, no)
		}
	}
	for k, n := range p.needs {
		f.lost[n] = !met[k]
	}
}

// apart is a choice between groups, or no choice where a policy denies one of them
// somewhere: the other could be the one that counts there.
func (f *finder) apart(enough *policy.GroupSet) []policy.GroupSet {
	denied := false
	for i := range f.rules {
		says := f.gives(i)
		denied = denied || f.rules[i].Effect != policy.Allow && says.Meets(enough)
	}
	if !denied {
		return []policy.GroupSet{*enough}
	}
	var out []policy.GroupSet
	for no := range enough.All {
		var one policy.GroupSet
		one.Add(no)
		out = append(out, one)
	}
	return out
}
