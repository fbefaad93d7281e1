package contracts

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Act is what every change to a contract has in common.
type Act struct {
	Ref      Ref
	Version  int64 // at which the contract was read
	On       period.Date
	Document string // on what it rests
	Reason   string
}

// deed is what one act does to a contract in a transaction. It changes the contract in place and says
// what it was called and what amount it was about.
type deed func(tx *store.Tx, c *Contract) (kind string, amount money.Fen, err error)

// act reads a contract at the version it was seen, does the deed, writes contract, event and history.
func (s *Contracts) act(ctx context.Context, actor access.Actor, permit access.Permit, q Act,
	do deed) (Contract, error) {
	var done Contract
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := s.seen(tx, actor, permit, q)
		if err != nil {
			return err
		}
		kind, amount, err := do(tx, &c)
		if err != nil {
			return err
		}
		if err := contractTable.Update(tx, &c); err != nil {
			return err
		}
		done = c
		return note(tx, actor, c, ChangeRow{Kind: kind, Happened: q.On, Amount: amount,
			Document: strings.TrimSpace(q.Document), Reason: strings.TrimSpace(q.Reason)})
	})
	return done, err
}

// seen reads a contract for an act: the actor may, nobody changed it meanwhile, the act says enough.
func (s *Contracts) seen(r store.Reader, actor access.Actor, permit access.Permit, q Act) (Contract,
	error) {
	c, err := Get(r, q.Ref)
	if err != nil {
		return c, err
	}
	if err := s.host.Access.Require(actor, permit, c.Place); err != nil {
		return c, err
	}
	if c.Version != q.Version {
		return c, fault.New(fault.Stale, "store.stale")
	}
	var found []fault.Finding
	if !q.On.Valid() || q.On > s.host.Today() {
		found = append(found, fault.Wrong("contracts.day").At("", 0, "on"))
	}
	if utf8.RuneCountInString(q.Document) > DocumentMax {
		found = append(found, fault.Wrong("contracts.too_long", DocumentMax).At("", 0, "document"))
	}
	if utf8.RuneCountInString(q.Reason) > TextMax {
		found = append(found, fault.Wrong("contracts.too_long", TextMax).At("", 0, "reason"))
	}
	if len(found) > 0 {
		return c, fault.New(fault.Invalid, "contracts.invalid").With(found)
	}
	return c, nil
}

// proved refuses an act that needs a document and names none.
func (q Act) proved() error {
	if strings.TrimSpace(q.Document) != "" {
		return nil
	}
	f := fault.Wrong("contracts.missing").At("", 0, "document")
	return fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
}

// eventBody is what the event of a change says. Names and reasons stay in the rows.
type eventBody struct {
	Number   string      `json:"number"`
	On       period.Date `json:"on"`
	State    State       `json:"state"`
	Ends     period.Date `json:"ends"`
	Total    money.Fen   `json:"total_fen"`
	Amount   money.Fen   `json:"amount_fen,omitempty"`
	Document string      `json:"document,omitempty"`
}

// note writes the event of a change to a contract and the line of its history that names the event.
func note(tx *store.Tx, actor access.Actor, c Contract, h ChangeRow) error {
	event, err := tx.Record(store.Event{Home: c.Home, Kind: "contract." + h.Kind, Subject: Subject(c.ID),
		Place: c.Place, Actor: actor.Account, Body: eventBody{c.Number, h.Happened, c.State, c.Ends,
			c.Total, h.Amount, h.Document}})
	if err == nil {
		err = noteUnpaid(tx, c.Home, c.ID, c.ID)
	}
	if err != nil {
		return err
	}
	h.Home, h.Contract, h.Number, h.At, h.Actor, h.Event = c.Home, c.ID, c.Version, tx.Now(), actor.Account,
		event
	return changeTable.Insert(tx, &h)
}
