package browser

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// download does what makes the browser save a file, and gives its text.
func (b *tab) download(by func()) string {
	b.t.Helper()
	dir := b.t.TempDir()
	b.browserCall(func(c *chromedp.Context) error {
		_, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: c.BrowserContextID, DownloadPath: dir,
		})
		return err
	})
	by()
	var text []byte
	if !b.poll(func() bool {
		// Until it is whole, the file has another name.
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 1 || strings.HasSuffix(files[0], ".crdownload") || strings.HasPrefix(filepath.Base(files[0]), ".") {
			return false
		}
		text, err = os.ReadFile(files[0])
		return err == nil
	}) {
		b.t.Fatalf("no file was saved; at %s", b.where())
	}
	return string(text)
}

// allowClipboard lets the page read and write what is copied.
func (b *tab) allowClipboard() {
	b.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		b.browserCall(func(c *chromedp.Context) error {
			_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
				Origin: b.base, BrowserContextID: c.BrowserContextID,
			})
			return err
		})
	}
}

func (b *tab) browserCall(do func(*chromedp.Context) error) {
	b.t.Helper()
	if err := do(chromedp.FromContext(b.ctx)); err != nil {
		b.t.Fatal(err)
	}
}
