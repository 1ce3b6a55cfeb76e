package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/tokenward/tokenward/e2e/demo"
)

// axeScript is the source of axe-core, which judges the accessibility of a page.
var axeScript = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile("js/node_modules/axe-core/axe.min.js")
	return string(source), err
})

// violation is a rule that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		Target         []any
		FailureSummary string
	}
}

// axe fails when the page breaks a rule of axe-core: all that there are, best
// practices too, or these alone. The page's policy lets no script in; the
// browser's driver does.
func (b *tab) axe(rules ...string) {
	b.t.Helper()
	if b.look.noScript { // it needs some itself; the page's own is not run any more
		b.script(true)
		defer b.script(false)
	}
	source, err := axeScript()
	if err != nil {
		b.t.Fatalf("axe-core is missing: run browser/deps.sh: %v", err)
	}
	if !eval[bool](b, "'axe' in window") {
		if err := b.try("(() => {"+source+"; return true })()", nil); err != nil {
			b.t.Fatalf("load axe-core: %v", err)
		}
	}
	options := map[string]any{"resultTypes": []string{"violations"}}
	if len(rules) > 0 {
		options["runOnly"] = rules
	}
	given, err := json.Marshal(options)
	if err != nil {
		b.t.Fatal(err)
	}
	found := eval[[]violation](b, fmt.Sprintf("(await axe.run(document, %s)).violations", given))
	for _, v := range found {
		for _, n := range v.Nodes {
			b.t.Errorf("%s (%s): %s: %s\n  %s\n  %s", b.where(), b.look, v.ID, v.Help, demo.Redact(n.HTML), strings.ReplaceAll(n.FailureSummary, "\n", "\n  "))
		}
	}
}
