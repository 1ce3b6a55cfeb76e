package httpapi

import "net/http"

// maxExposedBody is room for as many secrets as a report may have, and for where
// they were found. Strangers send it.
const maxExposedBody = 16 << 10

// exposedRequest reports secrets that were found in public.
type exposedRequest struct {
	Secrets []string `json:"secrets" jsonschema:"1 to 20 secrets of API tokens or API keys, as they were found"`
	URL     string   `json:"url,omitempty" jsonschema:"the address of the page that they were found on; without user, query and fragment it goes into the audit log"`
}

// exposedReport is the answer, which is the same whatever the secrets are.
type exposedReport struct {
	Received int `json:"received"` // how many were sent
}

func (a *API) reportExposed(r *http.Request, c *Call, in *exposedRequest) (reply[exposedReport], error) {
	n, err := a.authority.Exposed(r.Context(), c.Caller, in.Secrets, in.URL)
	return reply[exposedReport]{result: exposedReport{n}}, err
}
