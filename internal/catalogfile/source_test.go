package catalogfile

import (
	"strings"
	"testing"
)

func TestSourceNamesAFileAndPerhapsAnAccount(t *testing.T) {
	const id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	for text, want := range map[string]Source{
		"shop.yaml": {Path: "shop.yaml"}, "shop.yaml@" + id: {"shop.yaml", id}, "a@b/shop.yaml": {Path: "a@b/shop.yaml"},
		"shop@v1.yaml": {Path: "shop@v1.yaml"}, "shop@v1.yaml@" + id: {"shop@v1.yaml", id},
	} {
		if got, err := ParseSource(text); got != want || err != nil {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"shop.yaml@" + id[1:]: "has 31 characters behind its @", "shop.yaml@" + id + "0": "has 33 characters behind its @",
		"shop.yaml@": "has 0 characters behind its @", "shop.yaml@" + strings.Repeat("x", 32): "32 hex digits", "": "names no file", "@" + id: "names no file",
	} {
		if got, err := ParseSource(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
}
