package httpapi

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/v4"
)

// errNoForm is for an import that is no form. It is the one write whose
// Content-Type counts.
var errNoForm = errors.New("Content-Type is not multipart/form-data with a boundary")

// exportRecords answers with a zone file, without the envelope. Errors have it.
func (a *API) exportRecords(w http.ResponseWriter, r *http.Request, c *Call) {
	scope, _, err := a.recordScope(r, c)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	file, err := a.records.Export(r.Context(), scope)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write(file) // an error here is the client's going away
}

// importRecords adds the records of a zone file. Messages tell those that were
// there already, which is no error: an errors list that is not empty fails
// clients (clients-go, wire fact 14).
func (a *API) importRecords(r *http.Request, c *Call) (reply[v4.RecordImport], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.RecordImport]{}, err
	}
	file, err := readZoneFile(r)
	if err != nil {
		return reply[v4.RecordImport]{}, err
	}
	done, err := a.records.Import(r.Context(), scope, file, stamp(c, z))
	if err != nil {
		return reply[v4.RecordImport]{}, err
	}
	out := reply[v4.RecordImport]{result: v4.RecordImport{RecsAdded: len(done.Added), TotalRecordsParsed: done.Parsed}}
	for _, same := range done.Identical {
		out.messages = append(out.messages, v4.Message{
			Code: v4.CodeIdenticalRecord, Message: fmt.Sprintf("%s %s: An identical record already exists.", same.Name, same.Type)})
	}
	return out, nil
}

// readZoneFile reads a form of two parts, "file" and "proxied". Either may be a
// file or a text, and line ends may be LF (clients-go, wire fact 10). Other
// parts are passed over.
func readZoneFile(r *http.Request) (dns.ZoneFile, error) {
	var out dns.ZoneFile
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return out, errNoForm
	}
	form, seen := multipart.NewReader(r.Body, params["boundary"]), map[string]bool{}
	for {
		part, err := form.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, formError(err)
		}
		name := part.FormName()
		if name != "file" && name != "proxied" {
			continue
		}
		if seen[name] {
			return out, invalid("/"+name, name+" is there twice")
		}
		seen[name] = true
		text, err := io.ReadAll(io.LimitReader(part, dns.MaxZoneFile+1))
		if err != nil {
			return out, formError(err)
		}
		if name == "file" {
			out.Text = string(text)
		} else if out.Proxied, err = readProxied(string(text)); err != nil {
			return out, err
		}
	}
	if !seen["file"] {
		return out, invalid("/file", "file is required")
	}
	return out, nil
}

func readProxied(text string) (bool, error) {
	switch text {
	case "true", "false", "":
		return text == "true", nil
	}
	return false, invalid("/proxied", `proxied must be "true" or "false"`)
}

// formError is what went wrong while a form was read: it was too long, the
// client's fault otherwise.
func formError(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return err
	}
	return invalid("", "the form cannot be read: it must end with its boundary, and each part needs a name")
}
