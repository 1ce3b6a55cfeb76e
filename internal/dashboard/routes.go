package dashboard

import (
	"slices"
	"strings"
)

// routes are all there are. Each list stands in the file of its pages.
func (d *Dashboard) routes() []route {
	return slices.Concat(
		d.startRoutes(),
		d.signInRoutes(),
		d.linkRoutes(),
		d.securityRoutes(),
		d.tokenRoutes(),
		d.wizardRoutes(),
		d.apiKeyRoutes(),
		d.membershipRoutes(),
		d.memberRoutes(),
		d.roleRoutes(),
		d.zoneRoutes(),
		d.recordRoutes(),
		d.auditRoutes(),
		d.permissionRoutes(),
	)
}

// Sections are the first segments of the paths that a Dashboard serves, in order:
// "profile", "static". Accounts' ids, which begin the rest, are not among them.
func Sections() []string {
	all := []string{strings.Trim(staticPath, "/")}
	for _, rt := range (&Dashboard{}).routes() {
		_, p, _ := strings.Cut(rt.pattern, " /")
		if first, _, _ := strings.Cut(p, "/"); !strings.HasPrefix(first, "{") {
			all = append(all, first)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
