package assets

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Happening is a line of a card's history to be.
type Happening struct {
	Kind     string      // acquired, amended, revalued, moved, split, disposed, counted …
	On       period.Date // when it took effect
	Amount   money.Fen   // what it was about, if an amount
	Document string
	Reason   string
	Detail   string // a code of what it was: manner of disposal, state of use
	Decision string // reference of the decision it rests on
}

// Subject names a card in events and files.
func Subject(id int64) string { return "asset/" + strconv.FormatInt(id, 10) }

// eventBody is what the event of a change says. A reason may name people and stays in the row.
type eventBody struct {
	Number       string      `json:"number"`
	Organisation int64       `json:"organisation"`
	On           period.Date `json:"on"`
	Cost         money.Fen   `json:"cost_fen"`
	Area         int64       `json:"area,omitempty"` // 0.01 m²
	State        State       `json:"state"`
	Document     string      `json:"document,omitempty"`
	Detail       string      `json:"detail,omitempty"`
	Decision     string      `json:"decision,omitempty"`
}

// record writes the event of a change to a card and the line of its history that names the event.
func record(tx *store.Tx, actor access.Actor, a Asset, h Happening) error {
	event, err := tx.Record(store.Event{Home: a.Home, Kind: "asset." + h.Kind, Subject: Subject(a.ID),
		Place: a.Place, Actor: actor.Account, Body: eventBody{a.Number, a.Organisation, h.On, a.Cost,
			int64(a.Area), a.State, h.Document, h.Detail, h.Decision}})
	if err != nil {
		return err
	}
	// The version of the card after the change numbers its history: one line a version.
	return changeTable.Insert(tx, &ChangeRow{Home: a.Home, Asset: a.ID, Number: a.Version, Kind: h.Kind,
		Happened: h.On, At: tx.Now(), Actor: actor.Account, Amount: h.Amount, Document: h.Document,
		Reason: h.Reason, Detail: h.Detail, Decision: h.Decision, Event: event})
}

// History lists what happened to a card, newest first.
func History(r store.Reader, ref Ref) ([]ChangeRow, error) {
	return changeTable.All(r, "WHERE home = ? AND asset = ? ORDER BY number DESC", ref.Home, ref.ID)
}
