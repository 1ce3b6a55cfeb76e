package v4

// ExplainRequest asks what an access would come to: a token's, or that of a token
// as the draft says. Upstream has no such call.
type ExplainRequest struct {
	TokenID string        `json:"token_id,omitempty" jsonschema:"the token that is asked about; else give a draft"`
	Draft   *TokenRequest `json:"draft,omitempty" jsonschema:"a token as it could be created; its name may be left out"`

	Method    string   `json:"method,omitempty" jsonschema:"of the request"`
	Path      string   `json:"path,omitempty" jsonschema:"of the request, escaped, without /client/v4 and without a query: /zones/{id}/settings"`
	Operation string   `json:"operation,omitempty" jsonschema:"an operation's id, in the place of method and path"`
	Resource  []string `json:"resource,omitempty" jsonschema:"what the operation acts on where no path says it: resource keys, the narrowest first"`

	Record string `json:"record,omitempty" jsonschema:"of an operation on a zone's records, the one that is meant: TYPE:NAME, the name complete, such as TXT:_acme-challenge.example.com"`

	From string `json:"from,omitempty" jsonschema:"the client's address; without it the address is unknown, which an IP condition refuses"`
	At   *Time  `json:"at,omitempty" jsonschema:"when; now without it"`
}

// Explanation is what an access would come to, and why.
type Explanation struct {
	Allowed   bool               `json:"allowed"`
	Reason    string             `json:"reason"`
	Operation ExplainedOperation `json:"operation"`
	// Resource is what was judged and what it lies in: keys, the narrowest first.
	Resource List[string] `json:"resource"`
	From     string       `json:"from,omitempty"`
	At       Time         `json:"at"`
	// Further says that what lies in the body, or each row of the answer, is judged
	// by itself.
	Further bool             `json:"judged_further"`
	Policy  *ExplainedPolicy `json:"policy"` // that decided; null when none did
	// AcceptedGroups are those of which any one is enough, the one that opens least
	// first; GivenGroups are those of them that the token's policies give there.
	AcceptedGroups List[GroupRef] `json:"accepted_groups"`
	GivenGroups    List[GroupRef] `json:"given_groups"`
	// Records says on which of a zone's records it is allowed; it is not there where
	// they are all alike.
	Records       *ExplainedRecords `json:"records,omitempty"`
	MissingGroups List[GroupRef]    `json:"missing_groups"` // any one of them; none when no policy is missing
	InTheWay      List[Obstacle]    `json:"in_the_way"`
	Grant         *SuggestedGrant   `json:"grant"` // the smallest policy to add; null when none is missing or would help
}

// ExplainedOperation is the operation that a request was found to be.
type ExplainedOperation struct {
	ID      string `json:"id"`
	Method  string `json:"method"`
	Path    string `json:"path"` // its template
	Summary string `json:"summary"`
}

// ExplainedPolicy is a policy of the token.
type ExplainedPolicy struct {
	ID     string `json:"id"` // "" in a draft
	Index  int    `json:"index" jsonschema:"its place among the policies, from 0"`
	Effect string `json:"effect"`
}

// ExplainedRecords are the patterns of records that decide. What the token allows
// the owner of a user's token must be allowed too; a side that allows it on every
// record has none.
type ExplainedRecords struct {
	Token List[RecordPattern] `json:"token"`
	Owner List[RecordPattern] `json:"owner"`
}

// RecordPattern is what a policy says about some records. Of several, those that
// deny win.
type RecordPattern struct {
	Effect  string `json:"effect"`
	Pattern string `json:"pattern"` // "TXT:_acme-challenge.*"; "*:*" is every record
}

// Obstacle is one thing that must change before an access is allowed.
type Obstacle struct {
	Kind    string           `json:"kind"`
	Message string           `json:"message"`
	Policy  *ExplainedPolicy `json:"policy,omitempty"` // of kind deny_policy
}

// SuggestedGrant is a policy as a token's definition takes it.
type SuggestedGrant struct {
	Effect           string         `json:"effect"`
	Resources        Resources      `json:"resources"`
	PermissionGroups List[GroupRef] `json:"permission_groups"`
}
