package editions

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Edition is an official list of places that was taken over.
type Edition struct {
	ID         int64            `db:"id,key"`
	Version    int64            `db:"version,version"`
	Scheme     territory.Scheme `db:"scheme"`
	Effective  period.Date      `db:"effective"`
	Hash       string           `db:"hash"` // SHA-256 of the file
	File       string           `db:"file"`
	Encoding   string           `db:"encoding"`
	State      string           `db:"state"` // Applying or Done
	Lines      int64            `db:"lines"`
	CountsJSON string           `db:"counts"`
	Errors     int64            `db:"errors"`
	Warnings   int64            `db:"warnings"`
	Notes      int64            `db:"notes"`
	FirstPlace int64            `db:"first_place"`
	FirstEvent int64            `db:"first_event"` // the edition's own; those of its steps follow
	Steps      int64            `db:"steps"`
	Applied    int64            `db:"applied"`
	Actor      int64            `db:"actor"`
	Recorded   period.Instant   `db:"recorded"`
}

// The states of an edition.
const (
	Applying = "applying" // killed in between, the same import goes on where it stopped
	Done     = "done"
)

// Counts say what the edition changed.
func (e Edition) Counts() edition.Counts {
	var c edition.Counts
	if err := json.Unmarshal([]byte(e.CountsJSON), &c); err != nil {
		return edition.Counts{} // the column is ours; a broken one shows zeros, and verify names it
	}
	return c
}

// Source is the text of an edition, as a file held it.
type Source struct {
	Text     string // UTF-8 without a byte order mark
	Hash     string // SHA-256 of the file as it came, in hexadecimal
	Encoding string // it was in
}

// Import is an edition to take over.
type Import struct {
	Source
	File   string // its name, for the record
	Scheme territory.Scheme
	On     period.Date // the day the edition is of
	DryRun bool        // find out everything and change nothing
	// Progress, if not nil, is told how far a stage is: read, findings, apply.
	Progress func(stage string, done, total int64)
}

// Imported is what came of an import.
type Imported struct {
	Edition     Edition
	Counts      edition.Counts
	Findings    []fault.Finding
	Suggestions int
	Again       bool // the very same edition had been taken before: nothing was done
	Resumed     bool // an interrupted import was finished
}

// importing is an import under way.
type importing struct {
	Import
	*Editions
	file    *edition.File
	plan    *edition.Plan
	tree    *tree.Tree
	ids     []int64 // row → place
	events  []int64 // step → event
	edition Edition
	ahead   chan ahead // the histories for the next portion
	change  int64      // of the places: that of the last portion
}

// Import takes an official edition over: the first one as it is, later ones compared with what
// stands on their day. See package edition for what is found and Invariant 8 for being interrupted.
func (g *Editions) Import(ctx context.Context, r Import) (Imported, error) {
	if err := g.mayImport(ctx, r); err != nil {
		return Imported{}, err
	}
	m := importing{Import: r, Editions: g}
	if m.Progress == nil {
		m.Progress = func(string, int64, int64) {}
	}
	before, found, err := g.sameEdition(ctx, r, r.Hash)
	if err != nil {
		return Imported{}, err
	}
	if found && before.State == Done {
		return Imported{Edition: before, Counts: before.Counts(), Again: true}, nil
	}
	if err := m.prepare(ctx, before, found); err != nil {
		return Imported{}, err
	}
	if !r.DryRun {
		if err := m.run(ctx, found); err != nil {
			return Imported{}, err
		}
	}
	return Imported{Edition: m.edition, Counts: m.plan.Counts, Resumed: found,
		Findings:    slices.Concat(m.plan.Findings, m.file.Findings),
		Suggestions: m.plan.Counts.Suggested}, nil
}

func (g *Editions) mayImport(ctx context.Context, r Import) error {
	actor := access.From(ctx)
	switch {
	case !actor.SignedIn() && !actor.Program:
		return fault.New(fault.Unauthenticated, "access.sign_in")
	case !g.host.Access.CanSomewhere(actor, territory.PermitImport):
		return fault.New(fault.Forbidden, "access.forbidden")
	case r.Scheme != territory.Statistical:
		return fault.New(fault.Unsupported, "editions.edition.scheme", string(r.Scheme))
	case !r.On.Valid():
		return fault.New(fault.Invalid, "territory.act.date", string(r.On))
	case r.On > g.host.Today():
		return fault.New(fault.Invalid, "editions.edition.future", string(r.On))
	}
	return nil
}

// sameEdition finds the edition of the same file, and refuses while another one is unfinished.
func (g *Editions) sameEdition(ctx context.Context, r Import, hash string) (e Edition, found bool,
	err error) {
	err = g.host.Store.View(ctx, func(v *store.View) error {
		open, err := editions.All(v, "WHERE state = ? ORDER BY id", Applying)
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.Hash != hash || o.Effective != r.On {
				return fault.New(fault.Conflict, "editions.edition.unfinished", o.File,
					string(o.Effective))
			}
		}
		e, found, err = editions.First(v, "WHERE scheme = ? AND effective = ? AND hash = ? ORDER BY id",
			string(r.Scheme), string(r.On), hash)
		return err
	})
	return e, found, err
}

// prepare reads the rows and makes the plan, or reads the plan that was being carried out.
func (m *importing) prepare(ctx context.Context, before Edition, resumed bool) (err error) {
	m.Progress("read", 0, 3)
	read := sync.OnceValues(func() (*tree.Tree, error) { return m.places.At(ctx, m.On) })
	go read() // by another processor, while the file is parsed
	file, refused := edition.Parse(m.Text, standing(read))
	if m.tree, err = read(); err != nil {
		return err
	}
	if m.file = file; refused != nil {
		return refused
	}
	m.Progress("read", 1, 3)
	if resumed {
		m.edition = before
		return m.takeUp(ctx)
	}
	m.plan = edition.Compare(m.file, m.tree)
	m.Progress("read", 2, 3)
	if err := m.checkLater(ctx); err != nil {
		return err
	}
	m.edition = Edition{Scheme: m.Scheme, Effective: m.On, Hash: m.Hash, File: m.File,
		Encoding: m.Encoding, State: Applying, Lines: int64(m.file.Lines),
		Steps: int64(len(m.plan.Steps)), Actor: access.From(ctx).Account}
	for _, f := range slices.Concat(m.plan.Findings, m.file.Findings) {
		switch f.Severity {
		case fault.Error:
			m.edition.Errors++
		case fault.Warning:
			m.edition.Warnings++
		default:
			m.edition.Notes++
		}
	}
	counts, err := json.Marshal(m.plan.Counts)
	m.edition.CountsJSON = string(counts)
	m.Progress("read", 3, 3)
	return err
}

// standing is what the parser may ask of the places that stand. Most files never make it ask.
func standing(read func() (*tree.Tree, error)) edition.Standing {
	codes := sync.OnceValue(func() map[int64]tree.Node {
		t, err := read()
		if err != nil {
			return nil // whoever reads it too is told
		}
		return edition.Codes(t)
	})
	return func(code int64) (division.Level, bool) {
		n, ok := codes()[code]
		if !ok {
			return 0, false
		}
		t, _ := read()
		return t.Level(n), true
	}
}

// checkLater refuses an edition older than what stands for its places: what a later edition made
// anew would have to be made one with what this one makes. Acts entered for later days are no
// hindrance; a place they speak of does not end.
func (m *importing) checkLater(ctx context.Context) error {
	later, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]laterCode, error) {
		return codesLater(v, m.On)
	})
	if err != nil || len(later) == 0 {
		return err
	}
	codes, spoken := map[string]bool{}, map[int64]bool{}
	for _, l := range later {
		codes[l.Code], spoken[l.Place] = true, true
	}
	count, first := 0, ""
	for i, place := range m.plan.Places {
		if code := edition.CodeText(m.file.Rows[i].Code); place == 0 && codes[code] {
			if count++; count == 1 {
				first = code + " " + m.file.Rows[i].Name
			}
		}
	}
	if count > 0 {
		return fault.New(fault.Conflict, "editions.edition.later", count, first, string(m.On))
	}
	kept := m.plan.Steps[:0]
	for _, s := range m.plan.Steps {
		if s.Row == edition.NoRow && s.Act == edition.Abolish && spoken[s.Place] {
			n := m.tree.Find(s.Place)
			m.plan.Findings = append(m.plan.Findings, fault.Doubt("territory.anomaly.later",
				m.tree.Code(n)+" "+m.tree.Name(n)))
			m.plan.Counts.Removed--
			continue
		}
		kept = append(kept, s)
	}
	m.plan.Steps = kept
	return nil
}
