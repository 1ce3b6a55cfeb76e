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
		"", "1", "1\n", "2\n.\n", "1\nP\n", "1\nP\n.", "1\nP\n.\n.\n", "1\n\n.\n", "1\nP\nP\n.\n", "1\nP\n\n.\n",
		"1\npallow 1\n.\n", "1\nP\npperhaps 1\n.\n", "1\nP\npallow\n.\n", "1\nP\npAllow 1\n.\n", "1\nG\n.\n", "1\nP\nG\n.\n",
		"1\nP\npallow 1\ng1\n.\n", "1\nP\npallow 1\nR\nnx\n.\n", "1\nP\npallow 1\nR\nra\nnx\n.\n", "1\ni192.0.2.0/24\n.\n",
		"1\nI all\n.\n", "1\nq\n.\n", "1\nl\n.\n", "1\nl5\n.\n", "1\nl0 60\n.\n", "1\nl5 -1\n.\n", "1\nl5 60\nl6 60\n.\n", `{"policies": []}`,
		"1\nX\nI\n.\n", "1\nI\nP\n.\n", "1\nl5 60\nP\n.\n", "1\nP\npallow 1\nR\nra\nG\n.\n", "1\nP\npallow 1\nR\nra\nN\nnx\nR\n.\n",
	} {
		err := s.writer.write(t.Context(), func(ctx context.Context, x *tx) error {
			return x.db.exec(ctx, "UPDATE tokens SET document = $1", text)
		})
		if err != nil {
			t.Fatal(err)
		}
		k, err := s.TokenByDigest(t.Context(), benchDigest(0))
		wantOther(t, text, err)
		_, err = s.TokenToCheck(t.Context(), benchDigest(0))
		wantOther(t, text, err)
		if len(k.Policies) != 0 || k.ID != "" {
			t.Errorf("%s: the token came back beside the error", text)
		}
	}
}
