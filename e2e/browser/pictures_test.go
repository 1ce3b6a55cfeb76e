package browser

import (
	"os"
	"path/filepath"
	"testing"
)

// imagesVariable names the folder that pictures are kept in; without it they are
// made and thrown away.
const imagesVariable = "TOKENWARD_IMAGES"

// maxPicture and maxPictures bound what one picture and all of them weigh.
const (
	maxPicture  = 150 << 10
	maxPictures = 1500 << 10
)

// TestPicturesOfTheMainPagesAreMade for docs/images.
func TestPicturesOfTheMainPagesAreMade(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dir := os.Getenv(imagesVariable)
	if dir == "" {
		dir = t.TempDir()
	}
	s.addPast(t)
	b := signedIn(t, s.server, look{})
	account := "/" + s.Boot.AccountID
	sum := 0
	keep := func(name string) {
		t.Helper()
		b.hideSecrets()
		data := b.picture()
		if sum += len(data); len(data) > maxPicture || sum > maxPictures {
			t.Errorf("%s weighs %d bytes, all until now %d", name, len(data), sum)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []struct {
		name, path  string
		dark, phone bool
	}{
		{name: "overview", path: account},
		{name: "tokens", path: "/profile/api-tokens?sort=name"},
		{name: "tokens-dark", path: "/profile/api-tokens?sort=name", dark: true},
		{name: "tokens-phone", path: "/profile/api-tokens?sort=name", phone: true},
		{name: "token", path: "/profile/api-tokens/" + s.token[false][busyToken].ID},
		{name: "token-phone-dark", path: "/profile/api-tokens/" + s.token[false][busyToken].ID, dark: true, phone: true},
		{name: "templates", path: "/profile/api-tokens/create"},
		{name: "members", path: account + "/members"},
		{name: "records", path: account + "/zones/" + s.zone + "/records"},
		{name: "audit-log", path: account + "/audit-log"},
		{name: "permissions", path: "/reference/permissions?q=dns"},
		{name: "compatibility-dark", path: "/reference/compatibility", dark: true},
	} {
		b.resize(p.phone)
		b.colours(p.dark)
		b.open(p.path)
		keep(p.name)
	}
	b.resize(false)
	b.colours(false)
	b.open("/profile/api-tokens/create/form?template=edit-zone-dns")
	b.fill("Name", "dns of the shop")
	b.choose("Zone", "shop.example.org")
	b.sees("can read and change DNS of shop.example.org")
	eval[bool](b, "(window.scrollTo(0, 0), true)")
	keep("create")
	b.follow("Continue to summary")
	keep("summary")
	b.follow("Create the token")
	keep("secret")
}
