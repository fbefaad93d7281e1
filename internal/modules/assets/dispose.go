package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Disposal ends a card.
type Disposal struct {
	Act
	Manner   string    // code of disposal_manner: sale, scrap …
	Proceeds money.Fen // what it brought
}

// End writes an asset off the books on a document (permit assets.dispose). The card stays readable and
// never changes again. Land belongs to the collective and is given up only where it is requisitioned
// (Land Administration Law, Art. 2; Rural Collective Economic Organisations Law, Art. 36).
func (s *Assets) End(ctx context.Context, actor access.Actor, q Disposal) (Asset, error) {
	if err := q.proved(); err != nil {
		return Asset{}, err
	}
	return s.act(ctx, actor, Dispose, q.Act, func(_ *store.Tx, a *Asset) (Happening, error) {
		var findings []fault.Finding
		if !s.codes.Load().Has("disposal_manner", q.Manner) {
			findings = append(findings, fault.Wrong("assets.code").At("", 0, "manner").Saw(q.Manner))
		}
		if a.Class == Resource && q.Manner != "requisition" {
			findings = append(findings, fault.Wrong("assets.land_kept").At("", 0, "manner"))
		}
		if a.Title == Unsettled {
			findings = append(findings, fault.Wrong("assets.disputed").At("", 0, "manner"))
		}
		if q.Proceeds < 0 || q.Proceeds > costMax {
			findings = append(findings, fault.Wrong("assets.amount").At("", 0, "proceeds"))
		}
		if len(findings) > 0 {
			return Happening{}, fault.New(fault.Invalid, "assets.invalid").With(findings)
		}
		a.State, a.Ended = Disposed, q.On
		return Happening{Kind: "disposed", Amount: q.Proceeds, Detail: q.Manner}, nil
	})
}
