package editions

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Suggestion is a merge, split or cut that an edition makes likely. An officer confirms or rejects it.
type Suggestion struct {
	ID        int64          `db:"id,key"`
	Version   int64          `db:"version,version"`
	Edition   int64          `db:"edition"`
	Act       territory.Kind `db:"act"`
	Reason    string         `db:"reason"` // dictionary key editions.reason.REASON
	Effective period.Date    `db:"effective"`
	State     string         `db:"state"` // Waiting, Confirmed or Rejected
	Event     int64          `db:"event"` // the act it became
	Actor     int64          `db:"actor"`
	Decided   period.Instant `db:"decided"`
	Remark    string         `db:"remark"`
}

// The states of a suggestion.
const (
	Waiting   = "waiting"
	Confirmed = "confirmed"
	Rejected  = "rejected"
)

// insertSuggestion keeps a suggestion of an edition; ids are the places of its rows.
func insertSuggestion(tx *store.Tx, e Edition, s edition.Suggestion, ids []int64) error {
	id, err := tx.NextID(store.City, "place_suggestion")
	if err != nil {
		return err
	}
	if err := suggestions.Insert(tx, &Suggestion{ID: id, Edition: e.ID, Act: territory.Kind(s.Act),
		Reason:    s.Reason,
		Effective: e.Effective, State: Waiting}); err != nil {
		return err
	}
	for i, p := range s.Parts {
		to := p.To
		if to == 0 {
			to = ids[p.ToRow]
		}
		if err := suggestionParts.Insert(tx, &suggestionPartRow{Suggestion: id, Number: int64(i + 1),
			From: p.From, To: to, Basis: p.Basis, Share: int64(p.Share)}); err != nil {
			return err
		}
	}
	return nil
}

// Decision is an officer's word on a suggestion.
type Decision struct {
	Suggestion int64
	Version    int64 // it was read with; 0: whichever stands
	Confirm    bool
	Document   string // cited by the act, if confirmed
	Remark     string // the reason, if rejected
}

// Decide confirms a suggestion, which makes it an act with its shares, or rejects it for a reason.
// The tree does not change: the edition has already shown what stands and what does not.
func (g *Editions) Decide(ctx context.Context, d Decision) (event int64, err error) {
	d.Remark = strings.TrimSpace(d.Remark)
	if !d.Confirm && d.Remark == "" {
		return 0, fault.New(fault.Invalid, "editions.suggestion.reason")
	}
	if utf8.RuneCountInString(d.Remark) > territory.NoteMax {
		return 0, fault.New(fault.TooLarge, "territory.act.note", territory.NoteMax)
	}
	row, parts, err := g.suggestion(ctx, d.Suggestion)
	if err != nil {
		return 0, err
	}
	if utf8.RuneCountInString(d.Document) > territory.DocumentMax {
		return 0, fault.New(fault.TooLarge, "territory.act.document", territory.DocumentMax)
	}
	// Those that ended are looked up on the last day they stood.
	for _, p := range parts {
		if err := g.places.May(ctx, row.Effective.AddDays(-1), p.From); err != nil {
			return 0, err
		}
		if err := g.places.May(ctx, row.Effective, p.To); err != nil {
			return 0, err
		}
	}
	err = g.host.Store.Write(ctx, func(tx *store.Tx) error {
		event, err = g.decide(ctx, tx, d)
		return err
	})
	g.places.Changed()
	return event, err
}

func (g *Editions) suggestion(ctx context.Context, id int64) (row Suggestion, parts []suggestionPartRow,
	err error) {
	err = g.host.Store.View(ctx, func(v *store.View) error {
		var found bool
		row, found, err = suggestions.First(v, "WHERE id = ?", id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "editions.suggestion.absent", id)
		}
		if err == nil {
			parts, err = suggestionParts.All(v, "WHERE suggestion = ? ORDER BY number", id)
		}
		return err
	})
	return row, parts, err
}

func (g *Editions) decide(ctx context.Context, tx *store.Tx, d Decision) (int64, error) {
	row, found, err := suggestions.First(tx, "WHERE id = ?", d.Suggestion)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, fault.New(fault.NotFound, "editions.suggestion.absent", d.Suggestion)
	case d.Version != 0 && d.Version != row.Version:
		return 0, fault.New(fault.Stale, "store.stale")
	case row.State != Waiting:
		return 0, fault.New(fault.Conflict, "editions.suggestion.decided", d.Suggestion)
	}
	row.State, row.Remark, row.Decided = Rejected, d.Remark, tx.Now()
	row.Actor = access.From(ctx).Account
	verb := "place.suggestion_rejected"
	if d.Confirm {
		row.State, verb = Confirmed, "place.suggestion_confirmed"
		if row.Event, err = g.confirm(tx, row, d); err != nil {
			return 0, err
		}
	}
	if err := suggestions.Update(tx, &row); err != nil {
		return 0, err
	}
	_, err = tx.Record(store.Event{Home: store.City, Kind: verb, Actor: row.Actor,
		Subject: "suggestion/" + edition.CodeText(row.ID)})
	return row.Event, err
}

// confirm makes a suggestion an act.
func (g *Editions) confirm(tx *store.Tx, row Suggestion, d Decision) (int64, error) {
	b, err := g.places.Batch(tx)
	if err != nil {
		return 0, err
	}
	event, err := b.NewEvents(1)
	if err != nil {
		return 0, err
	}
	rows, err := suggestionParts.All(tx, "WHERE suggestion = ? ORDER BY number", row.ID)
	if err != nil {
		return 0, err
	}
	parts := make([]restate.Part, len(rows))
	for i, p := range rows {
		parts[i] = restate.Part{From: p.From, To: p.To, Basis: p.Basis, Share: int32(p.Share)}
	}
	subject := parts[0].From
	if row.Act == territory.Merging {
		subject = parts[0].To
	}
	if err := b.Tell([]territory.Event{{ID: event, Kind: row.Act, Place: subject, Effective: row.Effective,
		Document: strings.TrimSpace(d.Document), Note: d.Remark, Edition: row.Edition, Actor: row.Actor,
		Recorded: tx.Now()}}); err != nil {
		return 0, err
	}
	if err := b.Share(event, parts); err != nil {
		return 0, err
	}
	return event, b.Done()
}
