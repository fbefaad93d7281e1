package intake

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Part is the intake's tables.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "intake", Migrations: root}
}

// State is how far an intake has come.
type State string

// The states.
const (
	Staging   State = "staging"
	Staged    State = "staged"
	Checked   State = "checked"
	Applying  State = "applying"
	Done      State = "done"
	Refused   State = "refused"
	Cancelled State = "cancelled"
	Cut       State = "cut"
)

// Over reports whether nothing more will happen.
func (s State) Over() bool { return s == Done || s == Refused || s == Cancelled || s == Cut }

// again reports whether the same file may be sent once more. Of one that was cut, the rows that took
// effect are then found repeated.
func (s State) again() bool { return s == Refused || s == Cancelled || s == Cut }

// Intake is one file being taken in.
type Intake struct {
	Home        int64          `db:"home"`
	ID          int64          `db:"id,key"`
	Version     int64          `db:"version,version"`
	Kind        string         `db:"kind"`
	Subject     string         `db:"subject"` // what it is about, within the home: "check/37"
	Place       int64          `db:"place"`   // where the permit is asked
	Actor       int64          `db:"actor"`   // account that sent the file
	File        string         `db:"file"`    // SHA-256 of the file, hexadecimal
	Attempt     int64          `db:"attempt"`
	Name        string         `db:"name"`
	Size        int64          `db:"size"` // bytes
	Sheet       string         `db:"sheet"`
	Columns     string         `db:"columns"` // letters of the file's columns, in the order of the fields
	Form        string         `db:"form"`
	FormVersion int64          `db:"form_version"`
	State       State          `db:"state"`
	Line        int64          `db:"line"`
	Rows        int64          `db:"rows"`
	Applied     int64          `db:"applied"`  // rows that took effect
	Repeated    int64          `db:"repeated"` // rows whose operation had taken effect before
	Failed      int64          `db:"failed"`   // rows the module refused while applying
	Errors      int64          `db:"errors"`
	Warnings    int64          `db:"warnings"`
	Notes       int64          `db:"notes"`
	Explanation string         `db:"explanation"` // of the warnings
	Refusal     string         `db:"refusal"`     // why it was refused, as an encoded finding
	Created     period.Instant `db:"created"`
	Changed     period.Instant `db:"changed"`
}

// stagedRow is a row as it waits.
type stagedRow struct {
	Home      int64  `db:"home"`
	Intake    int64  `db:"intake,key"`
	Line      int64  `db:"line,key"`
	Ref       string `db:"ref"`
	Cells     []byte `db:"cells"` // JSON, encrypted if the form has personal fields
	Told      string `db:"told"`  // positions of the fields that reading found wrong
	Operation string `db:"operation"`
	State     string `db:"state"`
}

// The states of a row.
const (
	rowStaged   = "staged"
	rowReady    = "ready"
	rowWrong    = "wrong"
	rowApplied  = "applied"
	rowRepeated = "repeated"
	rowFailed   = "failed"
)

// storedFinding is a finding as it is kept.
type storedFinding struct {
	Home     int64  `db:"home"`
	Intake   int64  `db:"intake,key"`
	Phase    int    `db:"phase,key"`
	Line     int64  `db:"line,key"`
	N        int64  `db:"n,key"`
	Severity int    `db:"severity"` // 0 error, 1 warning, 2 note
	Key      string `db:"key"`
	Args     string `db:"args"`
	Sheet    string `db:"sheet"`
	Spot     string `db:"spot"` // column of the file
	Value    string `db:"value"`
}

// The phases in which findings arise.
const (
	phaseFile = 1 + iota
	phaseRow
	phaseCross
	phaseApply
)

var (
	intakes    = store.NewTable[Intake]("intake").Unsealed()
	rows       = store.NewTable[stagedRow]("intake_row").Unsealed()
	findings   = store.NewTable[storedFinding]("intake_finding").Unsealed()
	operations = store.NewTable[operation]("intake_operation").Unsealed()
)

// operation is an effect that happened.
type operation struct {
	Home      int64  `db:"home"`
	Operation string `db:"operation,key"`
	Intake    int64  `db:"intake"`
	Line      int64  `db:"line"`
}

// Tables are the intake's tables.
func Tables() []store.Sealed { return []store.Sealed{intakes, rows, findings, operations} }

// get reads an intake in a transaction or view.
func get(r store.Reader, home, id int64) (Intake, error) {
	in, found, err := intakes.First(r, "WHERE home = ? AND id = ?", home, id)
	if err == nil && !found {
		return in, fault.New(fault.NotFound, "intake.absent")
	}
	return in, err
}

// newest finds the last intake of a file for a subject.
func newest(r store.Reader, in Intake) (Intake, bool, error) {
	return intakes.First(r, `WHERE home = ? AND kind = ? AND subject = ? AND file = ?
		ORDER BY attempt DESC LIMIT 1`, in.Home, in.Kind, in.Subject, in.File)
}

// save writes the intake with the time of the transaction.
func save(tx *store.Tx, in *Intake) error {
	in.Changed = tx.Now()
	return intakes.Update(tx, in)
}

// portion reads the next rows of a state behind a line.
func portion(r store.Reader, in Intake, state string, n int) ([]stagedRow, error) {
	return rows.All(r, `WHERE home = ? AND intake = ? AND line > ? AND (state = ? OR ? = '')
		ORDER BY line LIMIT ?`, in.Home, in.ID, in.Line, state, state, n)
}

// forget removes findings of a phase between two lines.
func forget(tx *store.Tx, in Intake, phase int, from, to int64) error {
	_, err := tx.Exec(`DELETE FROM intake_finding
		WHERE home = ? AND intake = ? AND phase = ? AND line BETWEEN ? AND ?`,
		in.Home, in.ID, phase, from, to)
	return err
}

// lineMax is behind every row of a file.
const lineMax = 1 << 40

// setRows gives rows a state.
func setRows(tx *store.Tx, in Intake, state string, from, to int64) error {
	_, err := tx.Exec(`UPDATE intake_row SET state = ?
		WHERE home = ? AND intake = ? AND line BETWEEN ? AND ?`, state, in.Home, in.ID, from, to)
	return err
}

// endRows gives rows that waited their last state and removes what they held.
func endRows(tx *store.Tx, in Intake, state string, from, to int64) error {
	_, err := tx.Exec(`UPDATE intake_row SET state = ?, cells = ?
		WHERE home = ? AND intake = ? AND line BETWEEN ? AND ? AND state = ?`, state, []byte{}, in.Home,
		in.ID, from, to, rowReady)
	return err
}

// wipe removes what all rows held.
func wipe(tx *store.Tx, in Intake) error {
	_, err := tx.Exec(`UPDATE intake_row SET cells = ? WHERE home = ? AND intake = ?`, []byte{}, in.Home,
		in.ID)
	return err
}

// effective are the operations of the rows that have taken effect before.
func effective(tx *store.Tx, in Intake, from, to int64) (map[string]bool, error) {
	before := map[string]bool{}
	for key, err := range store.Each[string](tx, `SELECT operation FROM intake_operation
		WHERE home = ? AND operation IN (SELECT operation FROM intake_row
			WHERE home = ? AND intake = ? AND line BETWEEN ? AND ? AND state = ?)`,
		in.Home, in.Home, in.ID, from, to, rowReady) {
		if err != nil {
			return nil, err
		}
		before[key] = true
	}
	return before, nil
}

// count counts the findings of each severity.
func count(r store.Reader, in *Intake) error {
	in.Errors, in.Warnings, in.Notes = 0, 0, 0
	type tally struct {
		Severity int   `db:"severity"`
		N        int64 `db:"n"`
	}
	all, err := store.All[tally](r, `SELECT severity, count(*) AS n FROM intake_finding
		WHERE home = ? AND intake = ? GROUP BY severity`, in.Home, in.ID)
	for _, t := range all {
		*[]*int64{&in.Errors, &in.Warnings, &in.Notes}[min(t.Severity, 2)] = t.N
	}
	return err
}

// read runs a reading function on its own view.
func read[T any](ctx context.Context, s *Service, fn func(*store.View) (T, error)) (T, error) {
	return store.Read(ctx, s.store, fn)
}
