package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// suggestionData is the page that narrows a token to what it did.
type suggestionData struct {
	Token    authority.Token
	Path     string // of the token's page
	Does     *authority.Suggestion
	Narrower bool
	Days     []dayChoice
	Changes  []suggestedChange
	Reasons  []suggestedReason
	MayApply bool
	// Mark stands for what the reader sees: only that is applied.
	Mark  string
	Moved bool // it is not what the reader saw before
}

// dayChoice is how many days can be looked at.
type dayChoice struct {
	Days   int
	Chosen bool
}

// suggestionPage shows what could be taken away from a token, and asks.
func (d *Dashboard) suggestionPage(ctx context.Context, in *request) (page, error) {
	data, err := d.suggestion(ctx, in, in.query.Get("days"))
	if err != nil {
		return page{}, err
	}
	return d.showSuggestion(in, data), nil
}

// applySuggestion narrows a token as the reader has seen it. When it would be
// something else by now, that is shown first.
func (d *Dashboard) applySuggestion(ctx context.Context, in *request) (page, error) {
	data, err := d.suggestion(ctx, in, in.form.Get("days"))
	if err != nil {
		return page{}, err
	}
	addresses := in.form.Get("addresses") != ""
	if data.Mark != in.form.Get("mark") || !data.Narrower && !(addresses && data.Does.Addresses != nil) {
		data.Moved = true
		return again(d.showSuggestion(in, data), in.form), nil
	}
	t, err := d.authority.Update(ctx, in.caller, in.owner(), data.Token.ID, data.Does.Draft(addresses))
	if err != nil {
		if err := in.form.take(err, nil); err != nil {
			return page{}, err
		}
		return again(d.showSuggestion(in, data), in.form), nil
	}
	d.tell(ctx, "success", t.Name+" is narrowed to what it did. Its secret is the same.")
	return seeOther(data.Path), nil
}

// suggestion reads what is suggested, for the days that were asked for if they can
// be.
func (d *Dashboard) suggestion(ctx context.Context, in *request, asked string) (*suggestionData, error) {
	days, err := strconv.Atoi(asked)
	if err != nil || days < 1 || days > authority.MaxUsageDays {
		days = authority.DefaultUsageDays
	}
	s, err := d.authority.Suggest(ctx, in.caller, in.owner(), in.path("token"), days)
	if err != nil {
		return nil, err
	}
	rights, err := d.authority.TokenRights(ctx, in.caller, in.owner())
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx, in, append(s.Token.Policies, s.Policies...)...)
	if err != nil {
		return nil, err
	}
	data := &suggestionData{
		Token: s.Token, Path: in.base() + "/api-tokens/" + s.Token.ID, Does: &s, Narrower: s.State == authority.SuggestNarrower,
		MayApply: rights.Update && s.Token.Status != authority.StatusExposed,
	}
	if data.Mark, err = markOf(&s); err != nil {
		return nil, err
	}
	for _, n := range []int{7, 30, 60, 90} {
		if days < n && (len(data.Days) == 0 || data.Days[len(data.Days)-1].Days < days) {
			data.Days = append(data.Days, dayChoice{days, true})
		}
		data.Days = append(data.Days, dayChoice{n, n == days})
	}
	w := suggestionWords{d, d.basis(in), names, &s}
	data.Changes, data.Reasons = w.changes(), w.reasons()
	return data, nil
}

// markOf is the same for two suggestions only if they come to the same.
func markOf(s *authority.Suggestion) (string, error) {
	text, err := json.Marshal([]any{s.Token.ID, s.Token.Version, s.Policies, s.Addresses != nil, s.Draft(true).Condition})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

func (d *Dashboard) showSuggestion(in *request, data *suggestionData) page {
	p := show("tokensuggestion", "Narrow this token?", data)
	p.nav = in.base() + "/api-tokens"
	return p
}

// suggestionWords puts a suggestion into words.
type suggestionWords struct {
	d     *Dashboard
	basis tokenform.Basis
	names tokenform.Names
	*authority.Suggestion
}
