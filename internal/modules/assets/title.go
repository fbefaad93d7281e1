package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// SetTitle settles whose an asset is, or marks it as disputed, on a document (permit assets.change).
// A disputed asset (待界定) stays out of every total until it is settled (invariant 6).
func (s *Assets) SetTitle(ctx context.Context, actor access.Actor, q Act, title Title) (Asset, error) {
	if err := q.proved(); err != nil {
		return Asset{}, err
	}
	return s.act(ctx, actor, Change, q, func(_ *store.Tx, a *Asset) (Happening, error) {
		switch {
		case title != Clear && title != Unsettled:
			f := fault.Wrong("assets.code").At("", 0, "title").Saw(string(title))
			return Happening{}, fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{f})
		case title == a.Title:
			f := fault.Wrong("assets.title_same").At("", 0, "title")
			return Happening{}, fault.New(fault.Invalid, "assets.invalid").With([]fault.Finding{f})
		}
		a.Title = title
		return Happening{Kind: "titled", Amount: a.Cost, Detail: string(title)}, nil
	})
}
