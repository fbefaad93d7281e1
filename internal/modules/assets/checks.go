package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checkCards proves invariants 1 to 3 and 5 on every card: it has an owner at its place, its class fits
// its form, its depreciation adds up, and its state and end agree.
func (s *Assets) checkCards(ctx context.Context, report func(fault.Finding)) error {
	type orphan struct {
		Home int64 `db:"home"`
		ID   int64 `db:"id"`
	}
	return s.host.Store.View(ctx, func(v *store.View) error {
		for o, err := range store.Each[orphan](v, `SELECT a.home AS home, a.id AS id FROM asset a
			LEFT JOIN organisation o ON o.home = a.home AND o.id = a.organisation WHERE o.id IS NULL`) {
			if err != nil {
				return err
			}
			report(fault.Wrong("assets.check.owner", o.Home, o.ID))
		}
		for a, err := range store.Each[Asset](v, "SELECT * FROM asset ORDER BY home, organisation") {
			if err != nil {
				return err
			}
			for _, f := range broken(a) {
				report(f)
			}
		}
		return nil
	})
}

// broken finds what cannot be on a card whatever was entered.
func broken(a Asset) []fault.Finding {
	var findings []fault.Finding
	if (a.Form == FormResource) != (a.Class == Resource) || a.Class == Resource && a.Area <= 0 {
		findings = append(findings, fault.Wrong("assets.check.class", a.Home, a.ID))
	}
	if a.Plan().Check() != nil || a.Accumulated(period.Open) > a.Cost-a.Salvage || a.Base < 0 ||
		a.Class == Resource && a.Method != depreciation.None {
		findings = append(findings, fault.Wrong("assets.check.depreciation", a.Home, a.ID))
	}
	if (a.State == Live) != (a.Ended == period.Open) {
		findings = append(findings, fault.Wrong("assets.check.state", a.Home, a.ID))
	}
	if a.Profile != profileOf(&a) {
		findings = append(findings, fault.Wrong("assets.check.profile", a.Home, a.ID))
	}
	return findings
}

// checkTotals proves that the totals are what the cards add up to (invariant 6 lists by them).
func (s *Assets) checkTotals(ctx context.Context, report func(fault.Finding)) error {
	type difference struct {
		Home    int64 `db:"home"`
		Profile int64 `db:"profile"`
	}
	return s.host.Store.View(ctx, func(v *store.View) error {
		for d, err := range store.Each[difference](v, `SELECT home, profile FROM (
			SELECT home, profile, number, cost, area FROM asset_total
			UNION ALL SELECT home, profile, -1, -cost, -area FROM asset) both_sides
			GROUP BY home, profile HAVING sum(number) <> 0 OR sum(cost) <> 0 OR sum(area) <> 0`) {
			if err != nil {
				return err
			}
			report(fault.Wrong("assets.check.total", d.Home, d.Profile))
		}
		return nil
	})
}

// checkLinks proves invariants 4 and 5: the parts of a split sum to the origin as they began, and a
// transferred card goes on somewhere.
func (s *Assets) checkLinks(ctx context.Context, report func(fault.Finding)) error {
	type ended struct {
		Home  int64 `db:"home"`
		ID    int64 `db:"id"`
		Links int64 `db:"links"`
	}
	return s.host.Store.View(ctx, func(v *store.View) error {
		for e, err := range store.Each[ended](v, `SELECT a.home AS home, a.id AS id, count(l.id) AS links
			FROM asset a
			LEFT JOIN asset_link l ON l.home = a.home AND l.source_home = a.home AND l.source = a.id
				AND l.kind = a.state
			WHERE a.state = 'transferred' OR a.state = 'split' GROUP BY a.home, a.id, a.state
			HAVING a.state = 'transferred' AND count(l.id) <> 1 OR a.state = 'split' AND count(l.id) < 2`) {
			if err != nil {
				return err
			}
			report(fault.Wrong("assets.check.link", e.Home, e.ID))
		}
		for e, err := range store.Each[ended](v, splitSums) {
			if err != nil {
				return err
			}
			report(fault.Wrong("assets.check.split", e.Home, e.ID))
		}
		return nil
	})
}

// splitSums finds split cards whose parts did not begin with the whole: the line of history of a part's
// beginning says its cost.
const splitSums = `SELECT a.home AS home, a.id AS id, count(*) AS links FROM asset a
	JOIN asset_link l ON l.home = a.home AND l.source_home = a.home AND l.source = a.id AND l.kind = 'split'
	JOIN asset_change c ON c.home = l.target_home AND c.asset = l.target AND c.kind = 'parted'
	WHERE a.state = 'split' GROUP BY a.home, a.id, a.cost HAVING sum(c.amount) <> a.cost`
