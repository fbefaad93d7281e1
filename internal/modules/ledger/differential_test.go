package ledger

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// answered is what a key was used for, and the answer.
type answered struct {
	draft   Draft
	voucher int64
	refused bool
}

// act is a step of the differential: those of the story, and what many do at once or again.
func (m *model) act() {
	v := m.any()
	switch n := m.pick(16); {
	case n < 7:
		m.step()
	case n == 7 || n == 14:
		m.keyed()
	case n == 8:
		m.enterMany()
	case n == 9:
		m.checkMany()
	case n == 10:
		m.postFor()
	case n == 11 && v != nil:
		m.postHold(v)
	case n == 12 && v != nil:
		m.strangers(v)
	case n == 13:
		m.openings()
	default:
		m.settle()
	}
}

// keyed enters a draft under one of a few keys: the first answer stays, a refusal too; another body is a
// conflict.
func (m *model) keyed() {
	key := fmt.Sprint("key/", m.b.Organisation, "/", m.pick(4))
	d := draft(m.b, m.month(m.closed+3).First().AddDays(m.pick(20)), m.lines()...)
	before, known := m.keys[key]
	if known && m.pick(2) == 0 {
		d = before.draft
	}
	v, err := m.w.Enter(m.w.ctx, m.w.maker(), d, key)
	switch {
	case !known:
		if m.expect("key", err, m.open(d.Date)) {
			m.all = append(m.all, &told{Voucher: v, lines: d.Postings})
		}
		m.keys[key] = answered{d, v.ID, err != nil}
	case !reflect.DeepEqual(before.draft, d):
		m.expect("other body", err, false)
		m.w.refused(err, "ledger.key_conflict")
	case before.refused || m.find(before.voucher).gone:
		m.expect("refused again", err, false)
	case m.expect("again", err, true) && v.ID != before.voucher:
		m.w.t.Fatalf("the key gave %d and then %d", before.voucher, v.ID)
	}
}

// enterMany enters some at once, of which some are refused.
func (m *model) enterMany() {
	list := make([]ToEnter, 4)
	for i := range list {
		list[i].Draft = draft(m.b, m.day(), m.lines()...)
	}
	done, err := m.w.EnterMany(m.w.ctx, m.w.maker(), list)
	m.w.must(err)
	for i, o := range done {
		if m.expect("one of many", o.Err, m.open(list[i].Draft.Date)) {
			m.all = append(m.all, &told{Voucher: o.Voucher, lines: list[i].Draft.Postings})
		}
	}
}

// checkMany checks some at once, one after the other.
func (m *model) checkMany() {
	var list []ToCheck
	var of []*told
	for range 4 {
		if v := m.any(); v != nil && v.Reverses == 0 && !slices.Contains(of, v) {
			list, of = append(list, ToCheck{v.Ref(), v.Version}), append(of, v)
		}
	}
	done, err := m.w.CheckMany(m.w.ctx, m.w.checker(), list)
	m.w.must(err)
	for i, o := range done {
		v := of[i]
		if m.expect("check of many", o.Err, v.Status == Drafted && m.open(v.Date) && m.enough(v.lines, v)) {
			v.Voucher, v.held = o.Voucher, false
		}
	}
}

// postFor books what another module does: once for each source.
func (m *model) postFor() {
	d := draft(m.b, m.day(), m.lines()...)
	d.Source = fmt.Sprint("module/", m.pick(8))
	before := slices.IndexFunc(m.all, func(v *told) bool { return !v.gone && v.Source == d.Source })
	var v Voucher
	var fresh bool
	err := m.w.host.Store.Write(m.w.ctx, func(tx *store.Tx) (err error) {
		v, fresh, err = m.w.PostFor(tx, m.w.maker(), d)
		return err
	})
	if !m.expect("post", err, before >= 0 || m.open(d.Date) && m.enough(d.Postings, nil)) {
		return
	}
	if fresh != (before < 0) || before >= 0 && m.all[before].ID != v.ID {
		m.w.t.Fatalf("%s: %v, %d", d.Source, fresh, v.ID)
	}
	if fresh {
		m.all = append(m.all, &told{Voucher: v, lines: d.Postings})
	}
}

// postHold checks a draft for which money is held; without a hold it is refused.
func (m *model) postHold(v *told) {
	of := m.find(v.Reverses)
	ok := v.held && v.Status == Drafted && m.open(v.Date) && m.enough(v.lines, v) && (of == nil ||
		!of.reversed)
	done, err := m.w.PostHold(m.w.ctx, m.w.checker(), v.Ref(), v.Version)
	if m.expect("post what is held", err, ok) {
		if v.Voucher, v.held = done, false; of != nil {
			of.reversed = true
			of.Version++
		}
	}
}

// strangers ask for what they may not, or for what is no longer so.
func (m *model) strangers(v *told) {
	_, err := m.w.Check(m.w.ctx, m.w.maker(), v.Ref(), v.Version)
	m.expect("check without the permit", err, false)
	_, err = m.w.Check(m.w.ctx, m.w.actor(7, "delegated_bookkeeper", "白涛镇"), v.Ref(), v.Version)
	m.expect("check by the maker", err, false)
	_, err = m.w.Check(m.w.ctx, m.w.checker(), v.Ref(), v.Version+1)
	m.expect("check of another version", err, false)
	_, err = m.w.Reopen(m.w.ctx, m.w.maker(), m.b.Ref(), Reopening{"2025-01", "a", "b"})
	m.expect("reopen without the permit", err, false)
	_, err = m.w.Reverse(m.w.ctx, m.w.maker(), v.Ref(), m.day(), " ")
	m.expect("reverse without a reason", err, false)
	n, err := m.w.Expire(m.w.ctx, m.b.Home)
	m.note("expire", err, n)
}

// openings asks to begin otherwise: refused once a month is closed.
func (m *model) openings() {
	row := m.w.book(m.b.Ref())
	_, err := m.w.SetOpening(m.w.ctx, m.w.checker(), m.b.Ref(), row.Version, nil)
	m.expect("opening", err, m.closed == 0)
	_, err = m.w.SetOpening(m.w.ctx, m.w.checker(), m.b.Ref(), row.Version, []book.Balance{
		{Account: "101", Amount: 1}, {Account: "113", Amount: -2}})
	m.expect("wrong opening", err, false)
}

// settle discards what waits in the next month to be closed, and closes it.
func (m *model) settle() {
	last := m.month(m.closed + 1).Last()
	for _, v := range m.all {
		if v.Status != Posted && !v.gone && v.Date <= last {
			if m.expect("settle", m.w.Discard(m.w.ctx, m.w.maker(), v.Ref(), v.Version), true) {
				v.gone = true
			}
		}
	}
	m.closeNext()
}

// rows are all rows of a book as text: with the order of vouchers and holds in place of their numbers,
// which are given as the engine likes, and so without hashes, which verify proves; and without moments
// and places.
func (w *world) rows(b Book) (all []string) {
	w.t.Helper()
	rank := map[int64]int64{}
	add := func(name string, row any, err error) {
		w.must(err)
		text := strings.Replace(fmt.Sprintf("%s %+v", name, row), fmt.Sprintf("{Home:%d ", b.Home), "{", 1)
		all = append(all, strings.Replace(text, fmt.Sprintf("Book:%d ", b.ID), "", 1))
	}
	const mine = "WHERE home = ? AND book = ?"
	w.must(w.host.Store.View(w.ctx, func(v *store.View) error {
		list, err := vouchers.All(v, mine+" ORDER BY id", b.Home, b.ID)
		for i, row := range list {
			rank[row.ID] = int64(i + 1)
		}
		for _, row := range list {
			if of, ok := strings.CutPrefix(row.Source, "reversal/"); ok {
				id, _ := strconv.ParseInt(of, 10, 64)
				row.Source = fmt.Sprint("reversal/", rank[id])
			}
			row.ID, row.Reverses, row.ReversedBy = rank[row.ID], rank[row.Reverses], rank[row.ReversedBy]
			row.Entered, row.PostedAt, row.Hash = 0, 0, ""
			add("voucher", row, nil)
		}
		for row, err := range postings.Each(v, mine, b.Home, b.ID) {
			row.Voucher = rank[row.Voucher]
			add("posting", row, err)
		}
		for row, err := range periods.Each(v, mine, b.Home, b.ID) {
			row.At, row.Hash = 0, ""
			add("period", row, err)
		}
		for row, err := range holds.Each(v, mine, b.Home, b.ID) {
			row.At, row.ID, row.Voucher = 0, 0, rank[row.Voucher]
			add("hold", row, err)
		}
		for row, err := range keptKeys.Each(v, "WHERE home = ? AND name LIKE ?", b.Home,
			fmt.Sprint("key/", b.Organisation, "/%")) {
			row.At, row.Fingerprint, row.Voucher = 0, "", rank[row.Voucher]
			add("key", row, err)
		}
		return err
	}))
	w.derived(b, mine, add)
	slices.Sort(all)
	return all
}

// derived are the rows of a book that name no voucher.
func (w *world) derived(b Book, mine string, add func(name string, row any, err error)) {
	w.t.Helper()
	w.must(w.host.Store.View(w.ctx, func(v *store.View) error {
		for row, err := range books.Each(v, "WHERE home = ? AND id = ?", b.Home, b.ID) {
			row.ID, row.Place = 0, 0
			add("book", row, err)
		}
		for row, err := range gates.Each(v, mine, b.Home, b.ID) {
			add("gate", row, err)
		}
		for row, err := range numbers.Each(v, mine, b.Home, b.ID) {
			add("number", row, err)
		}
		for row, err := range openings.Each(v, mine, b.Home, b.ID) {
			add("opening", row, err)
		}
		for row, err := range turnovers.Each(v, mine, b.Home, b.ID) {
			add("turnover", row, err)
		}
		for row, err := range sheets.Each(v, mine, b.Home, b.ID) {
			row.Place = 0
			add("sheet", row, err)
		}
		return nil
	}))
}

// TestDifferential: one story of everything that can be done with books, refusals, keys given again,
// holds, reversals, months and years closed and opened again, is told to both engines. Each answers as
// the model does, both in the same words, and every row is the same at the end.
func TestDifferential(t *testing.T) {
	stories := map[string][]string{}
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.Today = "2026-03-10"
		w.found()
		random := rand.New(rand.NewPCG(17, 19))
		var lines []string
		counts := map[string]int{}
		for n := range 3 {
			m := &model{w: w, b: w.bare(int64(1_000 + n)), pick: random.IntN, wanders: true,
				keys: map[string]answered{}}
			for range 200 {
				m.act()
			}
			m.compare()
			lines = append(append(lines, m.log...), w.rows(m.b)...)
			for _, day := range []period.Date{"2025-06-30", "2025-12-31", "2026-03-10"} {
				lines = append(lines, fmt.Sprint(w.balances(m.b.Ref(), day)))
			}
			for _, line := range m.log {
				counts[strings.Join(strings.Fields(line)[:1], "")]++
			}
			counts["years"] += m.closed / 12
		}
		w.Verify()
		if counts["years"] < 2 || counts["again"] < 5 || counts["reopen"] < 5 {
			t.Errorf("the story tells little: %v", slices.Sorted(maps.Keys(counts)))
		}
		t.Logf("%v", counts)
		stories[s.Engine()] = lines
	})
	if pg, ok := stories["postgres"]; ok && !slices.Equal(pg, stories["sqlite"]) {
		for i, line := range stories["sqlite"] {
			if i >= len(pg) || pg[i] != line {
				t.Fatalf("the engines part at %d of %d and %d:\n%s\n%s", i, len(stories["sqlite"]), len(pg),
					line, pg[min(i, len(pg)-1)])
			}
		}
	}
}
