package dashboard

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/pasted"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// answerData says what an operation needs.
type answerData struct {
	Op       *catalog.Operation
	Rule     string // who may, in a sentence
	Denied   bool   // nobody may
	On       string // what it acts on
	Groups   []neededGroup
	Accounts string // why tokens of accounts are not taken, "" where they are
	Create   []createLink
	API      string // the custom API it belongs to
}

// neededGroup is a permission that opens an operation.
type neededGroup struct {
	Level *tokenform.Level
	Scope string
}

// askData is the page of the question.
type askData struct {
	Answer  *answerData // nil when there is none
	Others  []*catalog.Operation
	MaxText int
}

// askPermission answers which permission a request needs. What was pasted may
// hold a secret: it is not kept, not in the page's address, and the page shows
// only the method and the path, reduced to words.
func (d *Dashboard) askPermission(_ context.Context, in *request) (page, error) {
	text := in.form.Get("request")
	in.form.Set("request", "")
	p := show("ask", "Which permission does it need?", askData{MaxText: pasted.MaxText})
	p.nav = permissionsPath
	read, problem := pasted.Read(text)
	if problem != "" {
		in.form.fail("request", problem)
		return again(p, in.form), nil
	}
	in.form.Set("request", read.Reduced())
	c := d.authority.Catalog()
	asked := asked{read}
	op, miss := asked.find(c)
	data := askData{MaxText: pasted.MaxText}
	if op != nil {
		data.Answer = d.answerFor(in, op)
	} else {
		in.form.fail("request", missWords(miss))
		data.Others = asked.withOtherMethods(c)
	}
	p.data, p.form = data, in.form
	if op == nil {
		return again(p, in.form), nil
	}
	return p, nil
}

// missWords says why a request names no operation.
func missWords(m catalog.Miss) string {
	switch m {
	case catalog.NoMethod:
		return "The path is there, but not with this method."
	case catalog.BadID:
		return "An id in the path does not have the form of one. Write {id} in its place."
	case catalog.BadPath:
		return "The path is spelled in a way that is refused: an empty or dot segment, or an escaped separator."
	}
	return "The catalogue has no such path, so it is denied to everybody. Is something before or behind it that does not belong there?"
}

// operationPage is the answer for an operation by its id, which can be linked to.
func (d *Dashboard) operationPage(_ context.Context, in *request) (page, error) {
	op := operationOf(d.authority.Catalog(), in.query.Get("id"))
	if op == nil {
		return page{}, &authority.Error{Code: authority.CodeNotFound, Message: "there is no such operation"}
	}
	p := show("operation", op.Method+" "+op.Template, d.answerFor(in, op))
	p.nav = permissionsPath
	return p, nil
}

// operationOf finds an operation by id.
func operationOf(c *catalog.Catalog, id string) *catalog.Operation {
	if op, ok := c.Operation(id); ok && id != "" {
		return op
	}
	return nil
}

// answerFor says what an operation needs.
func (d *Dashboard) answerFor(in *request, op *catalog.Operation) *answerData {
	p := d.picker()
	out := &answerData{Op: op, On: actsOn(op)}
	if api := op.API(); api != nil {
		out.API = cmp.Or(api.Title, api.Name)
	}
	out.Rule, out.Denied = ruleWords(op)
	if op.Rule == catalog.Groups || op.Rule == catalog.Rows {
		out.Groups = neededGroups(p, op)
	}
	switch {
	case op.UserOnly:
		out.Accounts = "It acts on the user, whom an account's token does not act for."
	case op.Target == catalog.TargetUser && !slices.ContainsFunc(out.Groups, func(g neededGroup) bool { return g.Scope != "user" }):
		out.Accounts = "Its permissions act on the user, and an account's token cannot hold those."
	case op.Incompatible != "":
		out.Accounts = "The product " + op.Incompatible + " takes no tokens that an account owns."
	case op.Rule == catalog.Person:
		out.Accounts = "No token can do this."
	}
	if len(out.Groups) > 0 {
		out.Create = d.createLinks(in, out.Groups[0].Level.Group)
	}
	if out.Accounts != "" {
		out.Create = out.Create[:min(1, len(out.Create))]
	}
	return out
}

// neededGroups are the accepted groups, the one that opens least first.
func neededGroups(p *tokenform.Picker, op *catalog.Operation) []neededGroup {
	var out []neededGroup
	for no := range op.Accepted.All {
		if l := p.Level(p.Catalog().GroupByNo(no).ID); l != nil {
			out = append(out, neededGroup{l, l.Family().Scope})
		}
	}
	slices.SortStableFunc(out, func(a, b neededGroup) int {
		return cmp.Or(cmp.Compare(a.Level.Operations, b.Level.Operations), strings.Compare(a.Level.Name(), b.Level.Name()))
	})
	return out
}

// ruleWords says who may do an operation, and whether nobody may.
func ruleWords(op *catalog.Operation) (string, bool) {
	switch op.Rule {
	case catalog.Groups:
		if op.Accepted.Len() == 1 {
			return "It needs this permission.", false
		}
		return "Any one of these permissions is enough. The one that opens least comes first.", false
	case catalog.Rows:
		return "Every live token may ask; it is shown the rows that one of these permissions opens.", false
	case catalog.Live:
		return "Every live token may ask. What it is shown, or may do, depends on its permissions on each resource.", false
	case catalog.Known:
		return "Every token may ask, also one that is disabled or has expired.", false
	case catalog.Person:
		return "No token can do this: it needs a user’s API key, or somebody who is signed in.", false
	case catalog.Public:
		return "It needs no token. What is sent with it is the proof.", false
	}
	return "Nobody may: it is not stated which permissions open it, and what is not stated is denied.", true
}

// actsOn says which resource an operation acts on.
func actsOn(op *catalog.Operation) string {
	switch op.Target {
	case catalog.TargetUser:
		return "The user whom the token acts for"
	case catalog.TargetAccount:
		return "The account in the path"
	case catalog.TargetZone:
		return "The zone in the path"
	case catalog.TargetBucket:
		return "The R2 bucket in the path"
	case catalog.TargetAnywhere:
		return "What belongs to nobody: the permission counts wherever the token holds it"
	case catalog.TargetPlaces:
		return "The resource that the request names"
	}
	return "No resource that the path names"
}
