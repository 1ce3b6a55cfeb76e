package token

// Credential is what a request presented to say who it is. The zero value is
// no credential. It may be printed: the secret in it redacts itself.
type Credential struct {
	Secret Secret
	Email  string // of the key's owner; only with Key
	Digest Digest // of the secret; only with Digested
	Kind   CredentialKind
}

// CredentialKind is the header that carried a credential.
type CredentialKind uint8

const (
	NoCredential CredentialKind = iota
	Bearer                      // Authorization: Bearer
	Key                         // X-Auth-Key with X-Auth-Email
	Digested                    // no header: the digest of a bearer token, from an enforcement point of ours that was shown it
)

// String is the kind in lower case, for messages and logs.
func (k CredentialKind) String() string {
	switch k {
	case Bearer:
		return "bearer"
	case Key:
		return "key"
	case Digested:
		return "digest"
	}
	return "none"
}
