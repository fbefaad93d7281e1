package evaluation

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "evaluation", Migrations: root}
}

// State is where a run stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Ref names a run.
type Ref struct{ Home, ID int64 }

// Address is the page of the run.
func (r Ref) Address() string { return fmt.Sprintf("/evaluations/%d/%d", r.Home, r.ID) }

// Run is one computation of an index.
type Run struct {
	Home         int64          `db:"home"`
	ID           int64          `db:"id,key"`
	Version      int64          `db:"version,version"`
	Place        int64          `db:"place"` // that was evaluated: the city
	Title        string         `db:"title"`
	Scheme       string         `db:"scheme"`  // key of the scheme
	Source       string         `db:"source"`  // where the figures are from: a file's name, or measures
	Edition      period.Date    `db:"edition"` // day of the tree of places; empty: areas of a file
	State        State          `db:"state"`
	Areas        int64          `db:"areas"`
	Times        string         `db:"times"` // of a panel, from the first to the last, by spaces
	Indicators   int64          `db:"indicators"`
	Seed         int64          `db:"seed"`
	Replications int64          `db:"replications"` // of the uncertainty analysis; 0: none
	Machine      string         `db:"machine"`      // kind of machine that computed: amd64
	SchemeHash   string         `db:"scheme_hash"`
	FiguresHash  string         `db:"figures_hash"`
	ResultHash   string         `db:"result_hash"`
	Author       int64          `db:"author"`
	Made         period.Instant `db:"made"`
	Publisher    int64          `db:"publisher"`
	PublishedAt  period.Instant `db:"published"`
	Event        int64          `db:"event"`  // of the publication
	Reason       string         `db:"reason"` // of withdrawing
}

// Ref names the run.
func (r Run) Ref() Ref { return Ref{r.Home, r.ID} }

// Periods are the times of a panel; nil if the figures have none.
func (r Run) Periods() []string { return strings.Fields(r.Times) }

// The parts of a run's content.
const (
	schemePart  = "scheme"
	figuresPart = "figures"
	resultPart  = "result"
)

// content is a text of a run.
type content struct {
	Home    int64  `db:"home"`
	Run     int64  `db:"run,key"`
	Part    string `db:"part,key"`
	Version int64  `db:"version,version"`
	Content string `db:"content"`
}

var (
	runs     = store.NewTable[Run]("evaluation_run")
	contents = store.NewTable[content]("evaluation_content")
)

func tables() []store.Sealed { return []store.Sealed{runs, contents, audits} }

// Get reads a run.
func Get(r store.Reader, ref Ref) (Run, error) {
	run, found, err := runs.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "evaluation.absent")
	}
	return run, err
}

// text reads a part of a run's content.
func text(r store.Reader, ref Ref, part string) (string, error) {
	c, found, err := contents.First(r, "WHERE home = ? AND run = ? AND part = ?", ref.Home, ref.ID, part)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "evaluation.absent")
	}
	return c.Content, err
}

// SchemeText, FiguresText and ResultText are what a run was made of and what came out: YAML, CSV, JSON.
func SchemeText(r store.Reader, ref Ref) (string, error)  { return text(r, ref, schemePart) }
func FiguresText(r store.Reader, ref Ref) (string, error) { return text(r, ref, figuresPart) }
func ResultText(r store.Reader, ref Ref) (string, error)  { return text(r, ref, resultPart) }
