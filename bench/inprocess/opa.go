package inprocess

import (
	"context"
	"strconv"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/tokenward/tokenward/bench/model"
)

// opaSubject is OPA's library: one query, prepared; tokens as data, in objects that
// are looked into by key; a store that gives values as the evaluator has them; and
// an input that needs no conversion. rules and document are the form that the tokens
// have.
func opaSubject(m *model.Model, rules string, document func(*model.Model, int) map[string]any) *subject {
	ctx := context.Background()
	var mu sync.Mutex // guards tokens
	tokens := make(map[string]any, m.Tokens)
	var query rego.PreparedEvalQuery
	names := []*ast.Term{ast.StringTerm("token"), ast.StringTerm("group"), ast.StringTerm("zone")}
	asked := ast.StringTerm(model.Asked)
	return &subject{
		load: func(n int) error {
			d := document(m, n)
			mu.Lock()
			defer mu.Unlock()
			tokens[strconv.Itoa(n)] = d
			return nil
		},
		readyTimes: 3, // it makes terms of all documents, while it has both
		ready: func() error {
			store := inmem.NewFromObjectWithOpts(map[string]any{"tokens": tokens}, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
			var err error
			query, err = rego.New(rego.Query("data.tokenward.allow"), rego.Module("tokens.rego", rules), rego.Store(store)).PrepareForEval(ctx)
			tokens = nil
			return err
		},
		byNumber: func(n int, zone string) (bool, error) {
			input := ast.NewObject(
				[2]*ast.Term{names[0], ast.StringTerm(strconv.Itoa(n))}, [2]*ast.Term{names[1], asked}, [2]*ast.Term{names[2], ast.StringTerm(zone)})
			result, err := query.Eval(ctx, rego.EvalParsedInput(input))
			return result.Allowed(), err
		},
	}
}
