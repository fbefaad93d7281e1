package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// PartsMax is into how many parts a card can be split at once.
const PartsMax = 20

// Part is one of the cards a card becomes.
type Part struct {
	Name   string
	Number string // "": given
	Share  int64  // weight of the part: square metres, shares, anything
}

// Split divides a card.
type Split struct {
	Act
	Parts []Part
}

// Divide splits a card into parts on a document (permit assets.change). Cost, salvage, what was written
// off, areas, quantity, fee and arrears are divided in proportion and sum to the whole (invariant 4).
// Certificate and parcel stay with none: the parts get their own.
func (s *Assets) Divide(ctx context.Context, actor access.Actor, q Split) ([]Asset, error) {
	if err := q.proved(); err != nil {
		return nil, err
	}
	var parts []Asset
	_, err := s.act(ctx, actor, Change, q.Act, func(tx *store.Tx, a *Asset) (Happening, error) {
		var err error
		if parts, err = s.parts(*a, q); err != nil {
			return Happening{}, err
		}
		for i := range parts {
			if err := s.beginPart(tx, actor, *a, &parts[i], q); err != nil {
				return Happening{}, err
			}
		}
		a.State, a.Ended = StateSplit, q.On
		return Happening{Kind: "split", Amount: a.Cost}, nil
	})
	return parts, err
}

// parts computes the cards a card becomes. It writes nothing.
func (s *Assets) parts(a Asset, q Split) ([]Asset, error) {
	if len(q.Parts) < 2 || len(q.Parts) > PartsMax {
		return nil, splitFault(fault.Wrong("assets.parts", PartsMax))
	}
	shares := make([]int64, len(q.Parts))
	for i, p := range q.Parts {
		shares[i] = p.Share
	}
	a.continueFrom(q.On)
	plans, err := a.Plan().Split(q.On, shares)
	if err != nil {
		return nil, splitFault(fault.Wrong("assets.shares"))
	}
	parts := make([]Asset, len(q.Parts))
	for i, p := range q.Parts {
		part := a
		part.Name, part.Number, part.Certificate, part.Parcel = p.Name, p.Number, "", ""
		part.Cost, part.Salvage, part.Base = plans[i].Cost, plans[i].Salvage, plans[i].Base
		if a.Method == depreciation.StraightLine {
			part.Months, part.InUse = plans[i].Months, plans[i].Since
		}
		parts[i] = part
	}
	if err := share(a, parts, shares); err != nil {
		return nil, err
	}
	for i := range parts {
		if err := s.whole(&parts[i]); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func splitFault(f fault.Finding) error {
	return fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{f.At("", 0, "share1")})
}

// share divides what is no part of the depreciation.
func share(a Asset, parts []Asset, shares []int64) error {
	for _, amount := range []struct {
		whole int64
		put   func(p *Asset, n int64)
	}{
		{int64(a.Area), func(p *Asset, n int64) { p.Area = area.Area(n) }},
		{int64(a.FloorArea), func(p *Asset, n int64) { p.FloorArea = area.Area(n) }},
		{a.Quantity, func(p *Asset, n int64) { p.Quantity = n }},
		{int64(a.AnnualFee), func(p *Asset, n int64) { p.AnnualFee = money.Fen(n) }},
		{int64(a.Arrears), func(p *Asset, n int64) { p.Arrears = money.Fen(n) }},
	} {
		pieces, fits := apportion(amount.whole, shares)
		if !fits {
			return splitFault(fault.Wrong("assets.shares"))
		}
		for i := range parts {
			amount.put(&parts[i], pieces[i])
		}
	}
	return nil
}

// apportion divides a whole in proportion, rounded down, and gives what is left over to the first
// parts, one unit each.
func apportion(whole int64, shares []int64) ([]int64, bool) {
	var total int64
	for _, s := range shares {
		var fits bool
		if total, fits = decimal.Add(total, s); s <= 0 || !fits {
			return nil, false
		}
	}
	pieces := make([]int64, len(shares))
	left := whole
	for i, s := range shares {
		piece, fits := decimal.MulDiv(whole, s, total, decimal.Down)
		if !fits {
			return nil, false
		}
		pieces[i], left = piece, left-piece
	}
	for i := 0; left > 0; i++ {
		pieces[i%len(pieces)]++
		left--
	}
	return pieces, true
}

// beginPart enters the card of a part with its link to the origin.
func (s *Assets) beginPart(tx *store.Tx, actor access.Actor, origin Asset, part *Asset, q Split) error {
	var err error
	part.Version = 0
	if part.ID, err = tx.NextID(part.Home, "asset"); err != nil {
		return err
	}
	if err := Free(tx, part); err != nil {
		return err
	}
	if err := enter(tx, part); err != nil {
		return err
	}
	if err := link(tx, origin.Home, Link{Kind: StateSplit, SourceHome: origin.Home, Source: origin.ID,
		TargetHome: part.Home, Target: part.ID, Happened: q.On, Document: q.Document}); err != nil {
		return err
	}
	return record(tx, actor, *part, q.happening(Happening{Kind: "parted", Amount: part.Cost}))
}
