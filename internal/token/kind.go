package token

// Kind is whose secret it is, as its prefix tells.
type Kind uint8

const (
	Unknown Kind = iota // imported, or in the legacy format, which has no prefix
	User                // acts for a person
	Account             // owned by an account
	APIKey              // a person's global API key
)

// String is the kind in lower case, for messages and logs.
func (k Kind) String() string {
	switch k {
	case User:
		return "user token"
	case Account:
		return "account token"
	case APIKey:
		return "API key"
	}
	return "unknown"
}

// tag is what stands between the configured prefix and the body (contract 3.6).
func (k Kind) tag() string {
	switch k {
	case User:
		return "ut_"
	case Account:
		return "at_"
	case APIKey:
		return "k_"
	}
	return ""
}

// kindOf is the kind that has a tag.
func kindOf(tag string) Kind {
	switch tag {
	case User.tag():
		return User
	case Account.tag():
		return Account
	case APIKey.tag():
		return APIKey
	}
	return Unknown
}
