package dns

// NewTestID makes an id.
func NewTestID() string { return newIDs(1)[0] }
