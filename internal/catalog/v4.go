package catalog

import (
	_ "embed"
	"sync"
)

// The resource kinds of the v4 catalogue, in the order of its vocabulary.
const (
	KindUser    = "com.cloudflare.api.user"
	KindAccount = "com.cloudflare.api.account"
	KindZone    = "com.cloudflare.api.account.zone"
	KindBucket  = "com.cloudflare.edge.r2.bucket"
)

//go:embed v4/catalogue.gen.txt
var v4Text string

var v4 = sync.OnceValues(func() (*Catalog, error) { return load(v4Text) })

// V4 is the built-in catalogue. It is loaded at the first call. A damaged
// embed, which a test would have caught, panics: there is no catalogue to
// answer from, and nothing a caller could do.
func V4() *Catalog {
	c, err := v4()
	if err != nil {
		panic(err)
	}
	return c
}
