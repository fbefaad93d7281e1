package jobs

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the table of jobs.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "jobs", Migrations: root}
}

// State is where a job is.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// States lists all states in the order of a job's life.
var States = []State{Waiting, Running, Done, Failed, Cancelled}

// Over reports whether nothing more will happen.
func (s State) Over() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of long work as it stands in the database.
type Job struct {
	Home       int64          `db:"home"`
	ID         int64          `db:"id,key"`
	Kind       string         `db:"kind"`
	Slot       string         `db:"slot"`
	Subject    string         `db:"subject"`
	Place      int64          `db:"place"`
	Actor      int64          `db:"actor"` // account that asked for it; 0: the program itself
	Args       string         `db:"args"`
	State      State          `db:"state"`
	Step       string         `db:"step"`
	Done       int64          `db:"done"`
	Total      int64          `db:"total"` // 0: not known yet
	Attempts   int64          `db:"attempts"`
	RunAfter   period.Instant `db:"run_after"`
	LeaseUntil period.Instant `db:"lease_until"`
	LeaseBy    string         `db:"lease_by"`
	Cancelled  int64          `db:"cancelled_by"`
	Error      string         `db:"error"`
	ErrorArgs  string         `db:"error_args"`
	Created    period.Instant `db:"created"`
	Begun      period.Instant `db:"begun"`
	BegunDone  int64          `db:"begun_done"`
	Finished   period.Instant `db:"finished"`
}

var table = store.NewTable[Job]("job").Unsealed()

// Tables are the tables of this package.
func Tables() []store.Sealed { return []store.Sealed{table} }

// PerSecond is how many units a second the present attempt does; 0 before it is known.
func (j Job) PerSecond(now period.Instant) float64 {
	if j.State != Running || now <= j.Begun || j.Done <= j.BegunDone {
		return 0
	}
	return float64(j.Done-j.BegunDone) / (float64(now-j.Begun) / 1e6)
}

// TimeLeft is how long the rest will take at the present rate; false before it is known.
func (j Job) TimeLeft(now period.Instant) (time.Duration, bool) {
	rate := j.PerSecond(now)
	if rate == 0 || j.Total <= j.Done {
		return 0, false
	}
	return time.Duration(float64(j.Total-j.Done) / rate * float64(time.Second)).Round(time.Second), true
}

// Fault is the refusal that stopped the job, or that it met last; nil if there was none.
func (j Job) Fault() *fault.Fault {
	if j.Error == "" {
		return nil
	}
	var words []string
	if err := json.Unmarshal([]byte(j.ErrorArgs), &words); err != nil {
		words = nil
	}
	args := make([]any, len(words))
	for i, w := range words {
		args[i] = w
	}
	return &fault.Fault{Code: fault.Conflict, Key: j.Error, Args: args}
}

// Order asks for a job.
type Order struct {
	Home    int64
	Kind    string
	Subject string // "import/12": what it is about, within the home
	Place   int64
	Actor   int64
	Args    any // encoded as JSON, at most ArgsMax bytes; no personal data
	// Slot, if set, makes the job the only one of its kind and slot in the home: ordering it again
	// gives the one there is.
	Slot  string
	After period.Instant // not before; 0: now
}

// ArgsMax is how many bytes the arguments of a job may have.
const ArgsMax = 8 << 10

// Kind is a sort of job, registered by a module.
type Kind struct {
	Key string // "intake.apply"; the dictionary entry job.KEY names it
	// Run does the work through Run.Portion, from run.Job.Step on. It may be called again after any
	// portion, in another process.
	Run func(ctx context.Context, run *Run) error
	// AttemptsMax is how often it is tried without progress; 0: 8.
	AttemptsMax int64
	Schedule    *Schedule // nil: only when ordered
}

const attemptsMax = 8

func (k Kind) attempts() int64 {
	if k.AttemptsMax > 0 {
		return k.AttemptsMax
	}
	return attemptsMax
}

// Schedule says when the program orders a job of the kind by itself.
type Schedule struct {
	// Slot names the stretch of time that a moment lies in, as a text that sorts by time. A job is
	// ordered once a slot; a slot that passed while nothing ran is made up for if it is the latest.
	Slot func(now period.Instant) string
	// Homes are those to order one for; nil: the city.
	Homes func(ctx context.Context) ([]int64, error)
}

// Nightly is a slot that begins at a time of day in Beijing.
func Nightly(hour, minute int) func(period.Instant) string {
	since := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return func(now period.Instant) string { return string(now.Add(-since).Date()) }
}

// Each is a slot of a duration, counted from the beginning of 1970.
func Each(d time.Duration) func(period.Instant) string {
	return func(now period.Instant) string {
		begins := now - now%period.Instant(d.Microseconds())
		return begins.Time().Format("2006-01-02T15:04:05")
	}
}
