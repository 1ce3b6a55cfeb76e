package upstream

import (
	"fmt"
	"net/http"
)

// maxBatch is how many changes a batch has that is judged record by record: each
// is looked up at the upstream first.
const maxBatch = 200

// recordBatch makes all changes of a batch, or none: when one is refused nothing is
// sent.
func (p *Proxy) recordBatch(w http.ResponseWriter, r *http.Request, z *recordZone) error {
	sent, err := z.readBody(w, r)
	if err != nil {
		return err
	}
	steps, err := batchSteps(sent)
	if err != nil {
		return err
	}
	ids := make([]string, len(steps))
	for i := range steps {
		ids[i] = steps[i].id
	}
	release, err := p.changing.hold(z.x.ctx, ids...)
	if err != nil {
		return err
	}
	defer release()
	z.x.answered = release // the change is made by then
	known, out := make(map[string]record), make(map[string]any)
	for i := range steps {
		s := &steps[i]
		change, after, err := p.recordChange(z, s.op, s.id, s.sent, known)
		if err != nil {
			return below(s.at, err)
		}
		if s.op == opRecordDelete {
			change = make(map[string]any, 1)
		}
		if s.op != opRecordCreate {
			change["id"] = s.id
			known[s.id] = after
		}
		list, _ := out[s.list].([]any)
		out[s.list] = append(list, change)
	}
	return p.forwardJudged(w, r, z, out)
}

// step is one change of a batch.
type step struct {
	op, id, list string
	at           string // its place in the request
	sent         map[string]any
}

// batchSteps are the changes of a batch in the order that they are made in,
// whatever their order in the text.
func batchSteps(sent map[string]any) ([]step, error) {
	var steps []step
	for _, l := range [...]struct{ list, op string }{
		{"deletes", opRecordDelete}, {"patches", opRecordPatch}, {"puts", opRecordPut}, {"posts", opRecordCreate},
	} {
		items, ok := sent[l.list].([]any)
		if !ok && sent[l.list] != nil {
			return nil, badRecord("/"+l.list, l.list+" must be an array")
		}
		if len(steps)+len(items) > maxBatch {
			return nil, badRecord("", fmt.Sprintf("at most %d changes are possible in one batch for a token that has some records of the zone", maxBatch))
		}
		for i, item := range items {
			s := step{op: l.op, list: l.list, at: fmt.Sprintf("/%s/%d", l.list, i)}
			if s.sent, ok = item.(map[string]any); !ok {
				return nil, badRecord(s.at, "it must be an object")
			}
			if l.op != opRecordCreate {
				s.id, _ = s.sent["id"].(string)
				if !isRecordID(s.id) {
					return nil, below(s.at, errNoRecord)
				}
			}
			steps = append(steps, s)
		}
	}
	if len(steps) == 0 {
		return nil, badRecord("", "give at least one of deletes, patches, puts and posts")
	}
	return steps, nil
}
