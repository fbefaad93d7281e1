package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// clerk keeps books without end, and tells what it did only once it was acknowledged.
type clerk struct {
	ctx                    context.Context
	ledger                 *ledger.Ledger
	store                  *store.Store
	maker, checker, leader access.Actor
	ref                    ledger.Ref
	random                 *rand.Rand
	asked                  int64 // keys given
}

// bookForEver keeps the books of a village: database, folder, home, book, seed, and the accounts of the
// one who enters, who checks and who reopens.
func bookForEver(where []string) error {
	program, clock, err := apptest.Assemble(where[0], where[1])
	if err != nil {
		return err
	}
	clock.Set("2026-02-02")
	ctx := context.Background()
	if _, err := program.Open(ctx); err != nil {
		return err
	}
	go program.Host().Log.Run(ctx)
	var n [6]int64
	for i := range n {
		if n[i], err = strconv.ParseInt(where[2+i], 10, 64); err != nil {
			return err
		}
	}
	c := &clerk{ctx: ctx, ledger: program.Services().Ledger, store: program.Host().Store,
		ref: ledger.Ref{Home: n[0], ID: n[1]}, random: rand.New(rand.NewPCG(uint64(n[2]), 7))}
	for i, actor := range []*access.Actor{&c.maker, &c.checker, &c.leader} {
		if *actor, err = program.Host().Identity.Actor(ctx, n[3+i]); err != nil {
			return err
		}
	}
	for c.asked = n[2] * 1_000_000; ; c.asked++ {
		if err := c.step(); err != nil && !refused(err) {
			return err
		}
	}
}

// refused reports an answer to a person, as against a machine that failed.
func refused(err error) bool {
	code := fault.Of(err).Code
	return code != fault.Internal && code != fault.Unavailable
}

// tell says what was acknowledged.
func tell(words ...any) { fmt.Println(words...) }

// vouchers are some of the book's: those that wait, or those posted last.
func (c *clerk) vouchers(open bool) ([]ledger.Voucher, error) {
	return store.Read(c.ctx, c.store, func(v *store.View) ([]ledger.Voucher, error) {
		list, _, err := ledger.Search(v, ledger.Query{Book: c.ref, Open: open, Limit: 20})
		return list, err
	})
}

func (c *clerk) book() (ledger.Book, error) {
	return store.Read(c.ctx, c.store, func(v *store.View) (ledger.Book, error) {
		return ledger.Get(v,
			c.ref)
	})
}

func (c *clerk) step() error {
	switch n := c.random.IntN(20); {
	case n < 6:
		return c.enter()
	case n < 7:
		return c.enterMany()
	case n < 9:
		return c.reverse()
	case n == 9:
		return c.closeMonth()
	case n == 10 && c.random.IntN(3) == 0:
		return c.reopen()
	}
	return c.decide()
}

// draft is some business of the first open month or the next.
func (c *clerk) draft() (ledger.Draft, error) {
	b, err := c.book()
	month := b.NextMonth()
	if c.random.IntN(3) == 0 {
		month = month.Next()
	}
	amount := money.Fen(1 + c.random.IntN(500))
	d := ledger.Draft{Book: c.ref, Date: month.First().AddDays(c.random.IntN(28)), Summary: "业务",
		Series: ledger.SeriesAll[c.random.IntN(2)], Postings: []book.Posting{{Account: "102",
			Amount: 2 * amount},
			{Account: "501", Amount: -2 * amount}}}
	if c.random.IntN(3) == 0 {
		d.Postings = []book.Posting{{Account: "513", Amount: amount}, {Account: "102", Amount: -amount}}
	}
	return d, err
}

// enter enters a draft under a key, often twice: the second answer is the first.
func (c *clerk) enter() error {
	d, err := c.draft()
	if err != nil {
		return err
	}
	key := fmt.Sprint("key/", c.asked)
	v, err := c.ledger.Enter(c.ctx, c.maker, d, key)
	if err != nil {
		return err
	}
	tell("entered", v.ID)
	if again, err := c.ledger.Enter(c.ctx, c.maker, d, key); err != nil || again.ID != v.ID {
		return fmt.Errorf("the key %s gave %d and then %d, %w", key, v.ID, again.ID, err)
	}
	return nil
}

func (c *clerk) enterMany() error {
	list := make([]ledger.ToEnter, 5)
	for i := range list {
		var err error
		if list[i].Draft, err = c.draft(); err != nil {
			return err
		}
		list[i].Draft.Source = fmt.Sprint("killed/", c.asked, "/", i)
	}
	done, err := c.ledger.EnterMany(c.ctx, c.maker, list)
	for _, o := range done {
		if o.Err == nil {
			tell("entered", o.Voucher.ID)
		}
	}
	return err
}

// decide checks a draft, holds money for it, or discards it.
func (c *clerk) decide() error {
	list, err := c.vouchers(true)
	if err != nil || len(list) == 0 {
		return err
	}
	v := list[c.random.IntN(len(list))]
	switch c.random.IntN(12) {
	case 0:
		tell("discarding", v.ID)
		return c.ledger.Discard(c.ctx, c.maker, v.Ref(), v.Version)
	case 1:
		_, err = c.ledger.Reserve(c.ctx, c.maker, v.Ref(), v.Version, "2026-03-01")
		return err
	}
	done, err := c.ledger.Check(c.ctx, c.checker, v.Ref(), v.Version)
	if err == nil {
		tell("posted", done.ID, done.Month, done.Word(), done.Hash)
	}
	return err
}

func (c *clerk) reverse() error {
	list, err := c.vouchers(false)
	if err != nil || len(list) == 0 {
		return err
	}
	b, err := c.book()
	if err != nil {
		return err
	}
	v := list[c.random.IntN(len(list))]
	red, err := c.ledger.Reverse(c.ctx, c.maker, v.Ref(), b.NextMonth().First(), "有误")
	if err == nil {
		tell("entered", red.ID)
	}
	return err
}

// closeMonth posts or discards what waits in the month, and closes it.
func (c *clerk) closeMonth() error {
	b, err := c.book()
	if err != nil {
		return err
	}
	list, err := c.vouchers(true)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Month != b.NextMonth().String() {
			continue
		}
		if done, err := c.ledger.Check(c.ctx, c.checker, v.Ref(), v.Version); err == nil {
			tell("posted", done.ID, done.Month, done.Word(), done.Hash)
		} else if !refused(err) {
			return err
		}
	}
	month := b.NextMonth().String()
	if _, err = c.ledger.Close(c.ctx, c.checker, c.ref, month); err != nil {
		return err
	}
	return c.tellAct(month, ledger.MonthClosed)
}

func (c *clerk) reopen() error {
	b, err := c.book()
	if err != nil {
		return err
	}
	if _, err := c.ledger.Reopen(c.ctx, c.leader, c.ref, ledger.Reopening{Month: b.Closed, Reason: "漏记",
		Decision: "3号"}); err != nil {
		return err
	}
	return c.tellAct(b.Closed, ledger.MonthReopened)
}

// tellAct says that a month was closed or reopened, and which act on it that was.
func (c *clerk) tellAct(month, kind string) error {
	acts, err := store.Read(c.ctx, c.store, func(v *store.View) ([]ledger.PeriodAct, error) {
		return ledger.ActsOf(v, c.ref, month)
	})
	if err == nil {
		tell("act", month, len(acts), kind)
	}
	return err
}

// TestBooksKilledAtAnyMoment: the whole program is killed again and again while somebody keeps books –
// drafts, many at once, checks, holds, reversals, months and a year closed and opened again. Whatever it
// acknowledged is there afterwards as it was told, numbers have no gap, and every invariant holds.
func TestBooksKilledAtAnyMoment(t *testing.T) {
	for engine, db := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "terrace.db") },
		"postgres": func(t *testing.T) string { return storetest.PostgresURL(t) }} {
		t.Run(engine, func(t *testing.T) {
			url, dir := db(t), t.TempDir()
			city := apptest.OpenIn(t, url, dir).Populate()
			city.Clock.Set("2026-02-02")
			b := villageBooks(t, city)
			r := rand.New(rand.NewPCG(5, 6))
			var told []string
			for round := range 4 {
				where := fmt.Sprintf("books|%s|%s|%d|%d|%d|%d|%d|%d", url, dir, b.Home, b.ID, round+1,
					city.As("accountant", 7).Account, city.As("reviewer", 3).Account,
					city.As("county-officer", 1).Account)
				killed(t, where, time.Duration(200+r.IntN(600))*time.Millisecond, func(line string) {
					told = append(told, line)
				})
				booksKept(t, city, b.Ref(), told)
			}
			if all := kindsOf(told); all["entered"] < 10 || all["posted"] < 10 ||
				all[ledger.MonthClosed] == 0 {
				t.Fatalf("only %v were acknowledged: the test sees little", all)
			}
			t.Logf("acknowledged: %v", kindsOf(told))
			city.Proven()
		})
	}
}

// kindsOf counts what was acknowledged.
func kindsOf(told []string) map[string]int {
	all := map[string]int{}
	for _, line := range told {
		words := strings.Fields(line)
		if words[0] == "act" {
			words[0] = words[3]
		}
		all[words[0]]++
	}
	return all
}

// villageBooks are books of a village from 2025 on.
func villageBooks(t *testing.T, city *apptest.City) ledger.Book {
	t.Helper()
	o, err := store.Read(t.Context(), city.Host.Store, func(v *store.View) (registry.Organisation, error) {
		o, _, err := registry.At(v, city.IDs[7])
		return o, err
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := city.Ledger.OpenBook(t.Context(), access.Machine, ledger.Opening{Organisation: o.Ref(),
		Chart: "2024", From: "2025-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// booksKept holds what is in the books against what was acknowledged, and asks every check of them.
func booksKept(t *testing.T, city *apptest.City, ref ledger.Ref, told []string) {
	t.Helper()
	err := city.Host.Store.View(t.Context(), func(v *store.View) error {
		discarding := map[string]bool{}
		for _, line := range told {
			if id, ok := strings.CutPrefix(line, "discarding "); ok {
				discarding[id] = true
			}
		}
		for _, line := range told {
			words := strings.Fields(line)
			if words[0] == "act" {
				if err := actKept(t, v, ref, words[1:]); err != nil {
					return err
				}
				continue
			}
			voucherKept(t, v, ref.Home, words, discarding)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range city.Ledger.Module().Checks {
		if err := check.Run(t.Context(), func(f fault.Finding) {
			t.Errorf("%s finds %s %v", check.Name, f.Key, f.Args)
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func actKept(t *testing.T, r store.Reader, ref ledger.Ref, words []string) error {
	t.Helper()
	acts, err := ledger.ActsOf(r, ref, words[0])
	n, _ := strconv.Atoi(words[1])
	if err == nil && (len(acts) < n || acts[n-1].Kind != words[2]) {
		t.Errorf("%v was acknowledged; the acts are %+v", words, acts)
	}
	return err
}

func voucherKept(t *testing.T, r store.Reader, home int64, words []string, discarding map[string]bool) {
	t.Helper()
	id, _ := strconv.ParseInt(words[1], 10, 64)
	v, lines, err := ledger.VoucherOf(r, ledger.VoucherRef{Home: home, ID: id})
	switch {
	case discarding[words[1]] && fault.Is(err, fault.NotFound):
	case err != nil:
		t.Errorf("%v was acknowledged: %v", words, err)
	case words[0] == "posted" && !slices.Equal(words[2:], []string{v.Month, v.Word(), v.Hash}):
		t.Errorf("%v was acknowledged and is %s %s %s", words, v.Month, v.Word(), v.Hash)
	case len(lines) < 2:
		t.Errorf("%v has %d lines", words, len(lines))
	}
}
