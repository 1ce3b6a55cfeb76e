package dashboard

import (
	"context"
	"strings"
)

// flash is a notice of what was done, on the page after it.
type flash struct{ Kind, Text string }

// tell lets the next page say something: kind is "success", "info" or
// "warning". The text is kept in the session and must hold no secret.
func (d *Dashboard) tell(ctx context.Context, kind, text string) {
	d.sessions.Put(ctx, keyFlash, kind+" "+text)
}

// told is what there is to say, once.
func (d *Dashboard) told(ctx context.Context) *flash {
	kind, text, ok := strings.Cut(d.sessions.PopString(ctx, keyFlash), " ")
	if !ok {
		return nil
	}
	return &flash{kind, text}
}
