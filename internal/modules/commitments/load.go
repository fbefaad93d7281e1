package commitments

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Loaded is what is taken over of a county at once: commitments with Organisation, Place and what they
// say of themselves, and transfers likewise. Numbers must be given. Related is taken as it is.
type Loaded struct {
	Home        int64
	Commitments []Entry
	Transfers   []Transfer
}

type loadedBody struct {
	Commitments int `json:"commitments"`
	Transfers   int `json:"transfers"`
}

// loadMax is how much Load takes at once.
const loadMax = 20_000

// Load enters what is given with one event, for a city that takes over a register or builds a
// demonstration. Each row is checked as Enter and Announce check it, and has no line of history of its
// own. Matching is the nightly run's. The numbers come in the order of the rows, those of transfers
// after those of commitments.
//
// Only the program itself may load.
func (s *Commitments) Load(ctx context.Context, l Loaded) ([]int64, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	n := len(l.Commitments) + len(l.Transfers)
	if n == 0 {
		return nil, nil
	}
	if n > loadMax {
		return nil, fmt.Errorf("commitments: %d rows are more than %d", n, loadMax)
	}
	ids := make([]int64, n)
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.NextIDs(l.Home, numbers, int64(n))
		if err != nil {
			return err
		}
		for i := range ids {
			ids[i] = first + int64(i)
		}
		if err := s.loadCommitments(tx, l, ids); err != nil {
			return err
		}
		if err := s.loadTransfers(tx, l, ids[len(l.Commitments):]); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: l.Home, Kind: "commitment.loaded", Subject: Subject(first),
			Body: loadedBody{len(l.Commitments), len(l.Transfers)}})
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, s.publishYear(ctx, l.Home)
}

func (s *Commitments) loadCommitments(tx *store.Tx, l Loaded, ids []int64) error {
	if len(l.Commitments) == 0 {
		return nil
	}
	rows := make([]Commitment, len(l.Commitments))
	var repaid []Repayment
	for i, e := range l.Commitments {
		if found := s.Check(&e); fault.Stops(found) || e.Organisation == 0 || e.Number == "" {
			return fault.New(fault.Invalid, "commitments.invalid").With(found)
		}
		c := e.Commitment
		c.Home, c.ID, c.Version, c.State, c.Ended = l.Home, ids[i], 1, Standing, period.Open
		var before []Repayment
		if c.Settled > 0 {
			before = append(before, Repayment{Home: c.Home, Version: 1, Commitment: c.ID,
				Day:    s.host.Today(),
				Amount: c.Settled, Manner: record.Before})
		}
		c.Balance(before)
		repaid = append(repaid, before...)
		rows[i] = c
	}
	if err := commitmentTable.Bulk(tx, rows); err != nil || len(repaid) == 0 {
		return err
	}
	first, err := tx.NextIDs(l.Home, "commitment_repayment", int64(len(repaid)))
	if err != nil {
		return err
	}
	for i := range repaid {
		repaid[i].ID = first + int64(i)
	}
	return repaymentTable.Bulk(tx, repaid)
}

func (s *Commitments) loadTransfers(tx *store.Tx, l Loaded, ids []int64) error {
	if len(l.Transfers) == 0 {
		return nil
	}
	rows := make([]Transfer, len(l.Transfers))
	for i, t := range l.Transfers {
		if found := s.CheckTransfer(&t); fault.Stops(found) || t.Organisation == 0 {
			return fault.New(fault.Invalid, "commitments.invalid").With(found)
		}
		t.Home, t.ID, t.Version, t.Course = l.Home, ids[i], 1, Announced
		t.Voucher, t.Booked, t.Manner = 0, "", ""
		rows[i] = t
	}
	return transferTable.Bulk(tx, rows)
}
