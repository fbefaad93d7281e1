package banking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Columns under which personal texts are sealed.
const (
	stagedColumn = "bank_staged.content"
	lineColumn   = "bank_line.content"
)

// explanationMax is the number of characters of an explanation.
const explanationMax = 500

// Staged is a file that was read and waits.
type Staged struct {
	Home, ID int64
	Account  Account
	Name     string
	Reading  Reading
	Fresh    int    // lines that are not known yet
	Known    *Taken // the same file was taken before
}

// Stage reads a file for an account and keeps what was read, encrypted, until it is taken or cancelled.
// Nothing of the account changes.
func (s *Banking) Stage(ctx context.Context, actor access.Actor, ref Ref, u sheet.Upload,
	format string) (Staged, error) {
	var out Staged
	var want statement.Expectation
	err := s.host.Store.View(ctx, func(v *store.View) (err error) {
		if out.Account, err = s.mine(v, actor, MayMatch, ref); err == nil {
			want, err = s.expectation(v, out.Account)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	if format == "" {
		format = out.Account.Format
	}
	hash, err := hashOf(u)
	if err != nil {
		return out, err
	}
	if out.Reading, err = s.Read(u, format, want); err != nil {
		return out, err
	}
	s.sameNumber(&out)
	row := stagedRow{Home: ref.Home, Account: ref.ID, Actor: actor.Account, File: hash,
		Name: statement.MaskedName(u.Name)}
	body, err := json.Marshal(out.Reading)
	if err != nil {
		return out, err
	}
	err = s.host.Store.Maintain(ctx, func(tx *store.Tx) error {
		// Only the last file of an account waits.
		if _, err := tx.Exec("DELETE FROM bank_staged WHERE home = ? AND account = ?", ref.Home,
			ref.ID); err != nil {
			return err
		}
		var err error
		if row.ID, err = tx.NextID(ref.Home, "bank_staged"); err != nil {
			return err
		}
		row.At = tx.Now()
		if row.Content, err = s.host.Keys.Seal(tx.Randomness(), stagedColumn, string(body)); err != nil {
			return err
		}
		return staged.Insert(tx, &row)
	})
	if err != nil {
		return out, err
	}
	return s.StagedOf(ctx, actor, ref, row.ID)
}

// sameNumber compares a number that the file gives whole with the one that was registered.
func (s *Banking) sameNumber(out *Staged) {
	n := out.Reading.Number
	if len(n) < digitsMin || strings.HasSuffix(n, out.Account.Tail) &&
		string(s.host.Keys.Find(numberColumn, n)) == string(out.Account.NumberFind) {
		return
	}
	if strings.HasSuffix(n, out.Account.Tail) {
		out.Reading.Findings = append(out.Reading.Findings, fault.Doubt("banking.number_differs").
			At(out.Reading.Sheet, 0, ""))
	}
}

// expectation is what a statement of an account must say.
func (s *Banking) expectation(r store.Reader, a Account) (statement.Expectation, error) {
	o, err := registry.Get(r, a.Owner())
	want := statement.Expectation{Holders: []string{o.Name}, Number: a.Tail, Today: s.host.Today()}
	if o.ActingBody != "" {
		want.Holders = append(want.Holders, o.ActingBody)
	}
	return want, err
}

func hashOf(u sheet.Upload) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, io.NewSectionReader(u.Content, 0, u.Size))
	return hex.EncodeToString(h.Sum(nil)), err
}

// StagedOf reads a file that waits, with how many of its lines are new by now.
func (s *Banking) StagedOf(ctx context.Context, actor access.Actor, ref Ref, id int64) (out Staged,
	err error) {
	err = s.host.Store.View(ctx, func(v *store.View) error {
		out, err = s.waiting(v, actor, ref, id)
		if err != nil {
			return err
		}
		known, err := s.known(v, out)
		for _, k := range known {
			if !k {
				out.Fresh++
			}
		}
		return err
	})
	return out, err
}

// waiting reads a staged file.
func (s *Banking) waiting(r store.Reader, actor access.Actor, ref Ref, id int64) (out Staged, err error) {
	if out.Account, err = s.mine(r, actor, MayMatch, ref); err != nil {
		return out, err
	}
	row, found, err := staged.First(r, "WHERE home = ? AND id = ? AND account = ?", ref.Home, id, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "banking.not_staged")
	}
	if err != nil {
		return out, err
	}
	body, err := s.host.Keys.Open(stagedColumn, row.Content)
	if err != nil {
		return out, err
	}
	out.Home, out.ID, out.Name = row.Home, row.ID, row.Name
	if err := json.Unmarshal([]byte(body), &out.Reading); err != nil {
		return out, err
	}
	before, found, err := taken.First(r, "WHERE home = ? AND account = ? AND file = ? AND"+statementHeld,
		ref.Home, ref.ID, row.File)
	if found {
		out.Known = &before
	}
	return out, err
}

// known tells which lines of a staged file the account has already.
func (s *Banking) known(r store.Reader, out Staged) ([]bool, error) {
	if len(out.Reading.Lines) == 0 {
		return nil, nil
	}
	rows, err := lines.All(r, "WHERE home = ? AND account = ? AND day >= ? AND day <= ? AND"+lineHeld+
		"ORDER BY day, id", out.Account.Home, out.Account.ID, out.Reading.From(), out.Reading.Until())
	if err != nil {
		return nil, err
	}
	var existing []statement.Line
	for _, row := range rows {
		l, err := s.open(row)
		if err != nil {
			return nil, err
		}
		existing = append(existing, l)
	}
	return statement.Known(existing, out.Reading.Lines), nil
}

// said is what of a line is sealed.
type said struct {
	Counterparty string `json:"counterparty,omitempty"`
	Tail         string `json:"tail,omitempty"`
	Purpose      string `json:"purpose,omitempty"`
}

// open reads a line in clear.
func (s *Banking) open(row lineRow) (statement.Line, error) {
	l := statement.Line{Row: int(row.FileRow), Date: row.Day, Amount: row.Amount, Balance: row.Balance,
		HasBalance: row.HasBalance, Serial: row.Serial}
	body, err := s.host.Keys.Open(lineColumn, row.Content)
	if err != nil {
		return l, err
	}
	var t said
	err = json.Unmarshal([]byte(body), &t)
	l.Counterparty, l.Tail, l.Purpose = t.Counterparty, t.Tail, t.Purpose
	return l, err
}

// Take takes a staged file: the lines that are not known become the account's. The same file again
// changes nothing and gives the statement that is there.
func (s *Banking) Take(ctx context.Context, actor access.Actor, ref Ref, id int64,
	explanation string) (t Taken, err error) {
	explanation = strings.TrimSpace(explanation)
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		w, err := s.waiting(tx, actor, ref, id)
		if err != nil {
			return err
		}
		if w.Known != nil {
			t = *w.Known
			return nil
		}
		if err := takeable(w, explanation); err != nil {
			return err
		}
		t, err = s.take(tx, actor, w, explanation)
		return err
	})
	if err != nil {
		return t, err
	}
	return t, s.Cancel(ctx, actor, ref, id)
}

// takeable refuses a file with errors, or with warnings that nobody explained.
func takeable(w Staged, explanation string) error {
	switch {
	case w.Account.Ended != period.Open && w.Reading.Until() >= w.Account.Ended:
		return fault.New(fault.Conflict, "banking.ended")
	case w.Reading.Stops():
		return fault.New(fault.Invalid, "banking.errors").With(w.Reading.Findings)
	case w.Reading.Warnings() > 0 && explanation == "" || len([]rune(explanation)) > explanationMax:
		return fault.New(fault.Invalid, "banking.unexplained", w.Reading.Warnings())
	}
	return nil
}

func (s *Banking) take(tx *store.Tx, actor access.Actor, w Staged, explanation string) (t Taken,
	err error) {
	row, found, err := staged.First(tx, "WHERE home = ? AND id = ?", w.Home, w.ID)
	if err != nil || !found {
		return t, err
	}
	a := w.Account
	t = Taken{Home: a.Home, Account: a.ID, Place: a.Place, File: row.File, Name: row.Name,
		Format: w.Reading.Format, Begins: w.Reading.From(), Ends: w.Reading.Until(),
		Lines: int64(len(w.Reading.Lines)), Warnings: int64(w.Reading.Warnings()), Explanation: explanation,
		Actor: actor.Account, At: tx.Now()}
	if t.ID, err = tx.NextID(a.Home, "bank_statement"); err != nil {
		return t, err
	}
	known, err := s.known(tx, w)
	if err != nil {
		return t, err
	}
	var fresh []lineRow
	var sides []partyRow
	for i, l := range w.Reading.Lines {
		if known[i] {
			continue
		}
		one, err := s.seal(tx, t, l)
		if err != nil {
			return t, err
		}
		fresh = append(fresh, one)
		if find := registry.NameFind(s.host.Keys, l.Counterparty); len(find) > 0 {
			sides = append(sides, partyRow{Home: one.Home, Line: one.ID, Account: one.Account, Find: find})
		}
	}
	t.Added = int64(len(fresh))
	if strings.HasPrefix(w.Reading.Format, statement.ByColumnsPrefix) {
		a.Format = w.Reading.Format // the next file of the account is read the same way
	}
	// Of two files that are taken at once the second finds another version and looks again.
	if err := accounts.Update(tx, &a); err != nil {
		return t, err
	}
	if err := taken.Insert(tx, &t); err != nil {
		return t, err
	}
	if err := lines.Bulk(tx, fresh); err != nil {
		return t, err
	}
	if err := parties.Bulk(tx, sides); err != nil {
		return t, err
	}
	_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_statement.taken", Subject: subject(a.ID),
		Place: a.Place, Actor: actor.Account, Body: takenBody{t.ID, t.File, t.Begins, t.Ends, t.Lines,
			t.Added}})
	return t, err
}

type takenBody struct {
	Statement int64       `json:"statement"`
	File      string      `json:"file"`
	Begins    period.Date `json:"begins"`
	Ends      period.Date `json:"ends"`
	Lines     int64       `json:"lines"`
	Added     int64       `json:"added"`
}

// seal makes the row of a line.
func (s *Banking) seal(tx *store.Tx, t Taken, l statement.Line) (row lineRow, err error) {
	row = lineRow{Home: t.Home, Account: t.Account, Statement: t.ID, FileRow: int64(l.Row), Day: l.Date,
		Amount: l.Amount, Balance: l.Balance, HasBalance: l.HasBalance, Serial: l.Serial}
	if row.ID, err = tx.NextID(t.Home, "bank_line"); err != nil {
		return row, err
	}
	body, err := json.Marshal(said{l.Counterparty, l.Tail, l.Purpose})
	if err != nil {
		return row, err
	}
	row.Content, err = s.host.Keys.Seal(tx.Randomness(), lineColumn, string(body))
	return row, err
}

// Cancel removes a staged file.
func (s *Banking) Cancel(ctx context.Context, actor access.Actor, ref Ref, id int64) error {
	return s.host.Store.Maintain(ctx, func(tx *store.Tx) error {
		if _, err := s.mine(tx, actor, MayMatch, ref); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM bank_staged WHERE home = ? AND id = ? AND account = ?", ref.Home, id,
			ref.ID)
		return err
	})
}
