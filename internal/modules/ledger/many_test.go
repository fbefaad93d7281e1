package ledger

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// keepFile keeps a file in the home of a book and gives its hash.
func (w *world) keepFile(b Book, text string) string {
	w.t.Helper()
	blob, err := w.host.Files.Put(w.ctx, "凭据.txt", bytes.NewReader([]byte(text)))
	w.must(err)
	w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
		if _, err := w.host.Files.Attach(tx, blob, files.Belongs{Home: b.Home, Subject: "voucher/1",
			Place: b.Place, Purpose: "voucher"}); err != nil {
			return err
		}
		_, err := tx.Record(store.Event{Home: b.Home, Kind: "voucher.file_added", Subject: "voucher/1"})
		return err
	}))
	return blob.Hash
}

// asking draws drafts of every kind: good ones, and such as every check refuses.
func asking(b Book, kept string, pick func(n int) int) []ToEnter {
	list := make([]ToEnter, 1+pick(12))
	for i := range list {
		d := rent(b, period.Date(fmt.Sprintf("2025-%02d-%02d", 1+pick(3), 1+pick(28))), 100)
		switch pick(9) {
		case 0:
			d.Postings[0].Amount++
		case 1:
			d.Series = "银"
		case 2:
			d.Attachments = []string{kept}
		case 3:
			d.Attachments = []string{kept, strings.Repeat("ab", 32)}
		case 4:
			d.Date = "2027-01-01"
		case 5:
			d.Postings = append(d.Postings, line("113", 5), line("113", -5, "张三"))
		}
		d.Source = []string{"", "", "bank/1", "bank/2"}[pick(4)]
		d.Summary += fmt.Sprint(pick(2))
		list[i] = ToEnter{d, []string{"", "", "a", "b", strings.Repeat("k", KeyMax+pick(2))}[pick(5)]}
	}
	return list
}

// answer is what became of one of many, without the numbers that tell two books apart.
func answerOf(o Outcome, places map[int64]int) string {
	if o.Err != nil {
		f := fault.Of(o.Err)
		return fmt.Sprint(f.Code, f.Key, f.Args, f.Findings)
	}
	if _, known := places[o.Voucher.ID]; !known {
		places[o.Voucher.ID] = len(places)
	}
	return fmt.Sprint(places[o.Voucher.ID], o.Voucher.Version, o.Voucher.Maker, o.Voucher.Content,
		o.Voucher.Files, o.Voucher.Source)
}

// TestEnterMany: many at once are answered as one after the other are, whatever is wrong with them, and
// whatever keys they carry; and nothing else is there afterwards.
func TestEnterMany(t *testing.T) {
	s := storetest.SQLite(t, parts())
	w := newWorld(t, s)
	w.found()
	number := int64(1_000)
	kept := w.keepFile(w.bare(999), "收据")
	rapid.Check(t, func(r *rapid.T) {
		number += 2
		w.sameAnswers([2]Book{w.bare(number), w.bare(number + 1)}, number, kept, func(n int) int {
			return rapid.IntRange(0, n-1).Draw(r, "n")
		})
	})
	w.Verify()
}

// TestEnterManyEngines is the same on PostgreSQL.
func TestEnterManyEngines(t *testing.T) {
	each(t, func(w *world) {
		random := rand.New(rand.NewPCG(11, 12))
		kept := w.keepFile(w.bare(999), "收据")
		for n := range int64(5) {
			w.sameAnswers([2]Book{w.bare(1_000 + 2*n), w.bare(1_001 + 2*n)}, 1_000+2*n, kept, random.IntN)
		}
	})
}

// sameAnswers asks for the same drafts in two books: one by one in the first, at once in the second.
func (w *world) sameAnswers(b [2]Book, number int64, kept string, pick func(n int) int) {
	w.t.Helper()
	makers := [2]access.Actor{w.actor(number, "village_accountant", "天台村"),
		w.actor(number+1, "village_accountant", "天台村")}
	w.close(b[0].Ref(), "2025-01")
	w.close(b[1].Ref(), "2025-01")
	for range 3 {
		list := asking(b[0], kept, pick)
		if pick(10) == 0 {
			makers[0].Posts, makers[1].Posts = nil, nil
		}
		places := [2]map[int64]int{{}, {}}
		var singly, together []string
		for _, q := range list {
			v, err := w.Enter(w.ctx, makers[0], q.Draft, q.Key)
			v.Maker = 0
			singly = append(singly, answerOf(Outcome{Voucher: v, Err: err}, places[0]))
		}
		for i := range list {
			list[i].Draft.Book = b[1].Ref()
		}
		all, err := w.EnterMany(w.ctx, makers[1], list)
		w.must(err)
		for _, o := range all {
			if o.Err == nil && o.Ref != o.Voucher.Ref() {
				w.t.Fatalf("%v is told of %v", o.Ref, o.Voucher.Ref())
			}
			o.Voucher.Maker = 0
			together = append(together, answerOf(o, places[1]))
		}
		if !slices.Equal(singly, together) {
			w.t.Fatalf("%+v\none by one %v\nat once    %v", list, strings.Join(singly, "\n"),
				strings.Join(together, "\n"))
		}
	}
	if one, other := w.waiting(b[0]), w.waiting(b[1]); !slices.Equal(one, other) {
		w.t.Fatalf("one by one %v\nat once %v", one, other)
	}
}

// waiting are the drafts of a book as they were entered.
func (w *world) waiting(b Book) (all []string) {
	w.t.Helper()
	list, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]Voucher, error) {
		return vouchers.All(v, "WHERE home = ? AND book = ? ORDER BY id", b.Home, b.ID)
	})
	w.must(err)
	for _, v := range list {
		all = append(all, fmt.Sprint(v.Date, v.Series, v.Status, v.Number, v.Total, v.Source, v.Files,
			v.Content))
	}
	return all
}

// TestAttachments: a voucher rests on files that are kept in its home; what is not kept is refused by
// every way in, and verify finds a voucher whose file is gone.
func TestAttachments(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		kept := w.keepFile(b, "收据")
		elsewhere := w.keepFile(w.open("三清村"), "别处的收据")
		good := rent(b, "2025-03-10", 100)
		good.Attachments = []string{kept}
		v := w.post(good)
		if hashes := v.FileHashes(); !slices.Equal(hashes, good.Attachments) {
			t.Errorf("attached %v", hashes)
		}
		bad := rent(b, "2025-03-10", 100)
		bad.Attachments = []string{kept, elsewhere}
		_, err := w.Enter(w.ctx, w.maker(), bad, "")
		w.refused(err, "ledger.invalid")
		if f := fault.Of(err).Findings; len(f) != 1 || f[0].Key != "ledger.wrong.file" ||
			f[0].Column != "attachments" || f[0].Value != elsewhere {
			t.Errorf("found %+v", f)
		}
		entered := w.enter(rent(b, "2025-03-11", 100))
		_, err = w.Amend(w.ctx, w.maker(), entered.Ref(), entered.Version, bad)
		w.refused(err, "ledger.invalid")
		w.refused(w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
			_, _, err := w.PostFor(tx, w.maker(), bad)
			return err
		}), "ledger.invalid")
		_, err = w.Load(w.ctx, []Loaded{{Organisation: w.own["小溪村"].Ref(), Chart: "2024",
			From:     "2025-01-01",
			Vouchers: []LoadedVoucher{{Draft: bad}}}}, nil)
		w.refused(err, "ledger.invalid")
		foretold, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Forecast, error) {
			return w.DryRun(v, w.maker(), bad)
		})
		w.must(err)
		w.refused(foretold.Refusal, "ledger.invalid")
		w.must(w.Discard(w.ctx, w.maker(), entered.Ref(), entered.Version))
		w.Verify()
		storetest.Tamper(t, w.host.Store, "UPDATE file SET hash = 'gone' WHERE hash = '"+kept+"'")
		if got := w.findings(); !slices.Contains(got, "ledger.check.file") {
			t.Errorf("verify found %v", got)
		}
		storetest.Tamper(t, w.host.Store, "UPDATE file SET hash = '"+kept+"' WHERE hash = 'gone'")
	})
}
