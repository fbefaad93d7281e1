package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Request is a file to take in.
type Request struct {
	Actor   access.Actor
	Kind    string
	Home    int64
	Subject string // what it is about, within the home
	Place   int64  // where the permit of the kind is asked
	Upload  sheet.Upload
}

// Stage reads the file into rows. Known is true if this very file has been taken in for the subject
// before: the intake is then the earlier one, as it stands. A file that is refused leaves nothing
// behind but the refusal. Stopped half-way, the same file goes on where it stopped.
func (s *Service) Stage(ctx context.Context, r Request) (in Intake, known bool, err error) {
	k, err := s.kind(r.Kind)
	if err != nil {
		return in, false, err
	}
	if err := s.access.Require(r.Actor, k.Permit, r.Place); err != nil {
		return in, false, err
	}
	reading, err := s.look(ctx, k, r)
	if err != nil {
		return in, false, err
	}
	hash, err := hashOf(r.Upload)
	if err != nil {
		return in, false, err
	}
	in = Intake{Home: r.Home, Kind: r.Kind, Subject: r.Subject, Place: r.Place, Actor: r.Actor.Account,
		File: hash, Name: r.Upload.Name, Size: r.Upload.Size, Sheet: reading.Sheet,
		Columns: lettersOf(k, reading), Form: k.Form.Key, FormVersion: int64(k.Form.Version),
		State: Staging}
	if in, known, err = s.begin(ctx, in); err != nil || in.State != Staging {
		return in, known, err
	}
	if in, err = s.pour(ctx, k, in, reading); err == nil {
		return in, known, nil
	}
	if f := fault.Of(err); f.Code != fault.Internal && f.Code != fault.Unavailable && ctx.Err() == nil {
		return s.refuse(ctx, in, f)
	}
	return in, known, err
}

// look opens the file and finds the columns. A wrong column is a finding of the intake; a wrong file
// is refused before anything is written.
func (s *Service) look(ctx context.Context, k Kind, r Request) (*sheet.Reading, error) {
	wanted, err := k.wanted(ctx, Intake{Home: r.Home, Kind: r.Kind, Subject: r.Subject, Place: r.Place})
	if err != nil {
		return nil, err
	}
	book, err := sheet.Open(r.Upload, s.limits)
	if err != nil {
		return nil, err
	}
	return book.Read(wanted)
}

// lettersOf notes where the fields stand in the file, so that what is found later has its column too.
func lettersOf(k Kind, reading *sheet.Reading) string {
	letters := make([]string, len(k.Form.Fields))
	for _, c := range reading.Columns {
		letters[c.Field] = c.Letter
	}
	return strings.Join(letters, ",")
}

func hashOf(u sheet.Upload) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(u.Content, 0, u.Size)); err != nil {
		return "", fault.New(fault.Invalid, "sheet.broken", u.Name).Because(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// begin finds the intake of the file or makes it. Of two that send the same file at once, one makes
// it and the other finds it.
func (s *Service) begin(ctx context.Context, wanted Intake) (in Intake, known bool, err error) {
	for range 3 {
		err = s.store.Maintain(ctx, func(tx *store.Tx) error {
			in, known, err = newest(tx, wanted)
			if err != nil || known && !in.State.again() {
				return err
			}
			attempt := in.Attempt + 1
			in, known = wanted, false
			in.Attempt, in.Created, in.Changed = attempt, tx.Now(), tx.Now()
			if in.ID, err = tx.NextID(in.Home, "intake"); err != nil {
				return err
			}
			return intakes.Insert(tx, &in)
		})
		if !fault.HasKey(err, "store.duplicate") {
			break
		}
	}
	return in, known && in.State != Staging, err
}

// pour streams the lines into rows, a portion in each transaction, and ends as Staged.
func (s *Service) pour(ctx context.Context, k Kind, in Intake, reading *sheet.Reading) (Intake, error) {
	var waiting []sheet.Line
	for line, err := range reading.Lines() {
		if err != nil {
			return in, err
		}
		if int64(line.Row) <= in.Line {
			continue // staged before it was stopped
		}
		waiting = append(waiting, line)
		if len(waiting) == s.sizes.stage {
			if in, err = s.stagePortion(ctx, k, in, waiting); err != nil {
				return in, err
			}
			waiting = waiting[:0]
		}
	}
	in, err := s.stagePortion(ctx, k, in, waiting)
	if err != nil {
		return in, err
	}
	about := reading.Findings
	about = append(about[:len(about):len(about)], reading.Notes()...)
	return s.move(ctx, in, "staged", Staging, func(tx *store.Tx, now *Intake) error {
		now.State, now.Line = Staged, 0
		return s.keepAbout(tx, *now, about)
	})
}

// aboutFile numbers the findings about the file behind those of its rows.
const aboutFile = 1_000_000

// keepAbout writes the findings about the file as a whole. They stand at line 0 or at a row that is
// no record, such as the totals; those of records are written with their rows.
func (s *Service) keepAbout(tx *store.Tx, in Intake, about []fault.Finding) error {
	for i := range about {
		kept, err := keep(in, phaseFile, aboutFile+i, about[i])
		if err != nil {
			return err
		}
		if err := findings.Insert(tx, &kept); err != nil {
			return err
		}
	}
	return nil
}

// stagePortion writes rows and what was found in their cells.
func (s *Service) stagePortion(ctx context.Context, k Kind, in Intake, lines []sheet.Line) (Intake, error) {
	if len(lines) == 0 {
		return in, nil
	}
	staged := make([]stagedRow, len(lines))
	var found []fault.Finding
	for i, line := range lines {
		cells, err := s.lock(k, line.Cells)
		if err != nil {
			return in, err
		}
		staged[i] = stagedRow{Home: in.Home, Intake: in.ID, Line: int64(line.Row), Ref: line.Ref,
			Cells: cells,
			Told:  joined(line.Told), Operation: operationKey(in, line.Row), State: rowStaged}
		found = append(found, line.Findings...)
	}
	kept, err := keepAll(in, phaseFile, found)
	if err != nil {
		return in, err
	}
	return s.move(ctx, in, "stage", Staging, func(tx *store.Tx, now *Intake) error {
		now.Line = int64(lines[len(lines)-1].Row)
		now.Rows += int64(len(lines))
		if err := rows.Bulk(tx, staged); err != nil {
			return err
		}
		return findings.Bulk(tx, kept)
	})
}

// operationKey is the key of a row of a file: the same file gives the same key, whatever the intake.
func operationKey(in Intake, line int) string {
	sum := sha256.Sum256([]byte(in.Kind + "\x00" + in.Subject + "\x00" + in.File + "\x00" +
		strconv.Itoa(line)))
	return hex.EncodeToString(sum[:16])
}

// move takes an intake one portion further in a transaction of the machinery, with a boundary before
// and after it. The intake must be where this step left it: another worker at the same intake makes
// this one stop. On an error the intake comes back as it was.
func (s *Service) move(ctx context.Context, in Intake, point string, from State,
	fn func(tx *store.Tx, now *Intake) error) (Intake, error) {
	if err := s.step("before " + point); err != nil {
		return in, err
	}
	var moved Intake
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		now, err := get(tx, in.Home, in.ID)
		if err != nil {
			return err
		}
		if now.State != from || now.Line != in.Line {
			return errMoved
		}
		if err := fn(tx, &now); err != nil {
			return err
		}
		moved = now
		return save(tx, &moved)
	})
	if err != nil {
		return in, err
	}
	return moved, s.step("after " + point)
}

// errMoved says that somebody else took the intake on, or ended it.
var errMoved = fault.New(fault.Stale, "intake.elsewhere")

// refuse ends an intake whose file cannot be read to its end, and removes its rows.
func (s *Service) refuse(ctx context.Context, in Intake, f *fault.Fault) (Intake, bool, error) {
	text, err := refusal(f)
	if err != nil {
		return in, false, err
	}
	in, err = s.move(ctx, in, "refuse", Staging, func(tx *store.Tx, now *Intake) error {
		now.State, now.Refusal, now.Rows, now.Line = Refused, text, 0, 0
		if _, err := tx.Exec("DELETE FROM intake_row WHERE home = ? AND intake = ?", in.Home,
			in.ID); err != nil {
			return err
		}
		return forget(tx, *now, phaseFile, 0, lineMax)
	})
	return in, false, errors.Join(f, err)
}
