package catalog

import (
	"os"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog/compile"
)

func TestGeneratedFileIsWhatTheSourcesGive(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	got, err := compile.Catalogue(compile.Sources{
		Groups:     read("v4/groups.txt"),
		Operations: read("v4/operations.txt"),
		Overlay:    read("v4/overlay.txt"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != v4Text {
		t.Fatal("v4/catalogue.gen.txt is stale: run go generate ./internal/catalog")
	}
}

func TestSourceHas401Groups(t *testing.T) {
	b, err := os.ReadFile("v4/groups.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows, held := 0, 0
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		if strings.Contains(line, "\theld\t") {
			held++
		}
	}
	if rows != 401 || held != 18 {
		t.Errorf("%d groups, %d held; want 401, 18", rows, held)
	}
}

func TestDamagedCatalogueDoesNotLoad(t *testing.T) {
	head := "kind\tk\t\t\ngroup\t" + strings.Repeat("a", 32) + "\tG\tk\t\tread\tg_read\tpublic\td\nset\t0\n"
	op := func(fields string) string { return head + "op\tGET\t" + fields + "\nend\t1\t1\n" }
	good := op("/a/{b}\tid\tp\ts\t\tgroups\tproduct\tnone\t0\ts")
	if _, err := load(good); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"empty":                "",
		"cut short":            v4Text[:len(v4Text)/2],
		"no end":               strings.TrimSuffix(good, "end\t1\t1\n"),
		"wrong count":          strings.Replace(good, "end\t1\t1", "end\t1\t2", 1),
		"text after the end":   good + "set\t0\n",
		"unknown line":         "what\n" + good,
		"unknown rule":         strings.Replace(good, "\tgroups\t", "\topen\t", 1),
		"unknown set":          strings.Replace(good, "none\t0", "none\t7", 1),
		"unknown group":        strings.Replace(good, "set\t0", "set\t1", 1),
		"shape missing":        strings.Replace(good, "\t0\ts\n", "\t0\t\n", 1),
		"template without /":   strings.Replace(good, "/a/{b}", "a/{b}", 1),
		"records of nothing":   strings.Replace(good, "\t0\ts\n", "\t0\tsR\n", 1),
		"below of no group":    strings.Replace(good, "set\t0", "below\tx\tk\nset\t0", 1),
		"below of no kind":     strings.Replace(good, "set\t0", "below\t"+strings.Repeat("a", 32)+"\tj\nset\t0", 1),
		"target not in path":   strings.Replace(good, "\tnone\t", "\tzone\t", 1),
		"same operation twice": strings.Replace(good, "end", "op\tGET\t/a/{c}\tid2\tp\ts\t\tgroups\tproduct\tnone\t0\ts\nend", 1),
	} {
		if _, err := load(text); err == nil {
			t.Errorf("%s: loads", what)
		}
	}
}
