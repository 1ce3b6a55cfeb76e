package report

import (
	"runtime/debug"

	"github.com/tokenward/tokenward/bench/inprocess"
)

// Version is that of a library that was measured.
type Version struct {
	Subject string `json:"subject"`
	Version string `json:"version"`
}

// modules are the libraries' by the names of who is measured.
var modules = map[string]string{
	inprocess.Cedar:   "github.com/cedar-policy/cedar-go",
	inprocess.Casbin:  "github.com/casbin/casbin/v2",
	inprocess.OPA:     "github.com/open-policy-agent/opa",
	inprocess.OPAFlat: "github.com/open-policy-agent/opa",
}

func versions() []Version {
	built := make(map[string]string)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			built[m.Path] = m.Version
		}
	}
	var all []Version
	for _, name := range inprocess.Libraries {
		all = append(all, Version{name, built[modules[name]]})
	}
	return all
}

// version is a library's, "" for ours.
func (r *Result) version(subject string) string {
	for _, v := range r.Versions {
		if v.Subject == subject {
			return v.Version
		}
	}
	return ""
}
