package statistics

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The limits of a file.
const (
	FileMax    = 50 << 20 // bytes
	rowsMax    = 100_000
	columnsMax = 500
	textMax    = 2_000 // characters of a cell
	figuresMax = 500_000
	reasonMin  = 5   // characters
	reasonMax  = 300 // characters
)

// Order is a file to take in.
type Order struct {
	File    sheet.Upload
	Mapping string
	Reason  string // why figures that are there differ; empty: such figures are refused
	Trial   bool   // tell what would happen, and change nothing
}

// Outcome is what came of a file.
type Outcome struct {
	Import   Import
	Rows     int // that were read
	Outside  int // rows of places outside the city
	Same     int // figures that were there already
	Findings []fault.Finding
}

// incoming is a figure of a file.
type incoming struct {
	cell
	amount int64
	column string
	row    int
}

// Import takes a file in. Rows and cells that cannot be taken are told, and all others are taken.
func (s *Statistics) Import(ctx context.Context, actor access.Actor, o Order) (Outcome, error) {
	city := s.places.City()
	if err := s.host.Access.Require(actor, MayEnter, city); err != nil {
		return Outcome{}, err
	}
	m, err := s.library().Mapping(o.Mapping)
	if err != nil {
		return Outcome{}, err
	}
	if o.Reason = strings.TrimSpace(o.Reason); o.Reason != "" {
		if err := checkReason(o.Reason); err != nil {
			return Outcome{}, err
		}
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(o.File.Content, 0, o.File.Size)); err != nil {
		return Outcome{}, err
	}
	reading, err := s.read(ctx, o.File, m)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		out = Outcome{Rows: reading.rows, Outside: reading.outside,
			Findings: slices.Clone(reading.findings)}
		out.Import = Import{Home: store.City, Name: o.File.Name, Hash: hex.EncodeToString(hash.Sum(nil)),
			Mapping: m.Key, Reason: o.Reason, Author: actor.Account, At: tx.Now()}
		fresh, err := s.compare(tx, reading, o.Reason, &out)
		if err != nil || o.Trial || len(fresh) == 0 {
			return err
		}
		return s.take(tx, city, fresh, &out)
	})
	return out, err
}

// take writes new revisions with the row of their file.
func (s *Statistics) take(tx *store.Tx, city int64, fresh []Figure, out *Outcome) error {
	id, err := tx.NextID(store.City, "statistic_import")
	if err != nil {
		return err
	}
	out.Import.ID, out.Import.Findings = id, int64(len(out.Findings))
	if err := imports.Insert(tx, &out.Import); err != nil {
		return err
	}
	for i := range fresh {
		fresh[i].Import, fresh[i].Author, fresh[i].At = id, out.Import.Author, tx.Now()
	}
	if err := figures.Bulk(tx, fresh); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: store.City, Kind: "statistics.imported",
		Subject: fmt.Sprintf("statistic_import/%d", id), Place: city, Actor: out.Import.Author,
		Body: importedBody{out.Import.Name, out.Import.Hash, out.Import.Mapping, out.Import.Added,
			out.Import.Revised}})
	return err
}

// importedBody is what the event of a file says.
type importedBody struct {
	Name    string `json:"name"`
	Hash    string `json:"sha256"`
	Mapping string `json:"mapping"`
	Added   int64  `json:"added"`
	Revised int64  `json:"revised"`
}

// compare lays the figures of a file beside those that are there: what is new, and what differs.
func (s *Statistics) compare(r store.Reader, reading *reading, reason string, out *Outcome) ([]Figure,
	error) {
	there := map[cell]Figure{}
	for _, c := range reading.mapping.Columns {
		if err := latest(r, c.Series, there); err != nil {
			return nil, err
		}
	}
	var fresh []Figure
	for _, in := range reading.figures {
		old, was := there[in.cell]
		switch {
		case was && old.Known && old.Amount == in.amount:
			out.Same++
			continue
		case was && reason == "":
			out.Findings = append(out.Findings, s.at(reading, in, fault.Wrong("statistics.cell.differs",
				s.shown(in.series, in.amount), s.shownFigure(old))))
			continue
		}
		f := Figure{Home: store.City, Series: in.series, Place: in.place, Year: in.year,
			Revision: old.Revision + 1, Known: true, Amount: in.amount}
		if was {
			f.Reason = reason
			out.Import.Revised++
		} else {
			out.Import.Added++
		}
		there[in.cell] = f
		fresh = append(fresh, f)
	}
	s.jumps(there, reading, out)
	return fresh, nil
}

// jumps points at figures that are many times, or a fraction of, those of the year before: a unit that
// changed, a digit too many.
func (s *Statistics) jumps(there map[cell]Figure, reading *reading, out *Outcome) {
	for _, in := range reading.figures {
		d := s.library().Book[in.series]
		before, was := there[cell{in.series, in.place, in.year - 1}]
		if d.Jump < 2 || !was || !before.Known || before.Amount <= 0 || in.amount <= 0 {
			continue
		}
		if in.amount/before.Amount >= d.Jump || before.Amount/in.amount >= d.Jump {
			out.Findings = append(out.Findings, s.at(reading, in, fault.Doubt("statistics.cell.jump",
				s.shown(in.series, in.amount), s.shown(in.series, before.Amount), d.Jump)))
		}
	}
}

func (s *Statistics) at(r *reading, in incoming, f fault.Finding) fault.Finding {
	return f.At(r.name, in.row, in.column)
}

func checkReason(reason string) error {
	if n := len([]rune(reason)); n < reasonMin || n > reasonMax {
		return fault.New(fault.Invalid, "statistics.reason", reasonMin, reasonMax)
	}
	return nil
}
