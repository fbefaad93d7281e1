package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Move puts an asset into the books of another organisation.
type Move struct {
	Act
	To registry.Ref
}

// MoveTo ends a card here and begins one at another organisation, in the same or another home, with the
// same origin, depreciation and contract (permit assets.transfer at both). It returns the new card.
func (s *Assets) MoveTo(ctx context.Context, actor access.Actor, q Move) (Asset, error) {
	if err := q.proved(); err != nil {
		return Asset{}, err
	}
	var there Asset
	_, err := s.act(ctx, actor, Transfer, q.Act, func(tx *store.Tx, a *Asset) (Happening, error) {
		if err := movable(*a, q); err != nil {
			return Happening{}, err
		}
		o, err := s.owner(tx, actor, Transfer, q.To)
		if err != nil {
			return Happening{}, err
		}
		if there, err = s.begin(tx, actor, *a, q, o); err != nil {
			return Happening{}, err
		}
		a.State, a.Ended = Transferred, q.On
		return Happening{Kind: "transferred", Amount: a.Cost}, nil
	})
	return there, err
}

func movable(a Asset, q Move) error {
	var finding fault.Finding
	switch {
	case a.Home == q.To.Home && a.Organisation == q.To.ID:
		finding = fault.Wrong("assets.same_owner")
	case a.Title == Unsettled:
		finding = fault.Wrong("assets.disputed")
	default:
		return nil
	}
	return fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{finding.At("", 0, "to")})
}

// begin makes the card at the receiver, with the link between the two in the books of both.
func (s *Assets) begin(tx *store.Tx, actor access.Actor, a Asset, q Move,
	o registry.Organisation) (Asset, error) {
	from := a.Ref()
	a.Home, a.Organisation, a.Place, a.Version = o.Home, o.ID, o.Place, 0
	a.State, a.Ended = Live, period.Open
	var err error
	if a.ID, err = tx.NextID(a.Home, "asset"); err != nil {
		return a, err
	}
	if _, taken, err := numbered(tx, a.Home, a.Organisation, a.Number); err != nil {
		return a, err
	} else if taken {
		a.Number = numberOf(a.ID)
	}
	if err := Free(tx, &a); err != nil {
		return a, err
	}
	if err := enter(tx, &a); err != nil {
		return a, err
	}
	for _, home := range homes(from.Home, a.Home) {
		if err := link(tx, home, Link{Kind: Transferred, SourceHome: from.Home, Source: from.ID,
			TargetHome: a.Home, Target: a.ID, Happened: q.On, Document: q.Document}); err != nil {
			return a, err
		}
	}
	return a, record(tx, actor, a, q.happening(Happening{Kind: "received", Amount: a.Cost}))
}

func homes(a, b int64) []int64 {
	if a == b {
		return []int64{a}
	}
	return []int64{a, b}
}

func link(tx *store.Tx, home int64, l Link) error {
	var err error
	if l.ID, err = tx.NextID(home, "asset_link"); err != nil {
		return err
	}
	l.Home = home
	return linkTable.Insert(tx, &l)
}
