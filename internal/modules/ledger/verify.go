package ledger

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/proof"
	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checks prove the invariants again over the whole database.
func (l *Ledger) checks() []manifest.Check {
	check := func(name string, prove func(v *store.View, report proof.Report) error) manifest.Check {
		return manifest.Check{Name: name, Run: func(ctx context.Context, report func(fault.Finding)) error {
			return l.host.Store.View(ctx, func(v *store.View) error { return prove(v, report) })
		}}
	}
	return []manifest.Check{
		check("ledger.check_vouchers", checkVouchers),
		check("ledger.check_numbers", func(v *store.View, report proof.Report) error {
			return ask(v, proof.Numbers, report)
		}),
		check("ledger.check_balances", checkBalances),
		check("ledger.check_reversals", func(v *store.View, report proof.Report) error {
			return ask(v, proof.Reversals, report)
		}),
		check("ledger.check_periods", l.checkPeriods),
	}
}

// verified is how many vouchers, or books, are held against their rows at a time.
const verified = 1000

// breach is an answer to a question of the proof.
type breach struct {
	Home int64  `db:"home"`
	Book int64  `db:"book"`
	What string `db:"what"`
}

// ask reports every row that answers some questions.
func ask(v *store.View, list []proof.Question, report proof.Report) error {
	for _, q := range list {
		for row, err := range store.Each[breach](v, q.Text) {
			if err != nil {
				return err
			}
			report(fault.Finding{Severity: fault.Error, Key: q.Key, Args: []any{row.Home, row.Book,
				row.What}})
		}
	}
	return nil
}

// checkVouchers proves that every posted voucher sums to zero, that its hash is that of its postings,
// that they are in its book on its day, that another person checked it, and that its attachments are
// kept. That their bytes have their hash is proved where files are kept.
func checkVouchers(v *store.View, report proof.Report) error {
	homes, err := store.All[int64](v, "SELECT DISTINCT home FROM ledger_voucher ORDER BY home")
	if err != nil {
		return err
	}
	for _, home := range homes {
		for after := int64(0); ; {
			list, err := vouchers.All(v, "WHERE home = ? AND id > ? ORDER BY id LIMIT ?", home, after,
				verified)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			after = list[len(list)-1].ID
			lines, err := postings.All(v,
				"WHERE home = ? AND voucher >= ? AND voucher <= ? ORDER BY voucher, line", home, list[0].ID,
				after)
			if err != nil {
				return err
			}
			proof.Lines(list, lines, report)
			kept, err := files.Kept(v, home, proof.Hashes(list))
			if err != nil {
				return err
			}
			proof.Attached(list, kept, report)
		}
	}
	return ask(v, proof.Orphans, report)
}

// eachBooks walks the books of all counties, some at a time.
func eachBooks(v *store.View, walk func(list []Book) error) error {
	homes, err := homesOf(v)
	if err != nil {
		return err
	}
	for _, home := range homes {
		for after := int64(0); ; {
			list, err := InHome(v, home, after, verified)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			if err := walk(list); err != nil {
				return err
			}
			after = list[len(list)-1].ID
		}
	}
	return nil
}

// checkBalances proves that turnovers are the sums of the postings, the first opening what was entered,
// and every later one what the year before ended with.
func checkBalances(v *store.View, report proof.Report) error {
	if err := ask(v, proof.Balances, report); err != nil {
		return err
	}
	return eachBooks(v, func(list []Book) error {
		rows, err := openings.All(v, "WHERE home = ? AND book >= ? AND book <= ?", list[0].Home, list[0].ID,
			list[len(list)-1].ID)
		proof.Openings(list, rows, report)
		return err
	})
}

// checkPeriods proves that closed months are as they were when they were closed, in their vouchers and,
// of the last one, in its statements.
func (l *Ledger) checkPeriods(v *store.View, report proof.Report) error {
	return eachBooks(v, func(list []Book) error {
		home := list[0].Home
		in, args := query.Among("book", idsOf(list))
		acts, err := periods.All(v, "WHERE home = ? AND "+in+" ORDER BY month, book, act",
			slices.Concat([]any{home}, args)...)
		if err != nil {
			return err
		}
		if err := proof.Acts(list, acts, func(month string, ids []int64) (map[int64]string, error) {
			return monthSeals(v, home, month, ids)
		}, report); err != nil {
			return err
		}
		return l.checkSheets(v, list, report)
	})
}

func idsOf(list []Book) []int64 {
	ids := make([]int64, len(list))
	for i, b := range list {
		ids[i] = b.ID
	}
	return ids
}

// checkSheets evaluates the statements of each book's last closed month again.
func (l *Ledger) checkSheets(v *store.View, list []Book, report func(fault.Finding)) error {
	byMonth := map[string][]Book{}
	for _, b := range list {
		if b.Closed != "" {
			byMonth[b.Closed] = append(byMonth[b.Closed], b)
		}
	}
	for _, month := range slices.Sorted(maps.Keys(byMonth)) {
		some := byMonth[month]
		p, err := period.Parse(month)
		if err != nil {
			return err
		}
		moved, err := yearsOf(v, some[0].Home, p.Year(), some)
		if err != nil {
			return err
		}
		in, args := query.Among("book", idsOf(some))
		kept, err := sheets.All(v, "WHERE home = ? AND month = ? AND "+in,
			slices.Concat([]any{some[0].Home, month}, args)...)
		if err != nil {
			return err
		}
		cells := map[int64][]byte{}
		for _, row := range kept {
			cells[row.Book] = row.Cells
		}
		for _, b := range some {
			sheet, _, err := l.sheetOf(b, p, moved[b.ID])
			if err != nil {
				return err
			}
			if !bytes.Equal(sheet.Cells, cells[b.ID]) {
				report(fault.Wrong("ledger.check.sheet", b.Home, b.ID, month))
			}
		}
	}
	return nil
}
