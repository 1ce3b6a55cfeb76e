package browser

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
)

// command is a command of the browser's protocol.
type command[P, R any] = cdp.Command[P, R]

// none is what commands without parameters take.
type none = cdp.Empty

// look is how a reader looks at pages.
type look struct {
	noScript     bool
	phone        bool // 390 x 844 instead of 1440 x 900
	dark         bool
	locale, zone string // "en-GB" and "UTC" unless given
}

func (l look) String() string {
	s := "1440 px"
	if l.phone {
		s = "390 px"
	}
	if l.dark {
		s += ", dark"
	} else {
		s += ", light"
	}
	if l.noScript {
		s += ", without script"
	}
	return s
}

// put makes the tab's browser like that.
func (l look) put(b *tab) {
	b.t.Helper()
	if l.locale == "" {
		l.locale = "en-GB"
	}
	if l.zone == "" {
		l.zone = "UTC"
	}
	call(b, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: l.locale})
	call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: l.zone})
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": l.locale}})
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.script(!l.noScript)
	b.resize(l.phone)
	b.colours(l.dark)
}

// resize makes the window that of a phone or of a desk.
func (b *tab) resize(phone bool) {
	b.t.Helper()
	b.look.phone = phone
	size := emulation.SetDeviceMetricsOverrideParams{Width: 1440, Height: 900, DeviceScaleFactor: 1}
	if phone {
		size = emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 1, Mobile: true}
	}
	call(b, emulation.SetDeviceMetricsOverride, size)
}

// colours sets what the reader's system prefers. Nothing moves, so that nothing
// is judged on its way.
func (b *tab) colours(dark bool) {
	b.t.Helper()
	b.look.dark = dark
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

func (b *tab) script(on bool) {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}
