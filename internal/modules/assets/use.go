package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Use is who uses an asset, and under what contract.
type Use struct {
	Act
	State     string // code of use_state
	LandUse   string // code of land_use; "" no land
	User      string
	Contract  string
	From, To  period.Date
	AnnualFee money.Fen
	Arrears   money.Fen
}

// ChangeUse records that an asset is used otherwise (permit assets.change). A use without contract is
// taken, with a finding that says so.
func (s *Assets) ChangeUse(ctx context.Context, actor access.Actor, q Use) (Asset, error) {
	return s.act(ctx, actor, Change, q.Act, func(_ *store.Tx, a *Asset) (Happening, error) {
		q.put(a)
		return Happening{Kind: "used", Amount: q.AnnualFee, Detail: q.State}, s.whole(a)
	})
}

func (q Use) put(a *Asset) {
	a.UseState, a.LandUse, a.User, a.Contract = q.State, q.LandUse, q.User, q.Contract
	a.TermFrom, a.TermTo, a.AnnualFee, a.Arrears = q.From, q.To, q.AnnualFee, q.Arrears
}
