package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
)

// Limits of a template URL.
const (
	maxURLKeys     = 32 << 10 // bytes of permissionGroupKeys
	maxURLName     = 120      // characters of name, as of a token's (contract 1.4)
	maxURLFaults   = 10
	accountURLMark = "/:account/api-tokens"
)

// urlKey is one entry of permissionGroupKeys.
type urlKey struct {
	Key  string `json:"key"`
	Type string `json:"type"`
}

// ParseTemplateURL reads the query of a template URL (contract 5.5): the
// permission groups to start with, and the accounts and zones to choose. The
// template is for an account's token when the query has to=/:account/api-tokens.
// The owner is not in a URL: set Choices.Owner before Fill.
//
// permissionGroupKeys is JSON, [{"key":"dns","type":"edit"}], of at most 32 KiB
// and as many entries as a policy may have groups. accountId is an id or *,
// zoneId an id or all; a user's URL must have both. Ours besides: recordTypes=A,AAAA
// holds the groups that can be given on records to those of these types, named
// recordName; without that the name is asked for. A parameter that comes twice is
// refused: two readers would take two different ones.
func (c *Catalog) ParseTemplateURL(q url.Values) (Template, Choices, error) {
	forAccount, err := checkURL(q)
	if err != nil {
		return Template{}, Choices{}, fmt.Errorf("template URL: %w", err)
	}
	groups, wrongGroups := c.urlGroups(q.Get("permissionGroupKeys"), forAccount)
	ch, wrongChoices := urlChoices(q, forAccount)
	t := Template{Name: q.Get("name"), ForAccount: forAccount, Groups: groups, Accounts: Choose, Zones: Choose}
	wrongRecords := c.urlRecords(q, &t)
	if err := errors.Join(checkURLName(t.Name), wrongGroups, wrongChoices, wrongRecords); err != nil {
		return Template{}, Choices{}, fmt.Errorf("template URL: %w", err)
	}
	t.settle()
	return t, t.agree(ch), nil
}

// checkURL reports whether a query is for an account's token.
func checkURL(q url.Values) (forAccount bool, err error) {
	for _, name := range []string{"permissionGroupKeys", "accountId", "zoneId", "name", "to", "recordTypes", "recordName"} {
		if len(q[name]) > 1 {
			return false, fmt.Errorf("%s stands twice", name)
		}
	}
	switch to := q.Get("to"); to {
	case "":
		return false, nil
	case accountURLMark:
		return true, nil
	default:
		return false, fmt.Errorf("to is %.64q, known is %s", to, accountURLMark)
	}
}

// agree drops what a URL has to name although nothing acts on it. An account
// beside one zone says nothing; beside all zones it says whose.
func (t *Template) agree(ch Choices) Choices {
	if t.Zones == NotNeeded {
		ch.Zones = nil
	}
	if !t.ForAccount && t.Accounts == NotNeeded && !every(ch.Zones) {
		ch.Accounts = nil
	}
	return ch
}

func checkURLName(name string) error {
	if utf8.RuneCountInString(name) > maxURLName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("name must be at most %d characters, none of them control characters", maxURLName)
	}
	return nil
}

// urlGroups finds the groups of permissionGroupKeys, each once.
func (c *Catalog) urlGroups(text string, forAccount bool) ([]Group, error) {
	list, err := urlKeys(text)
	if err != nil {
		return nil, err
	}
	var groups []Group
	var faults []error
	seen := map[string]bool{}
	for _, k := range list {
		g, err := c.TemplateGroup(k.Key, k.Type)
		if err == nil && forAccount && g.Scope == KindUser {
			err = fmt.Errorf("a token of an account cannot have the key %q, which acts on a user", k.Key)
		}
		switch {
		case err != nil && len(faults) < maxURLFaults:
			faults = append(faults, err)
		case err == nil && !seen[g.ID]:
			seen[g.ID] = true
			groups = append(groups, g)
		}
	}
	return groups, errors.Join(faults...)
}

func urlKeys(text string) ([]urlKey, error) {
	if text == "" {
		return nil, errors.New("permissionGroupKeys is missing")
	}
	if len(text) > maxURLKeys {
		return nil, fmt.Errorf("permissionGroupKeys is longer than %d bytes", maxURLKeys)
	}
	var list []urlKey
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&list)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("text after the list")
		}
	}
	switch {
	case err != nil:
		return nil, errors.New(`permissionGroupKeys must be JSON like [{"key":"dns","type":"edit"}]`)
	case len(list) == 0:
		return nil, errors.New("permissionGroupKeys is empty")
	case len(list) > policy.MaxPolicyGroups:
		return nil, fmt.Errorf("permissionGroupKeys has %d entries, at most %d are possible", len(list), policy.MaxPolicyGroups)
	}
	return list, nil
}

// urlChoices reads accountId and zoneId.
func urlChoices(q url.Values, forAccount bool) (Choices, error) {
	account, zone := q.Get("accountId"), q.Get("zoneId")
	var faults []error
	if forAccount && zone == "" {
		zone = "all"
	}
	if !forAccount && account == "" {
		faults = append(faults, errors.New("accountId is missing: an id, or *"))
	}
	if zone == "" {
		faults = append(faults, errors.New("zoneId is missing: an id, or all"))
	}
	for name, id := range map[string]*string{"accountId": &account, "zoneId": &zone} {
		every := map[string]string{"accountId": All, "zoneId": "all"}[name]
		if *id == "" {
			continue
		}
		if _, ok := policy.ParseID(*id); !ok && *id != every {
			faults = append(faults, fmt.Errorf("%s is %.64q, neither an id nor %s", name, *id, every))
		}
		if *id == every {
			*id = All
		}
	}
	ch := Choices{}
	if account != "" {
		ch.Accounts = []string{account}
	}
	if zone != "" {
		ch.Zones = []string{zone}
	}
	return ch, errors.Join(faults...)
}

// TemplateQuery is the query of a template URL that starts with groups, for a
// user's token: on all accounts and all zones, to be narrowed by whoever opens it.
// A group that no URL can name is left out; ok is false when none is left.
func (c *Catalog) TemplateQuery(groups ...Group) (q url.Values, ok bool) {
	var list []urlKey
	for _, g := range groups {
		if key, typ, ok := c.TemplateKey(g); ok {
			list = append(list, urlKey{key, typ})
		}
	}
	if len(list) == 0 {
		return nil, false
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, false
	}
	return url.Values{"permissionGroupKeys": {string(text)}, "accountId": {All}, "zoneId": {"all"}}, true
}
