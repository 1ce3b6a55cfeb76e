package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser process of this run. Each tab of a test has
// cookies of its own.
var chromium context.Context

// startChromium starts the browser with a profile below dir. The function that
// it returns ends it.
func startChromium(dir string) (context.Context, context.CancelFunc, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("chromium is missing: run browser/deps.sh: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Flag("no-proxy-server", true),
		// Words and pictures do not depend on the machine.
		chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("hide-scrollbars", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses root
	}
	parent, stopProcess := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(parent)
	if err := chromedp.Do(ctx); err != nil {
		stop()
		stopProcess()
		return nil, nil, fmt.Errorf("start chromium: %w", err)
	}
	return ctx, func() { stop(); stopProcess() }, nil
}
