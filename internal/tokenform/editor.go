package tokenform

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// MaxDocument is how long a document may be, in bytes.
const MaxDocument = 256 << 10

// maxDocumentFaults is how many faults are worth showing beside a text.
const maxDocumentFaults = 100

// DocumentFault is something wrong with a document, and where it stands.
type DocumentFault struct {
	Line, Column int // from 1
	Pointer      string
	Message      string // a sentence
}

// Document is the text of a token's definition with the places of its members.
type Document struct {
	Text      string
	positions *positions // nil for a text that is no JSON
}

// ReadDocument reads a token's definition as the API would, but refuses members
// that the API would pass over: who writes expire_on means an end. Faults are
// those of the text and those that package authority finds in the draft, by line.
func ReadDocument(b Basis, text string) (Document, authority.Draft, []DocumentFault) {
	doc := Document{Text: text}
	if len(text) > MaxDocument {
		doc.Text = strings.ToValidUTF8(text[:MaxDocument], "")
		return doc, authority.Draft{}, []DocumentFault{{1, 1, "", fmt.Sprintf("The document is longer than %d bytes.", MaxDocument)}}
	}
	var in v4.TokenRequest
	if err := (v4.Decoder{Strict: true, Limit: MaxDocument}).Unmarshal([]byte(text), &in); err != nil {
		return doc, authority.Draft{}, []DocumentFault{doc.refused(err)}
	}
	doc.positions = positionsOf(text)
	var faults []policy.Fault
	for _, pointer := range doc.positions.unknown {
		faults = append(faults, policy.Fault{Pointer: pointer, Message: "the API has no such member"})
	}
	d := tokenwire.Draft(&in)
	if b.Before == nil {
		for i := range d.Policies {
			d.Policies[i].ID = "" // of the token that it was copied from
		}
	}
	_, more := authority.CheckDraft(b.Picker.catalog, &d, b.Owner, b.Before, b.Now)
	return doc, d, doc.Locate(append(faults, more...))
}

// Locate puts faults of the document's draft beside its lines, for those that
// package authority reports when it is asked to issue or update the token.
func (doc *Document) Locate(faults []policy.Fault) []DocumentFault {
	var out []DocumentFault
	for _, f := range faults[:min(len(faults), maxDocumentFaults)] {
		out = append(out, doc.at(f.Pointer, f.Message))
	}
	slices.SortStableFunc(out, func(a, b DocumentFault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return out
}

func (doc *Document) at(pointer, message string) DocumentFault {
	line, column := 1, 1
	if doc.positions != nil {
		line, column = lineAndColumn(doc.Text, doc.positions.find(pointer))
	}
	return DocumentFault{line, column, pointer, finished(message)}
}

// refused is the fault of a text that could not be read.
func (doc *Document) refused(err error) DocumentFault {
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal([]byte(doc.Text), new(json.RawMessage)), &syntax) {
		line, column := lineAndColumn(doc.Text, int(syntax.Offset)-1)
		return DocumentFault{line, column, "", "This is not JSON: " + syntax.Error() + "."}
	}
	var refused *v4.DecodeError
	if !errors.As(err, &refused) {
		return doc.at("", err.Error())
	}
	if json.Valid([]byte(doc.Text)) {
		doc.positions = positionsOf(doc.Text)
	}
	what := "it "
	if refused.Pointer == "" {
		what = "the document "
	}
	return doc.at(refused.Pointer, what+refused.Problem)
}

// finished writes a message as a sentence.
func finished(message string) string {
	if word, _, _ := strings.Cut(message, " "); !strings.ContainsAny(word, "./") { // a key of the document stays as it is
		message = capital(message)
	}
	if strings.HasSuffix(message, ".") || strings.HasSuffix(message, ")") {
		return message
	}
	return message + "."
}
