package dashboard

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/authority"
)

// Bounds of a file. Whoever needs more exports it in pieces by day, or follows
// the API's cursor.
const (
	maxExport      = 10_000   // events
	maxExportBytes = 16 << 20 // what is written when this is reached is the last event
	maxExportReads = 12       // each looks at 100,000 events at most
)

// exportLabels are the kinds of file.
func exportLabels() map[string]string { return map[string]string{"csv": "CSV", "jsonl": "JSON lines"} }

// exportAudit sends the filtered log as a file, newest first. A file that does
// not hold all of it has "newest" in its name.
func (d *Dashboard) exportAudit(ctx context.Context, in *request) (page, error) {
	format := in.query.Get("format")
	f := readAuditFilter(in)
	if f.form.Failed() || exportLabels()[format] == "" {
		return page{}, &authority.Error{Code: authority.CodeInvalid, Message: "the address does not say what to export; choose it on the page of the audit log"}
	}
	out := newExport(format)
	complete, err := d.exportInto(ctx, in, &f, out)
	if err != nil {
		return page{}, err
	}
	name := "audit-log-" + in.now().UTC().Format("20060102-150405")
	if !complete {
		name += "-newest-" + strconv.Itoa(out.rows)
	}
	return download(name+"."+format, out.kind, out.body.Bytes()), nil
}

// exportInto writes events into a file until it holds all of them, or as many
// as it may.
func (d *Dashboard) exportInto(ctx context.Context, in *request, f *auditFilter, out *exportFile) (complete bool, err error) {
	q := f.query(in)
	q.Limit = 1000
	words := d.newAuditWords(in)
	for range maxExportReads {
		events, next, err := d.authority.AuditFrom(ctx, in.caller, q)
		if err != nil {
			return false, err
		}
		if err := words.learn(ctx, events); err != nil {
			return false, err
		}
		for i := range events {
			if out.full() {
				return false, nil
			}
			if err := out.add(exported(words, &events[i])); err != nil {
				return false, fmt.Errorf("export event %s: %w", events[i].ID, err)
			}
		}
		if q.Cursor = next; next == "" {
			return true, nil
		}
	}
	return false, nil
}

// exportFile is a file in the making.
type exportFile struct {
	kind  string
	body  bytes.Buffer
	rows  int
	table *csv.Writer // nil for JSON lines
}

func newExport(format string) *exportFile {
	out := &exportFile{kind: "application/jsonl"}
	if format == "csv" {
		out.kind = "text/csv; charset=utf-8"
		out.table = csv.NewWriter(&out.body)
		out.table.UseCRLF = true         // RFC 4180
		out.table.Write(exportColumns()) // a buffer takes everything
		out.table.Flush()
	}
	return out
}

func (x *exportFile) full() bool { return x.rows >= maxExport || x.body.Len() >= maxExportBytes }

func (x *exportFile) add(e exportedEvent) error {
	x.rows++
	if x.table != nil {
		x.table.Write(e.cells())
		x.table.Flush()
		return x.table.Error()
	}
	return json.NewEncoder(&x.body).Encode(e)
}

// exportedEvent is an event as a file has it.
type exportedEvent struct {
	When     time.Time         `json:"when"`
	Result   string            `json:"result"` // "allowed" or "denied"
	Action   string            `json:"action"`
	Summary  string            `json:"summary"`
	Actor    exportedActor     `json:"actor"`
	Resource exportedResource  `json:"resource"`
	Zone     string            `json:"zone,omitempty"`
	Account  string            `json:"account_id,omitempty"`
	Request  exportedRequest   `json:"request"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Old      json.RawMessage   `json:"old,omitempty"`
	New      json.RawMessage   `json:"new,omitempty"`
	ID       string            `json:"id"`
}

type exportedActor struct {
	Type      string `json:"type"`
	ID        string `json:"id,omitempty"`
	Email     string `json:"email,omitempty"`
	Context   string `json:"context,omitempty"`
	TokenID   string `json:"token_id,omitempty"`
	TokenName string `json:"token_name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type exportedResource struct {
	Type string `json:"type,omitempty"`
	ID   string `json:"id,omitempty"`
}

type exportedRequest struct {
	ID        string `json:"id,omitempty"`
	Method    string `json:"method,omitempty"`
	Path      string `json:"path,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
}

func exported(w *auditWords, e *authority.Event) exportedEvent {
	result := "denied"
	if e.Success {
		result = "allowed"
	}
	return exportedEvent{
		When: e.At.UTC(), Result: result, Action: e.Action, Summary: w.sentence(e).Sentence(),
		Actor:    exportedActor{e.Actor.Type, e.Actor.ID, e.Actor.Email, e.Actor.Context, e.Actor.TokenID, e.Actor.TokenName, e.Actor.IP},
		Resource: exportedResource{e.Resource.Type, e.Resource.ID}, Zone: e.ZoneName, Account: e.AccountID,
		Request:  exportedRequest{e.Request.ID, e.Request.Method, e.Request.URI, e.Request.UserAgent},
		Metadata: e.Metadata, Old: e.Old, New: e.New, ID: e.ID,
	}
}

func exportColumns() []string {
	return []string{
		"when", "result", "action", "summary", "actor_type", "actor_id", "actor_email", "actor_context", "token_id", "token_name",
		"address", "resource_type", "resource_id", "zone", "account_id", "method", "path", "user_agent", "request_id", "reason",
		"operation", "old", "new", "id",
	}
}

// cells are the event's cells, in the order of exportColumns.
func (e *exportedEvent) cells() []string {
	return harmless(
		e.When.Format(time.RFC3339Nano), e.Result, e.Action, e.Summary, e.Actor.Type, e.Actor.ID, e.Actor.Email, e.Actor.Context,
		e.Actor.TokenID, e.Actor.TokenName, e.Actor.Address, e.Resource.Type, e.Resource.ID, e.Zone, e.Account,
		e.Request.Method, e.Request.Path, e.Request.UserAgent, e.Request.ID, e.Metadata["reason"], e.Metadata["operation"],
		string(e.Old), string(e.New), e.ID,
	)
}

// harmless keeps spreadsheets from taking a text for a formula: what begins like
// one, be it after space, gets a quote before it. Some take the wide forms of the
// signs, which are written in East Asia, for the signs.
func harmless(cells ...string) []string {
	for i, c := range cells {
		begin, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(c, unicode.IsSpace))
		if strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", begin) || c != "" && strings.ContainsRune("\t\r\n", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}
