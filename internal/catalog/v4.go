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
	KindRecord  = "com.tokenward.dns.record"
)

//go:embed v4/catalogue.gen.txt
var v4Text string

//go:embed v4/templates.txt
var v4Templates string

//go:embed v4/templatekeys.txt
var v4TemplateKeys string

//go:embed v4/compatibility.txt
var v4Compatibility string

var v4 = sync.OnceValues(func() (*Catalog, error) { return loadV4("") })

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

// V4Compatible is the built-in catalogue with another table of the products that
// take tokens owned by an account (see Compatibility). "" is the newest table,
// the one that V4 has. The error names the tables there are.
func V4Compatible(version string) (*Catalog, error) {
	if c := V4(); version == "" || version == c.compatibility.Version {
		return c, nil
	}
	return loadV4(version)
}

func loadV4(version string) (*Catalog, error) {
	c, err := load(v4Text)
	if err != nil {
		return nil, err
	}
	if err := c.loadTemplates(v4Templates); err != nil {
		return nil, err
	}
	if err := c.loadTemplateKeys(v4TemplateKeys); err != nil {
		return nil, err
	}
	table, err := parseCompatibility(v4Compatibility)
	if err != nil {
		return nil, err
	}
	if version == "" {
		version = table.Versions[0].Name
	}
	return c, c.putInForce(table, version)
}
