package httpapi

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// recordFailure words an answer of package dns: every fault of a record is an
// error of its own, as newer answers of upstream have it.
func recordFailure(e *dns.Error) failure {
	status := http.StatusBadRequest
	if e.Code == authority.CodeNotFound {
		status = http.StatusNotFound
	}
	if len(e.Chain) == 0 {
		return one(status, e.Number, e.Message)
	}
	f := failure{status: status}
	for _, fl := range e.Chain {
		f.errors = append(f.errors, withPointer(fl.Pointer, v4.Error{Code: fl.Number, Message: fl.Message}))
	}
	return f
}

// withPointer adds where in the body an error is. What does not begin with a slash
// names a parameter of the query instead.
func withPointer(pointer string, e v4.Error) v4.Error {
	if strings.HasPrefix(pointer, "/") {
		e.Source = &v4.Source{Pointer: pointer}
	}
	return e
}

// forbiddenFailure refuses changes of records, each as the gate refuses a
// request.
func forbiddenFailure(e *dns.Forbidden, op *catalog.Operation) failure {
	f := failure{status: http.StatusForbidden}
	for _, c := range e.Changes {
		f.errors = append(f.errors, withPointer(c.At, failureOf(c.Why, op).errors[0]))
	}
	return f
}

// tellRecords completes a forbiddenFailure: what it would take, on which record,
// and which records the caller has. Of a token's owner it tells nothing, as the
// gate does not.
func (a *API) tellRecords(f *failure, c *Call, e *dns.Forbidden) {
	held := recordsHeld(&c.Caller, e)
	for i, change := range e.Changes {
		f.errors[i].ErrorChain = recordChain(a.authority.Catalog(), c.Match.Op, change.Type, change.Name, held)
	}
}

func recordChain(cat *catalog.Catalog, op *catalog.Operation, typ, name, held string) []v4.ChainItem {
	names, _ := cat.Needed(op)
	chain := []v4.ChainItem{
		{Code: v4.CodeNeedsGroup, Message: "Needs any one of the permission groups " + names},
		{Code: v4.CodeOnResource, Message: "On record " + typ + ":" + name},
	}
	if held != "" {
		chain = append(chain, v4.ChainItem{Code: v4.CodePartOfZone, Message: held})
	}
	return chain
}

// RecordDenied refuses an operation on a record where records are not kept here, as
// it is refused here. why is what RecordScope.Denied gives.
func RecordDenied(cat *catalog.Catalog, c *Call, typ, name string, why error) v4.Error {
	c.Refused(refusedOn(why))
	e := failureOf(why, c.Match.Op).errors[0]
	e.ErrorChain = recordChain(cat, c.Match.Op, typ, name, recordsHeld(&c.Caller, why))
	return e
}

// recordsHeld says on which records the caller may do what was refused on
// another, "" where that is not to be told.
func recordsHeld(c *authority.Caller, e error) string {
	var own *authority.Error
	if !errors.As(e, &own) || own.Record == nil {
		return ""
	}
	who, parts := "This token", own.Record.Parts.Token
	if c.TokenID() == "" {
		who, parts = "This user", own.Record.Parts.Owner
	}
	allowed, denied := patternsOf(parts, policy.Allow), patternsOf(parts, policy.Deny)
	switch {
	case allowed == "":
		return ""
	case denied == "":
		return who + " has that on " + allowed
	}
	return who + " has that on " + allowed + ", but not on " + denied
}

// refusedOn is the record that an operation was refused on, the zero Ref where that
// is not why, and the decision.
func refusedOn(e error) (policy.Ref, policy.Decision) {
	var own *authority.Error
	if !errors.As(e, &own) || own.Record == nil {
		return policy.Ref{}, policy.Decision{}
	}
	return own.Record.Ref, own.Record.Decision
}

// maxPatterns is how many patterns a refusal names.
const maxPatterns = 10

func patternsOf(parts []policy.Part, e policy.Effect) string {
	var all []string
	for _, p := range parts {
		switch {
		case p.Effect != e || slices.Contains(all, p.Pattern):
		case len(all) == maxPatterns:
			return strings.Join(all, ", ") + " and more"
		default:
			all = append(all, p.Pattern)
		}
	}
	return strings.Join(all, ", ")
}
