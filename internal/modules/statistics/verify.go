package statistics

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checkAll proves that revisions are numbered without gaps and have their reasons, and that every figure's
// file is there.
func (s *Statistics) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return s.host.Store.View(ctx, func(v *store.View) error {
		files := map[int64]bool{0: true}
		for i, err := range imports.Each(v, "WHERE home = ?", store.City) {
			if err != nil {
				return err
			}
			files[i.ID] = true
		}
		var before Figure
		for f, err := range figures.Each(v, "WHERE home = ? ORDER BY series, place, year, revision",
			store.City) {
			if err != nil {
				return err
			}
			next := int64(1)
			if f.cell() == before.cell() {
				next = before.Revision + 1
			}
			name := fmt.Sprintf("%s/%d/%d/%d", f.Series, f.Place, f.Year, f.Revision)
			switch {
			case f.Revision != next:
				report(fault.Wrong("statistics.verify.gap", name))
			case f.Revision == 1 != (f.Reason == ""):
				report(fault.Wrong("statistics.verify.reason", name))
			case !files[f.Import]:
				report(fault.Wrong("statistics.verify.import", name, f.Import))
			}
			before = f
		}
		return nil
	})
}
