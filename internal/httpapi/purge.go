package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// maxPurge is how many files, tags, hosts or prefixes one call may purge.
const maxPurge = 100

// purgeRequest says what to purge: exactly one of the five (contract 1.8).
type purgeRequest struct {
	Everything bool              `json:"purge_everything,omitempty" jsonschema:"true, and nothing else"`
	Files      []json.RawMessage `json:"files,omitempty" jsonschema:"URLs, or objects with a url and headers"`
	Tags       []string          `json:"tags,omitempty" jsonschema:"cache tags"`
	Hosts      []string          `json:"hosts,omitempty" jsonschema:"host names of the zone"`
	Prefixes   []string          `json:"prefixes,omitempty" jsonschema:"host names with a path"`
}

// purgeCache checks the request and writes it down. There is no cache here to
// purge, and the answer says so.
func (a *API) purgeCache(r *http.Request, c *Call, in *purgeRequest) (reply[v4.DeletedID], error) {
	id := c.Match.Param("zone_id")
	z, err := a.authority.Zone(r.Context(), c.Caller, authority.OpZonePurge, id)
	if err != nil {
		return reply[v4.DeletedID]{}, err
	}
	what, err := in.check(z.Name)
	if err != nil {
		return reply[v4.DeletedID]{}, err
	}
	if _, err := a.authority.RecordPurge(r.Context(), c.Caller, id, what); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{
		result:   v4.DeletedID{ID: id},
		messages: []v4.Message{{Code: v4.CodeNone, Message: "No cache is configured: the purge was checked and recorded, and nothing was purged"}},
	}, nil
}

// check finds what is wrong with a purge of a zone, and gives what to record.
func (p *purgeRequest) check(zone string) (map[string]any, error) {
	given := map[string]int{"files": len(p.Files), "tags": len(p.Tags), "hosts": len(p.Hosts), "prefixes": len(p.Prefixes)}
	kind, kinds := "purge_everything", 0
	for k, n := range given {
		if n > 0 {
			kind, kinds = k, kinds+1
		}
	}
	if p.Everything {
		kinds++
	}
	if kinds != 1 {
		return nil, invalid("", "give exactly one of purge_everything (true), files, tags, hosts and prefixes")
	}
	if n := given[kind]; n > maxPurge {
		return nil, invalid("/"+kind, fmt.Sprintf("at most %d are possible in one call, here are %d", maxPurge, n))
	}
	values, faults := p.values(kind, zone)
	if len(faults) > 0 {
		return nil, &authority.Error{Code: authority.CodeInvalid, Faults: faults}
	}
	return map[string]any{kind: values}, nil
}

func (p *purgeRequest) values(kind, zone string) (any, []policy.Fault) {
	var faults []policy.Fault
	check := func(list []string, problem func(string) string) {
		for i, s := range list {
			if msg := problem(s); msg != "" {
				faults = append(faults, policy.Fault{Pointer: fmt.Sprintf("/%s/%d", kind, i), Message: msg})
			}
		}
	}
	inZone := func(host, what string) string {
		if host = strings.ToLower(strings.TrimSuffix(host, ".")); host == zone || strings.HasSuffix(host, "."+zone) {
			return ""
		}
		return what + " must be in " + zone
	}
	switch kind {
	case "files":
		urls := make([]string, len(p.Files))
		for i, raw := range p.Files {
			urls[i] = fileURL(raw)
		}
		check(urls, func(s string) string {
			u, err := url.Parse(s)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
				return `a file must be an http or https URL, or an object with "url"`
			}
			return inZone(u.Hostname(), "the file's host")
		})
		return urls, faults
	case "tags":
		check(p.Tags, func(s string) string {
			if s == "" || len(s) > 1024 {
				return "a tag has 1 to 1024 characters"
			}
			return ""
		})
		return p.Tags, faults
	case "hosts":
		check(p.Hosts, func(s string) string { return inZone(s, "a host") })
		return p.Hosts, faults
	case "prefixes":
		check(p.Prefixes, func(s string) string {
			host, _, _ := strings.Cut(s, "/")
			return inZone(host, "a prefix's host")
		})
		return p.Prefixes, faults
	}
	return true, nil
}

// fileURL is the URL of a file, which stands alone or in an object with headers.
func fileURL(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var o struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(raw, &o) == nil {
		return o.URL
	}
	return ""
}
