package dashboard

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
)

// functions are those of the templates. What depends on the reader is a method
// of view.
func functions(s *static) template.FuncMap {
	return template.FuncMap{
		"asset": s.url,
		"icon":  icon,
		"dict":  dict,
		"list":  func(items ...any) []any { return items },
		"field": newField,
		"once":  newOnce,

		"time":    func(t time.Time) template.HTML { return timeElement(t, "datetime", "2 Jan 2006, 15:04 UTC") },
		"date":    func(t time.Time) template.HTML { return timeElement(t, "date", "2 Jan 2006") },
		"rfc3339": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"plural":  plural,
		"short":   short,
		"query":   query,
		"pager":   newPager,
		"join":    strings.Join,
		"lower":   strings.ToLower,
	}
}

// timeElement shows a time in UTC; script writes it again in the reader's zone.
func timeElement(t time.Time, form, layout string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `" data-local="` + form + `">` + t.Format(layout) + `</time>`)
}

// ago says how far a time lies from now: "3 minutes ago", "in 2 days".
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d, form := now.Sub(t), "%s ago"
	if d < 0 {
		d, form = -d, "in %s"
	}
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{365 * 24 * time.Hour, "year"}, {30 * 24 * time.Hour, "month"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(d / unit.of); n > 0 {
			return fmt.Sprintf(form, fmt.Sprintf("%d %s", n, plural(n, unit.name, unit.name+"s")))
		}
	}
	return "just now"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// short is the beginning of an id, enough to tell ids apart by eye.
func short(id string) string { return id[:min(len(id), 8)] }

// dict makes a map of its arguments, for templates that take more than one
// thing: {{template "empty" (dict "Title" "No tokens")}}.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a key without a value")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: the key %v is not a string", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

// query is the path and query self with members set, and those set to "" taken
// out: {{query $.Self "page" "2"}}.
func query(self string, pairs ...string) (string, error) {
	u, err := url.Parse(self)
	if err != nil || len(pairs)%2 != 0 {
		return "", fmt.Errorf("query: %q %q", self, pairs)
	}
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.RequestURI(), nil
}
