package audit

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Unmasking is a request to see one masked value whole.
type Unmasking struct {
	Home    int64
	Place   int64
	Permit  access.Permit // what allows it at the place
	Subject string        // "household/37": one record
	Field   string        // "id_number"
	Reason  string
}

// reasonMax is the number of characters of a reason.
const reasonMax = 500

// Unmask allows the actor to see one value of one record and keeps who saw what and why. It must be
// called before the value is opened, and the value shown only if it returns nil. There is no
// Unmask of many (rules-of-data.md §2).
func (s *Service) Unmask(ctx context.Context, actor access.Actor, u Unmasking) error {
	u.Reason = strings.TrimSpace(u.Reason)
	if n := utf8.RuneCountInString(u.Reason); n < s.policy.UnmaskReasonMin || n > reasonMax {
		return fault.New(fault.Invalid, "audit.unmask.reason", s.policy.UnmaskReasonMin, reasonMax)
	}
	if actor.Session == 0 {
		return fault.New(fault.Forbidden, "audit.unmask.signed_in")
	}
	if err := s.access.Require(actor, u.Permit, u.Place); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return s.unmask(tx, actor, u) })
}

type unmaskedBody struct {
	Field string `json:"field"`
}

func (s *Service) unmask(tx *store.Tx, actor access.Actor, u Unmasking) error {
	// The person's row is written first: of two requests at once the second waits here and counts
	// the first.
	if _, err := tx.Exec(`INSERT INTO unmasking_viewer (home, account, at) VALUES (?, ?, ?)
		ON CONFLICT (home, account) DO UPDATE SET at = excluded.at`,
		store.City, actor.Account, tx.Now()); err != nil {
		return err
	}
	n, err := store.Count(tx, `SELECT count(*) FROM unmasking WHERE account = ? AND at > ?`, actor.Account,
		tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= s.policy.UnmaskingsMax {
		return fault.New(fault.Limited, "audit.unmask.often", s.policy.UnmaskingsMax)
	}
	id, err := tx.NextID(u.Home, "unmasking")
	if err != nil {
		return err
	}
	if _, err := tx.Record(store.Event{Home: u.Home, Kind: "personal.unmasked", Subject: u.Subject,
		Place: u.Place, Actor: actor.Account, Body: unmaskedBody{u.Field},
		Personal: map[string]string{"reason": u.Reason}}); err != nil {
		return err
	}
	return unmaskings.Insert(tx, &unmaskingRow{Home: u.Home, ID: id, At: tx.Now(), Account: actor.Account,
		Place: u.Place, Subject: u.Subject, Field: u.Field, Reason: u.Reason})
}
