package store

import (
	"context"
	"testing"
)

// TestADocumentThatCannotBeReadIsNoToken: a token that came back with fewer policies
// than it has could have lost a deny.
func TestADocumentThatCannotBeReadIsNoToken(t *testing.T) {
	s := testStore(t)
	if err := s.Write(t.Context(), insert(benchToken(0))); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		``, `{`, `[]`, `{"policies": 1}`, `{"policies": [{"id": "1", "effect": "perhaps"}]}`,
		`{"policies": [{"id": "1"}]}`, `{"policies": [{"effect": "Allow"}]}`, `{"policies": [], "in": "192.0.2.0/24"}`,
	} {
		err := s.writer.write(t.Context(), func(ctx context.Context, x *tx) error {
			return x.db.exec(ctx, "UPDATE tokens SET document = $1", text)
		})
		if err != nil {
			t.Fatal(err)
		}
		k, err := s.TokenByDigest(t.Context(), benchDigest(0))
		wantOther(t, text, err)
		if len(k.Policies) != 0 || k.ID != "" {
			t.Errorf("%s: the token came back beside the error", text)
		}
	}
}
