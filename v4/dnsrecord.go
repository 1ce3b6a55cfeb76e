package v4

import "encoding/json"

// DNSRecord is a DNS record in an answer (contract 1.8).
type DNSRecord struct {
	ID         string          `json:"id"` // first: a client looks for the first "id" in the text
	ZoneID     string          `json:"zone_id,omitempty"`
	ZoneName   string          `json:"zone_name,omitempty"`
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
	IPv4Only     *bool `json:"ipv4_only,omitempty" jsonschema:"answer with IPv4 addresses only"`
	IPv6Only     *bool `json:"ipv6_only,omitempty" jsonschema:"answer with IPv6 addresses only"`
	FlattenCNAME *bool `json:"flatten_cname,omitempty" jsonschema:"answer with what the CNAME leads to"`
}

// RecordBatch is the answer to a batch: the records as they are after it, and
// deleted ones as they were, each list in the order of the request.
type RecordBatch struct {
	Deletes List[DNSRecord] `json:"deletes"`
	Patches List[DNSRecord] `json:"patches"`
	Puts    List[DNSRecord] `json:"puts"`
	Posts   List[DNSRecord] `json:"posts"`
}

// RecordImport is the answer to the import of a zone file.
type RecordImport struct {
	RecsAdded          int `json:"recs_added"`
	TotalRecordsParsed int `json:"total_records_parsed"`
}

// RecordMeta is a record's metadata, of which we have none.
type RecordMeta struct{}
