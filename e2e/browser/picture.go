package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"slices"

	"github.com/chromedp/chromedp"
)

// picture is what is in the window, as a PNG of at most 256 colours.
func (b *tab) picture() []byte {
	b.t.Helper()
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatalf("take a picture: %v", err)
	}
	full, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, fewColours(full)); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

// fewColours keeps the 256 colours that a picture has most of and gives every
// other one the nearest of them. Pages have few colours and their mixtures at
// the edges of letters, so that nobody sees it.
func fewColours(full image.Image) *image.Paletted {
	count := map[color.RGBA]int{}
	bounds := full.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int { return count[b] - count[a] })
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	index := map[color.RGBA]uint8{}
	for _, c := range colours {
		index[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return out
}

// hideSecrets writes dots for every secret that the page shows, so that no
// picture has one.
func (b *tab) hideSecrets() {
	b.t.Helper()
	const script = `(() => {
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(/_[A-Za-z0-9]{48}\b/g, "_" + "•".repeat(48));
		return true;
	})()`
	if !eval[bool](b, script) {
		b.t.Fatal("the secrets are not hidden")
	}
}
