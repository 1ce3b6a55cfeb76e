package client

import (
	"context"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// Explain tells what an access would come to: by one of the owner's tokens, or by
// a token as a draft says. Only tokenward serves it.
func (o Owner) Explain(ctx context.Context, q v4.ExplainRequest) (v4.Explanation, error) {
	if o.err != nil {
		return v4.Explanation{}, o.err
	}
	path := "/tokenward" + strings.TrimSuffix(o.path, "/tokens") + "/explain"
	return call[v4.Explanation](ctx, o.c, request{method: http.MethodPost, path: path, body: q})
}
