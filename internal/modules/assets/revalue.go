package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Revaluation gives a card another cost, salvage, remaining life or area.
type Revaluation struct {
	Act
	Cost    money.Fen
	Salvage money.Fen
	Months  int       // of life left after the month of the act; only with a depreciation by time
	Area    area.Area // 0.01 m²
}

// Revalue changes what a card is worth, on a document (permit assets.change). It takes effect from
// the month after; what was written off by then stays (package depreciation, invariant 4).
func (s *Assets) Revalue(ctx context.Context, actor access.Actor, q Revaluation) (Asset, error) {
	if err := q.proved(); err != nil {
		return Asset{}, err
	}
	return s.act(ctx, actor, Change, q.Act, func(_ *store.Tx, a *Asset) (Happening, error) {
		before := a.Cost
		a.continueFrom(q.On)
		a.Cost, a.Salvage, a.Area = q.Cost, q.Salvage, q.Area
		if a.Method == depreciation.StraightLine {
			a.Months = q.Months
		}
		if a.Method == depreciation.None {
			a.Salvage = min(a.Salvage, a.Cost)
		}
		return Happening{Kind: "revalued", Amount: a.Cost - before}, s.whole(a)
	})
}

// continueFrom makes the plan of a card begin anew on a day: what was written off by the end of its
// month is the base, what is left of the life or of the work is spread from there.
func (a *Asset) continueFrom(day period.Date) {
	switch a.Method {
	case depreciation.StraightLine:
		plan := a.Plan()
		a.Base, a.Months, a.InUse = plan.Accumulated(day), max(plan.Remaining(day), 1), max(day, a.InUse)
	case depreciation.Units:
		a.Base, a.Work, a.WorkDone = a.Accumulated(day), max(a.Work-a.WorkDone, 1), 0
		a.InUse = max(day, a.InUse)
	}
}
