package dashboard

import (
	"fmt"
	"html/template"
)

// icon is a small drawing, in the colour of the text around it and silent to
// screen readers. Each is a few strokes on a field of 16 by 16.
func icon(name string) (template.HTML, error) {
	path, ok := iconPaths()[name]
	if !ok {
		return "", fmt.Errorf("there is no icon %q", name)
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="` + path + `"/></svg>`), nil
}

func iconPaths() map[string]string {
	return map[string]string{
		"key":      "M10.5 2a3.5 3.5 0 1 1-2.9 5.5L2.5 12.5v1.5h2.5v-1.5h1.5v-1.5H8l1.2-1.2M11.5 4.5v.01",
		"lock":     "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
		"shield":   "M8 1.8 13 3.6v4c0 3-2 5.2-5 6.6-3-1.4-5-3.6-5-6.6v-4zM5.8 8l1.7 1.7 2.9-3",
		"home":     "M2.5 7.5 8 2.5l5.5 5M4 6.5V13.5h8V6.5",
		"people":   "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c.3-2.5 2-4 4.5-4s4.2 1.5 4.5 4M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.9c1.5.5 2.3 1.8 2.5 3.6",
		"globe":    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c4 4 4 8 0 12-4-4-4-8 0-12",
		"list":     "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4v.01M2.5 8v.01M2.5 12v.01",
		"book":     "M3 2.5h8.5a1 1 0 0 1 1 1v10H4a1 1 0 0 1-1-1zM3 12a1 1 0 0 1 1-1h8.5M6 5.5h3.5",
		"check":    "M3 8.5 6.5 12 13 4.5",
		"mail":     "M2 3.5h12v9H2zM2 4l6 5 6-5",
		"copy":     "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
		"plus":     "M8 3v10M3 8h10",
		"search":   "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
		"menu":     "M2.5 4h11M2.5 8h11M2.5 12h11",
		"down":     "M4 6l4 4 4-4",
		"right":    "M6 4l4 4-4 4",
		"left":     "M10 4 6 8l4 4",
		"close":    "M4 4l8 8M12 4l-8 8",
		"warning":  "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.8v.01",
		"info":     "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5v.01",
		"out":      "M6.5 2.5h-4v11h4M6.5 8h7.5M11 5l3 3-3 3",
		"theme":    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5h4.6M8 8h6M8 11h4.6",
		"more":     "M3.5 8v.01M8 8v.01M12.5 8v.01",
		"trash":    "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9M6.8 7v4M9.2 7v4",
		"edit":     "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z",
		"roll":     "M13 6A5.5 5.5 0 0 0 3 5.5M3 2.5v3h3M3 10a5.5 5.5 0 0 0 10 .5M13 13.5v-3h-3",
		"download": "M8 2.5v8M5 7.5l3 3 3-3M3 13.5h10",
		"filter":   "M2.5 3.5h11L9.5 8.5v4l-3 1.5v-5.5z",
	}
}
