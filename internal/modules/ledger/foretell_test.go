package ledger

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// tape gives the bytes of a fuzzed input one after the other, and zeros behind them.
type tape []byte

func (t *tape) byte() int {
	if len(*t) == 0 {
		return 0
	}
	b := (*t)[0]
	*t = (*t)[1:]
	return int(b)
}

// amount is small, large or far too large, on either side.
func (t *tape) amount() money.Fen {
	size := t.byte()
	var raw [4]byte
	for i := range raw {
		raw[i] = byte(t.byte())
	}
	amount := money.Fen(int32(binary.LittleEndian.Uint32(raw[:])))
	switch size % 8 {
	case 0, 1, 2:
		return amount % 400
	case 3, 4, 5:
		return amount % 600_000
	case 6:
		return amount
	}
	return amount << 31
}

// draft is one of everything somebody may send: accounts that are not there, days before and after, lines
// that do not sum to zero, sources that are taken.
func (t *tape) draft(b Book) Draft {
	accounts := []string{"501", "101", "102", "513", "301", "181", "101", "102", "113", "112", "322", "10",
		"999", "",
		"501", "121"}
	names := []string{"张三", "", "李四", "undistributed", "", "李四", "坏\u0001名"}
	d := Draft{Book: b.Ref(), Date: period.NewDate(2025, 1, 1).AddDays(40 + int(int8(t.byte()))*3/2),
		Summary: "业务",
		Series:  []string{"记", "收", "", "付", "转", "", "记", "银"}[t.byte()%8], Source: []string{"", "", "a",
			"b"}[t.byte()%4]}
	if t.byte()%32 == 31 {
		d.Summary = strings.Repeat("长", t.byte())
	}
	if t.byte()%32 == 31 {
		d.Attachments = []string{strings.Repeat("0a", 32)}
	}
	var sum money.Fen
	for range 1 + t.byte()%4 {
		p := line(accounts[t.byte()%len(accounts)], t.amount(), names[t.byte()%len(names)])
		p.Red = t.byte()%8 == 7
		if p.Red {
			p.Amount = -p.Amount
		}
		sum += p.Amount
		d.Postings = append(d.Postings, p)
	}
	if t.byte()%16 != 15 {
		d.Postings = append(d.Postings, line("301", -sum))
	}
	return d
}

// scene is books with January closed, money in hand and at the bank, and some of it held for a draft.
func (w *world) scene(number int64) Book {
	w.t.Helper()
	b := w.bare(number)
	w.post(rent(b, "2025-01-10", 1_000))
	w.post(draft(b, "2025-01-11", line("101", 700), line("301", -700)))
	w.close(b.Ref(), "2025-01")
	waits := w.enter(pay(b, "2025-02-03", 400))
	_, err := w.Reserve(w.ctx, w.maker(), waits.Ref(), waits.Version, w.Today.AddDays(5))
	w.must(err)
	return b
}

// said is a refusal as whoever is refused sees it.
func said(err error) string {
	if err == nil {
		return "posted"
	}
	f := fault.Of(err)
	return fmt.Sprint(f.Code, " ", f.Key, f.Args, f.Findings)
}

// foretold asks what would become of a draft, lets it happen, and compares: the refusal word by word, the
// number, what stands on the accounts, and what is warned of. Whoever entered it cannot check it.
func (w *world) foretold(d Draft) {
	w.t.Helper()
	told, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Forecast, error) {
		return w.DryRun(v, w.maker(), d)
	})
	w.must(err)
	v, err := w.Enter(w.ctx, w.maker(), d, "")
	if err == nil {
		_, own := w.Check(w.ctx, w.actor(7, "delegated_bookkeeper", "白涛镇"), v.Ref(), v.Version)
		w.refused(own, "ledger.same_person")
		var posted Voucher
		if posted, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version); err == nil {
			v = posted
		} else {
			w.must(w.Discard(w.ctx, w.maker(), v.Ref(), v.Version))
		}
	}
	if said(told.Refusal) != said(err) {
		w.t.Fatalf("%+v\nforetold %s\nbecame   %s", d, said(told.Refusal), said(err))
	}
	if err != nil {
		return
	}
	if told.Word != v.Word() {
		w.t.Fatalf("%+v: foretold %s, became %s", d, told.Word, v.Word())
	}
	w.foretoldBalances(d, told)
}

// cashLimit is the limit of cash on hand in the pack of the tests, in fen.
const cashLimit = 500_000

func (w *world) foretoldBalances(d Draft, told Forecast) {
	w.t.Helper()
	stands := map[string]money.Fen{}
	for _, b := range w.balances(d.Book, "2999-12-30") {
		stands[b.Account+"/"+b.Counterparty] = b.Amount
	}
	named := map[string]bool{}
	for _, b := range told.Balances {
		key := b.Account + "/" + b.Counterparty
		if named[key] = true; stands[key] != b.Amount {
			w.t.Fatalf("%+v: foretold %d on %s, became %d", d, b.Amount, key, stands[key])
		}
	}
	for _, p := range d.Tidy().Postings {
		if !named[p.Account+"/"] && !named[p.Account+"/"+p.Counterparty] {
			w.t.Fatalf("%+v: nothing foretold of %s", d, p.Account)
		}
	}
	touched := slices.ContainsFunc(d.Postings, func(p book.Posting) bool { return p.Account == "101" })
	above := touched && stands["101/"] > cashLimit && flow(d.Postings, "101") >= 0
	if above != (len(told.Warnings) == 1) || above && told.Warnings[0].Key != "book.limit" {
		w.t.Fatalf("%+v: %d in hand, warned of %v", d, stands["101/"], told.Warnings)
	}
}

// TestForetold: the dry run says exactly what becomes of a draft: overdrafts beside what is held, closed
// months, limits, wrong lines and sources that are taken, on both engines.
func TestForetold(t *testing.T) {
	each(t, func(w *world) {
		w.Today = "2025-08-20"
		random := rand.New(rand.NewPCG(23, 29))
		for n := range int64(3) {
			b := w.scene(1_000 + n)
			for range 60 {
				input := make(tape, 64)
				for i := range input {
					input[i] = byte(random.UintN(256))
				}
				w.foretold(input.draft(b))
			}
		}
	})
}

// TestForetoldDrawn draws drafts until one is not as foretold, and makes it small.
func TestForetoldDrawn(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t, parts()))
	w.Today = "2025-08-20"
	w.found()
	number, posted := int64(1_000), 0
	rapid.Check(t, func(r *rapid.T) {
		number++
		b := w.scene(number)
		input := tape(rapid.SliceOfN(rapid.Byte(), 20, 200).Draw(r, "input"))
		for range 5 {
			w.foretold(input.draft(b))
		}
		posted += len(w.waiting(b)) - 3 // of the scene
	})
	if posted < 20 {
		t.Errorf("only %d drafts were posted: the test sees little", posted)
	}
	w.Verify()
}

// FuzzForetold is the same with drafts decoded from bytes.
func FuzzForetold(f *testing.F) {
	w := newWorld(f, storetest.SQLite(f, parts(), storetest.WithoutReplay))
	w.Today = "2025-08-20"
	w.found()
	number := int64(1_000)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, input []byte) {
		number++
		w.t, w.T = t, t
		b := w.scene(number)
		from := tape(input)
		for range 4 {
			w.foretold(from.draft(b))
		}
	})
}
