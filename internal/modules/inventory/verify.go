package inventory

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checkAll proves the invariants of this module again: the identities of every row, the totals of
// every approved check, what a check says of its rows, and that its stage is that of its case.
func (n *Inventory) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return n.host.Store.View(ctx, func(v *store.View) error {
		if err := n.verifyRows(v, report); err != nil {
			return err
		}
		if err := verifyCounts(v, report); err != nil {
			return err
		}
		if err := verifyStages(v, report); err != nil {
			return err
		}
		return n.verifyTotals(v, report)
	})
}

// verifyRows: gain − loss = verified − book, in amount and area, one of them zero, and what is verified
// follows from the count.
func (n *Inventory) verifyRows(v *store.View, report func(fault.Finding)) error {
	for w, err := range store.Each[Row](v, "SELECT "+strings.Join(rows.Columns(), ", ")+
		" FROM inventory_row WHERE verdict <> '' ORDER BY home, inventory, number") {
		if err != nil {
			return err
		}
		if !w.consistent() {
			report(fault.Wrong("inventory.verify.row", w.Home, w.Check, w.Number))
		}
	}
	return nil
}

// consistent reports whether what a row says of itself follows from its count.
func (w Row) consistent() bool {
	amount, err := w.Amount().Verify()
	if err != nil {
		return false
	}
	land, err := w.Land().Verify()
	return err == nil && amount == count.Result{Book: int64(w.Book), Verified: int64(w.Verified),
		Gain: int64(w.Gain),
		Loss: int64(w.Loss)} && land == count.Result{Book: int64(w.BookArea),
		Verified: int64(w.VerifiedArea),
		Gain:     int64(w.GainArea), Loss: int64(w.LossArea)} && w.Verdict.Fits(amount, land)
}

type countLine struct {
	Home    int64 `db:"home"`
	ID      int64 `db:"id"`
	Rows    int64 `db:"n"`
	Counted int64 `db:"judged"`
}

// verifyCounts: a check knows how many rows it has and how many are counted.
func verifyCounts(v *store.View, report func(fault.Finding)) error {
	for c, err := range store.Each[countLine](v, `SELECT c.home AS home, c.id AS id, count(w.number) AS n,
		COALESCE(sum(CASE WHEN w.verdict <> '' THEN 1 ELSE 0 END), 0) AS judged
		FROM inventory_check c LEFT JOIN inventory_row w ON w.home = c.home AND w.inventory = c.id
		GROUP BY c.home, c.id, c.rows, c.counted
		HAVING count(w.number) <> c.rows
			OR COALESCE(sum(CASE WHEN w.verdict <> '' THEN 1 ELSE 0 END), 0) <> c.counted
		ORDER BY c.home, c.id`) {
		if err != nil {
			return err
		}
		report(fault.Wrong("inventory.verify.counts", c.Home, c.ID))
	}
	return nil
}

type stageLine struct {
	Home   int64  `db:"home"`
	ID     int64  `db:"id"`
	Stage  Stage  `db:"stage"`
	Status string `db:"status"`
	Step   string `db:"step"`
}

// verifyStages: a check stands where its case stands.
func verifyStages(v *store.View, report func(fault.Finding)) error {
	for c, err := range store.Each[stageLine](v, `SELECT c.home AS home, c.id AS id, c.stage AS stage,
		k.status AS status, k.step AS step FROM inventory_check c
		JOIN procedure_case k ON k.home = c.home AND k.id = c.procedure_case ORDER BY c.home, c.id`) {
		if err != nil {
			return err
		}
		fits := stageOf[c.Step] == c.Stage
		switch c.Status {
		case "done":
			fits = c.Stage == Approved || c.Stage == Locked
		case "refused", "withdrawn":
			fits = c.Stage == Ended
		}
		if !fits {
			report(fault.Wrong("inventory.verify.stage", c.Home, c.ID))
		}
	}
	return nil
}

type campaignLine struct {
	Home int64 `db:"home"`
	Year int   `db:"year"`
}

// verifyTotals: the total of every approved check is the sum of its rows.
func (n *Inventory) verifyTotals(v *store.View, report func(fault.Finding)) error {
	all, err := store.All[campaignLine](v,
		`SELECT DISTINCT home, year FROM inventory_check ORDER BY home, year`)
	if err != nil {
		return err
	}
	for _, one := range all {
		_, err := n.CompareTotals(v, one.Home, one.Year, func(c Check) {
			report(fault.Wrong("inventory.verify.total", c.Home, c.ID))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
