package bookfiles

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// RunState is how far a conversion has come.
type RunState string

// The states.
const (
	RunDraft     RunState = "draft"     // being prepared
	RunSubmitted RunState = "submitted" // waits for another person
	RunApproved  RunState = "approved"  // decided; the books are being opened
	RunDone      RunState = "done"      // the next book runs
	RunWithdrawn RunState = "withdrawn"
)

// Run is the conversion of a book to the next chart.
type Run struct {
	Home         int64          `db:"home"`
	ID           int64          `db:"id,key"`
	Version      int64          `db:"version,version"`
	Book         int64          `db:"book"`
	Organisation int64          `db:"organisation"`
	Place        int64          `db:"place"`
	Chart        string         `db:"chart"`
	Day          period.Date    `db:"day"`
	State        RunState       `db:"state"`
	Decided      string         `db:"decided"`
	Hash         string         `db:"hash"`
	Reason       string         `db:"reason"`
	Maker        int64          `db:"maker"`
	Checker      int64          `db:"checker"`
	Created      period.Instant `db:"created"`
	Submitted    period.Instant `db:"submitted"`
	Approved     period.Instant `db:"approved"`
	NextBook     int64          `db:"next_book"`
}

// RunRef names a run.
type RunRef struct{ Home, ID int64 }

// Ref names the row's run.
func (r Run) Ref() RunRef { return RunRef{r.Home, r.ID} }

// BookRef names the book that is converted.
func (r Run) BookRef() ledger.Ref { return ledger.Ref{Home: r.Home, ID: r.Book} }

// NextRef names the book that goes on.
func (r Run) NextRef() ledger.Ref { return ledger.Ref{Home: r.Home, ID: r.NextBook} }

func (r Run) owner() registry.Ref { return registry.Ref{Home: r.Home, ID: r.Organisation} }

var runs = store.NewTable[Run]("bookfiles_run")

// GetRun reads a run.
func GetRun(r store.Reader, ref RunRef) (Run, error) {
	run, found, err := runs.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "bookfiles.no_run")
	}
	return run, err
}

// RunOf finds the run of a book that was not withdrawn.
func RunOf(r store.Reader, ref ledger.Ref) (Run, bool, error) {
	return runs.First(r, "WHERE home = ? AND book = ? AND state <> 'withdrawn'", ref.Home, ref.ID)
}

// Way is a chart that a book's balances can be carried over to.
type Way struct {
	Chart *book.Chart
	First period.Date // the first day that the pack allows, after a month of the books at least
	Day   period.Date // the first from which the books can follow: after the months that are closed
}

// Ways are the charts that a book's balances can be carried over to, from the oldest to the newest.
func (s *Bookfiles) Ways(b ledger.Book) (ways []Way) {
	for _, c := range s.ledger.Charts().All() {
		v, ok := c.ConversionFrom(b.Chart)
		first := max(v.On, period.Containing(b.From,
			period.Month).Last().AddDays(1)) // they keep a month at least
		if !ok || first > b.Until {
			continue
		}
		w := Way{c, first, first}
		if closed, err := period.Parse(b.Closed); err == nil && closed.Last() > w.Day {
			w.Day = closed.Last().AddDays(1)
		}
		ways = append(ways, w)
	}
	return ways
}

// Next is what a conversion is asked for: to which chart, from which day. Left out, the chart is the only
// one there is, and the day the first that can be.
type Next struct {
	Chart string
	Day   period.Date
}

// way is the chart and day that are asked for.
func (s *Bookfiles) way(b ledger.Book, to Next) (*book.Chart, period.Date, error) {
	ways := s.Ways(b)
	if to.Chart != "" {
		ways = slices.DeleteFunc(ways, func(w Way) bool { return w.Chart.Key != to.Chart })
	}
	switch {
	case len(ways) == 0:
		return nil, "", fault.New(fault.Conflict, "bookfiles.no_conversion", b.Chart)
	case len(ways) > 1:
		return nil, "", fault.New(fault.Invalid, "bookfiles.which_chart", len(ways))
	}
	w, day := ways[0], cmp.Or(to.Day, ways[0].Day)
	if !day.Valid() || day.Day() != 1 || day < w.First || day > b.Until || !w.Chart.HoldsOn(day) {
		return nil, "", fault.New(fault.Invalid, "bookfiles.run_day", string(w.First))
	}
	return w.Chart, day, nil
}

// OpenRun begins a conversion. What is missing yet is shown, and holds up only handing it in.
func (s *Bookfiles) OpenRun(ctx context.Context, actor access.Actor, ref ledger.Ref, to Next) (Run, error) {
	var run Run
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := ledger.Get(tx, ref)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, ledger.MayEnter, b.Place); err != nil {
			return err
		}
		if _, there, err := RunOf(tx, ref); err != nil || there {
			if err == nil {
				err = fault.New(fault.Conflict, "bookfiles.run_there")
			}
			return err
		}
		chart, day, err := s.way(b, to)
		if err != nil {
			return err
		}
		run = Run{Home: b.Home, Book: b.ID, Organisation: b.Organisation, Place: b.Place, Chart: chart.Key,
			Day: day, State: RunDraft, Decided: "[]", Maker: actor.Account, Created: tx.Now()}
		if run.ID, err = tx.NextID(run.Home, "bookfiles_run"); err != nil {
			return err
		}
		if err := runs.Insert(tx, &run); err != nil {
			return err
		}
		return run.record(tx, actor, "opened")
	})
	return run, err
}

// runBody is what the events of a run say.
type runBody struct {
	Book  int64       `json:"book"`
	Chart string      `json:"chart"`
	Day   period.Date `json:"day"`
	Hash  string      `json:"hash,omitempty"`
	Next  int64       `json:"next_book,omitempty"`
}

func (r Run) record(tx *store.Tx, actor access.Actor, what string) error {
	_, err := tx.Record(store.Event{Home: r.Home, Kind: "conversion." + what,
		Subject: "conversion/" + strconv.FormatInt(r.ID, 10), Place: r.Place, Actor: actor.Account,
		Body: runBody{r.Book, r.Chart, r.Day, r.Hash, r.NextBook}})
	return err
}

// decisions are what was decided so far.
func (r Run) decisions() ([]book.Decided, error) {
	var all []book.Decided
	err := json.Unmarshal([]byte(r.Decided), &all)
	return all, err
}

// Prepared is a run with everything it is judged by.
type Prepared struct {
	Run
	Book      ledger.Book
	Old, New  *book.Chart
	Rows      map[string]book.ConversionRow
	Balances  []book.Balance // on the last day of the older chart
	Decisions []book.Decided
	Result    book.Converted
	Findings  []fault.Finding // of the conversion: what has to be decided
	Blocks    []fault.Finding // of the books: months that are open …
}

// Ready reports whether the run can be handed in and approved.
func (p Prepared) Ready() bool { return !fault.Stops(p.Findings) && !fault.Stops(p.Blocks) }

// Prepare computes a run from the books as they stand.
func (s *Bookfiles) Prepare(r store.Reader, run Run) (p Prepared, err error) {
	p.Run = run
	if p.Book, err = ledger.Get(r, run.BookRef()); err != nil {
		return p, err
	}
	var ok, also bool
	p.Old, ok = s.ledger.Charts().Get(p.Book.Chart)
	if p.New, also = s.ledger.Charts().Get(run.Chart); !ok || !also {
		return p, fault.New(fault.Conflict, "bookfiles.no_chart", run.Chart)
	}
	conversion, ok := p.New.ConversionFrom(p.Old.Key)
	if !ok {
		return p, fault.New(fault.Conflict, "bookfiles.no_conversion", p.Old.Key)
	}
	p.Rows = map[string]book.ConversionRow{}
	for _, row := range conversion.Rows {
		p.Rows[row.Account] = row
	}
	if p.Balances, err = ledger.Balances(r, run.BookRef(), run.Day.AddDays(-1)); err != nil {
		return p, err
	}
	if p.Decisions, err = run.decisions(); err != nil {
		return p, err
	}
	p.Result, p.Findings = p.New.Convert(p.Old, p.Balances, p.standing())
	for i := range p.Findings {
		if p.Findings[i].Key == "book.conversion_nobody" { // the next book would refuse to open with it
			p.Findings[i].Severity = fault.Error
		}
	}
	if run.State == RunDone || run.State == RunWithdrawn {
		return p, nil
	}
	p.Blocks, err = s.blocks(r, p)
	return p, err
}

// standing are the decisions about balances that are still there.
func (p Prepared) standing() []book.Decided {
	var all []book.Decided
	for _, d := range p.Decisions {
		for _, b := range p.Balances {
			if b.Account == d.Account && b.Counterparty == d.Counterparty {
				all = append(all, d)
			}
		}
	}
	return all
}

// decides reports whether somebody has to say where a balance goes, or whose it is under the new
// chart.
func (p Prepared) decides(b book.Balance) bool {
	row := p.Rows[b.Account]
	if row.Decide || len(row.To) != 1 {
		return true
	}
	a, _ := p.New.Account(row.To[0])
	return a.PerDetail() && b.Counterparty == "" && row.Detail == ""
}

// blocks are what stands against a conversion in the books: they must be closed and tie.
func (s *Bookfiles) blocks(r store.Reader, p Prepared) (found []fault.Finding, err error) {
	last := p.Day.AddDays(-1)
	if p.Book.Closed < month(last) {
		found = append(found, fault.Wrong("bookfiles.block.months", month(last), p.Book.Closed))
	}
	if p.Book.Closed > month(last) {
		found = append(found, fault.Wrong("bookfiles.block.later", p.Book.Closed))
	}
	for _, b := range p.Balances {
		if a, _ := p.Old.Account(b.Account); (a.Class == book.Income || a.Class == book.Expense) &&
			p.Day.Month() == 1 {
			found = append(found, fault.Wrong("bookfiles.block.year", last.Year(), a.Code, a.Name,
				b.Amount))
			break
		}
	}
	drafts, err := store.Count(r, `SELECT count(*) FROM ledger_voucher
		WHERE home = ? AND book = ? AND status <> 'posted'`, p.Book.Home, p.Book.ID)
	if err != nil {
		return nil, err
	}
	if drafts > 0 {
		found = append(found, fault.Wrong("bookfiles.block.drafts", drafts))
	}
	posted, later, err := store.First[dated](r, `SELECT date FROM ledger_voucher WHERE home = ? AND book = ?
		AND date >= ? AND status = 'posted' ORDER BY date DESC LIMIT 1`, p.Book.Home, p.Book.ID, p.Day)
	if err != nil {
		return nil, err
	}
	if later {
		found = append(found, fault.Wrong("bookfiles.block.posted", string(p.Day), string(posted.Date)))
	}
	if month(p.Day) > month(s.host.Today()) {
		found = append(found, fault.Wrong("bookfiles.block.ahead", string(p.Day)))
	}
	if sum := sumOf(p.Balances); sum != 0 {
		found = append(found, fault.Wrong("bookfiles.block.sum", sum))
	}
	others, err := ledger.BooksOf(r, p.owner())
	for _, other := range others {
		runs := other.From <= p.Day && p.Day < other.Until
		if other.ID != p.Book.ID && (runs && (other.Chart != p.Chart || other.Closed != "") ||
			other.From > p.Day) {
			found = append(found, fault.Wrong("bookfiles.block.next", string(other.From)))
		}
	}
	return found, err
}

// dated is the day of a voucher.
type dated struct {
	Date period.Date `db:"date"`
}

// hashOf names balances: whoever approves sees what was handed in.
func hashOf(balances []book.Balance) string {
	var b strings.Builder
	for _, one := range balances {
		fmt.Fprintf(&b, "%s\t%s\t%d\n", one.Account, one.Counterparty, one.Amount)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// textMax is how many characters a reason may have.
const textMax = 200

func given(reason string) (string, error) {
	if reason = oneLine(reason); reason == "" || utf8.RuneCountInString(reason) > textMax {
		return "", fault.New(fault.Invalid, "bookfiles.reason", textMax)
	}
	return reason, nil
}
