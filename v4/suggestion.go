package v4

// Values of TokenSuggestion.State. Only the first one suggests other policies.
const (
	SuggestionNarrower   = "narrower"
	SuggestionSame       = "same"
	SuggestionUnused     = "unused"
	SuggestionNoGroup    = "no_permission_used"
	SuggestionIncomplete = "incomplete"
	SuggestionHandsOn    = "hands_on"
)

// TokenSuggestion is how a token could be narrowed to what it was used for.
// Upstream has no such object.
type TokenSuggestion struct {
	TokenID string `json:"token_id"`
	Version int64  `json:"version" jsonschema:"of the token: an update with If-Match and this number in double quotes is refused when the token was changed since"`
	State   string `json:"state"`
	Message string `json:"message"` // the state, as a sentence
	Basis   struct {
		Days          int    `json:"days"`
		Since         string `json:"since" jsonschema:"2006-01-02"`
		Requests      int64  `json:"requests"`         // that were allowed
		Denied        int64  `json:"denied"`           // that were not; they play no part
		Unnamed       int64  `json:"unnamed_requests"` // allowed, and it is not known what they did
		UnnamedLastOn *Time  `json:"unnamed_last_on"`
	} `json:"basis"`
	Cautions List[SuggestionCaution] `json:"cautions"` // what to think of before it is applied
	// Policies are all that the token would have; its own where nothing is
	// suggested. Those that are new have no id.
	Policies  List[Policy]           `json:"policies"`
	Changes   List[SuggestedChange]  `json:"changes"` // one for each policy of the token
	Reasons   List[SuggestionReason] `json:"reasons"`
	Addresses *SuggestedAddresses    `json:"addresses"` // not part of the policies; null where there is nothing to suggest
}

// SuggestionCaution is something to think of.
type SuggestionCaution struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// SuggestedChange is what would become of a policy.
type SuggestedChange struct {
	PolicyID string    `json:"policy_id"`
	Index    int       `json:"index" jsonschema:"its place among the token's policies, from 0"`
	Change   string    `json:"change" jsonschema:"kept, narrowed or dropped"`
	Unjudged bool      `json:"unjudged"` // kept because it denies or names DNS records, whatever was used of it
	Into     List[int] `json:"into" jsonschema:"what is left of it: places among the suggested policies, from 0"`
	// DroppedGroups and DroppedResources are gone altogether.
	DroppedGroups    List[GroupRef]         `json:"dropped_permission_groups"`
	DroppedResources List[Resources]        `json:"dropped_resources"`
	Narrowed         List[NarrowedResource] `json:"narrowed_resources"`
	TooMany          List[Resources]        `json:"too_many_to_name"` // stay, because too much was used in them
}

// NarrowedResource is a resource and what would be named in its place.
type NarrowedResource struct {
	From Resources `json:"from"`
	To   Resources `json:"to"`
}

// SuggestionReason is why a suggested policy has a permission group.
type SuggestionReason struct {
	Policy          int            `json:"policy" jsonschema:"its place among the suggested policies, from 0"`
	PermissionGroup GroupRef       `json:"permission_group"`
	Requests        int64          `json:"requests"` // that need it
	LastOn          Time           `json:"last_on"`
	Operations      List[string]   `json:"operations"` // ids of some that need it
	Others          List[GroupRef] `json:"others"`     // the token has them too, and each would do as well
}

// SuggestedAddresses is a client-IP condition of the addresses that a token was
// used from.
type SuggestedAddresses struct {
	Condition Condition `json:"condition"`
	Requests  int64     `json:"requests"` // from these addresses, allowed or not
	More      bool      `json:"more"`     // there were more addresses than are kept
}
