package v4

import "encoding/json"

// DNSRecord is a DNS record in an answer (contract 1.8).
type DNSRecord struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Type       string          `json:"type"`
	Content    string          `json:"content"`
	Priority   *int            `json:"priority,omitempty"` // MX, SRV and URI
	Data       json.RawMessage `json:"data,omitempty"`     // an object, for types whose content has parts
	Proxiable  bool            `json:"proxiable"`
	Proxied    bool            `json:"proxied"`
	TTL        int             `json:"ttl"` // seconds; 1 is automatic
	Settings   RecordSettings  `json:"settings"`
	Meta       RecordMeta      `json:"meta"`
	Comment    *string         `json:"comment"`
	Tags       List[string]    `json:"tags"`
	CreatedOn  MicroTime       `json:"created_on"`
	ModifiedOn MicroTime       `json:"modified_on"`

	CommentModifiedOn *MicroTime `json:"comment_modified_on,omitempty"` // only with a comment
	TagsModifiedOn    *MicroTime `json:"tags_modified_on,omitempty"`    // only with tags
}

// RecordSettings are a record's settings, {} unless some were set.
type RecordSettings struct {
	IPv4Only     *bool `json:"ipv4_only,omitempty"`
	IPv6Only     *bool `json:"ipv6_only,omitempty"`
	FlattenCNAME *bool `json:"flatten_cname,omitempty"`
}

// RecordMeta is a record's metadata, of which we have none.
type RecordMeta struct{}
