package dashboard

import "slices"

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
