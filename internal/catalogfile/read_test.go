package catalogfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestFaultsSayWhere: each file in testdata/faults has the faults that its last
// lines list, at those places and no others.
func TestFaultsSayWhere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/faults/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for line := range strings.Lines(string(data)) {
			if text, ok := strings.CutPrefix(line, "# want "); ok {
				want = append(want, strings.TrimSpace(text))
			}
		}
		f, faults := Read(data)
		if !faults.Errors() {
			faults = append(faults, f.Lint()...)
		}
		var got []string
		for i := range faults {
			level := "error"
			if faults[i].Warning {
				level = "warning"
			}
			got = append(got, fmt.Sprintf("%d:%d %s %s", faults[i].Line, faults[i].Column, level, faults[i].Rule))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") || len(want) == 0 {
			t.Errorf("%s: got\n%s\nwant\n%s\n%v", file, strings.Join(got, "\n"), strings.Join(want, "\n"), faults)
		}
	}
}

func TestTheExampleHasNoFaults(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../examples/catalogs/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if spec, faults := Parse(data, strings.Repeat("a", 32)); spec == nil || len(faults) > 0 {
		t.Fatal(faults)
	}
	if spec, _ := Parse(data, ""); spec != nil {
		t.Error("a catalogue whose account is configured was bound to none")
	}
}

func TestAFileIsBounded(t *testing.T) {
	t.Parallel()
	many := "version: 1\nname: x\naccount: caller\noperations:\n" + strings.Repeat("  - {}\n", maxOperations+1)
	for what, data := range map[string]string{
		"size": strings.Repeat(" ", MaxSize+1), "depth": strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"operations": many, "aliases": "a: &a [x]\nb: *a", "not UTF-8": "name: \xff", "tags": "name: !!binary aGk=",
	} {
		if _, faults := Read([]byte(data)); !faults.Errors() || len(faults) > MaxFaults {
			t.Errorf("%s: %d faults", what, len(faults))
		}
	}
}

// TestALargeFileIsReadInTime: as many operations as there may be, all of them to be
// compared with each other.
func TestALargeFileIsReadInTime(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("version: 1\nname: large\naccount: caller\noperations:\n")
	for i := range maxOperations {
		fmt.Fprintf(&b, "  - {id: o%d, method: GET, path: \"/{a}/{b}/{c}/{d}/x%d\", access: live}\n", i, i)
	}
	began := time.Now()
	if spec, faults := Parse([]byte(b.String()), ""); spec == nil {
		t.Fatal(faults)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

// FuzzRead: a file is refused with faults that are bounded, or it is a catalogue
// whose every operation is found at its own path.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/faults/*.yaml")
	for _, file := range append(files, "../../examples/catalogs/shop.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, data string) {
		spec, faults := Parse([]byte(data), "")
		if spec == nil {
			if !faults.Errors() || len(faults) > 3*MaxFaults {
				t.Fatalf("refused with %d faults", len(faults))
			}
			return
		}
		c, err := catalog.Extend(catalog.V4(), spec)
		if err != nil {
			return // more than all catalogues together may have
		}
		everyOperationIsFound(t, c)
	})
}
