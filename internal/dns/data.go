package dns

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// members are those of a "data" object that are not null.
type members map[string]json.RawMessage

// parseMembers reads a "data" object. null, and no data, is none.
func parseMembers(data json.RawMessage) (members, []Fault) {
	all := members{}
	if data = bytes.TrimSpace(data); len(data) == 0 {
		return all, nil
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, []Fault{{numValue, "/data", "data must be an object."}}
	}
	for name, member := range all {
		if string(member) == "null" {
			delete(all, name)
		}
	}
	return all, nil
}

// hasAny: at least one component of the kind is there. Clients that know one
// shape of record for all types send a data of foreign or empty members.
func (m members) hasAny(k *kind) bool {
	if k.data == showNone && !k.lead {
		return false
	}
	for _, f := range k.fields {
		if _, ok := m[f.name]; ok {
			return true
		}
	}
	return false
}

// parseData makes a value of a data object's members.
func parseData(recordType string, m members) (value, []Fault) {
	v := value{recordType: recordType, kind: kinds[recordType], sent: map[string]string{}}
	var faults []Fault
	for _, f := range v.kind.fields {
		word, fault := v.member(f, m[f.name])
		if fault != nil {
			faults = append(faults, *fault)
		}
		v.words = append(v.words, word)
	}
	if len(faults) == 0 {
		faults = v.verify()
	}
	return v, faults
}

// member makes a component's word of its member of data.
func (v *value) member(f field, raw json.RawMessage) (string, *Fault) {
	pointer := "/data/" + f.name
	wrong := &Fault{numValue, pointer, f.name + " must be " + f.sentence() + "."}
	text, isText := memberText(raw)
	switch {
	case raw == nil && f.form == formParams:
		return "", nil
	case raw == nil, text == "" && isText && f.form != formText && f.form != formParams:
		missing := required(pointer, f.name)
		return "", &missing
	case f.form.isNumber():
		text = wholeNumber(f.form, text)
	case !isText:
		return "", wrong
	default:
		if isASCII(text) || !f.form.isHost() {
			v.sent[f.name] = text
		}
		text = f.fromPlain(text)
	}
	word, err := f.word(text)
	if err != nil || strings.ContainsAny(word, "\n\r\x00") {
		return "", wrong
	}
	if f.form == formParams {
		if words, err := splitWords(word); err != nil {
			return "", wrong
		} else {
			word = strings.Join(words, " ")
		}
	}
	return word, nil
}

// memberText gives the text of a string, or the literal of anything else.
func memberText(raw json.RawMessage) (text string, isText bool) {
	if err := json.Unmarshal(raw, &text); err == nil {
		return text, true
	}
	return string(raw), false
}

// wholeNumber writes 10.0 and 1e1 as 10: JSON has one kind of number.
func wholeNumber(f form, s string) string {
	if f == formSeconds || f == formAltitude || f == formMetres {
		return s
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n == float64(int64(n)) {
		return strconv.FormatInt(int64(n), 10)
	}
	return s
}

// fromPlain makes the word that content would have for a member's text.
func (f field) fromPlain(text string) string {
	switch f.form {
	case formText, formURI:
		return quote(text)
	case formHex, formBase64:
		return strings.Join(strings.Fields(text), "")
	}
	return text
}

// data is the JSON object that shows the value's components, nil for a kind
// that shows none.
func (v *value) data() json.RawMessage {
	shown := v.kind.shownFields()
	if len(shown) == 0 {
		return nil
	}
	var b bytes.Buffer
	first := len(v.words) - len(shown)
	for i, f := range shown {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(strconv.Quote(f.name) + ":")
		b.Write(v.shownMember(f, v.words[first+i]))
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (v *value) shownMember(f field, word string) []byte {
	if f.form.isNumber() {
		if strings.Contains(word, ".") {
			word = strings.TrimSuffix(strings.TrimRight(word, "0"), ".")
		}
		return []byte(word)
	}
	text, ok := v.sent[f.name]
	if !ok {
		text = word
		if f.form.isQuoted() {
			text, _ = unquote(word) // word made the quotes
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always encodes
	return bytes.TrimSpace(b.Bytes())
}
