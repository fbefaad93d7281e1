package reporting

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
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
	return store.Part{Name: "reporting", Migrations: root}
}

// Stage is where a report or a roll-up stands.
type Stage string

// The stages of a report, in order.
const (
	Filling  Stage = "filling"
	InReview Stage = "review"
	Approved Stage = "approved"
	Locked   Stage = "locked" // accepted by the city with its county
	Excused  Stage = "excused"
	// Compiling, GoneUp and Accepted are those of a roll-up.
	Compiling Stage = "compiling"
	GoneUp    Stage = "gone_up"
	Accepted  Stage = "accepted"
	Ended     Stage = "ended"
)

// Stages lists those of reports.
var Stages = []Stage{Filling, InReview, Approved, Locked, Excused}

// Final reports whether a report's values change no more by themselves.
func (s Stage) Final() bool { return s == Approved || s == Locked || s == Excused }

// RoundState is where a round stands.
type RoundState string

// The states of a round.
const (
	Waiting RoundState = "waiting" // an emergency, for its approver
	Opening RoundState = "opening" // its reports are being opened
	Open    RoundState = "open"
)

// Round is a form in a period in a county.
type Round struct {
	Home      int64       `db:"home"`
	ID        int64       `db:"id,key"`
	Version   int64       `db:"version,version"`
	Form      string      `db:"form"`
	Period    string      `db:"period"`
	Place     int64       `db:"place"`
	Opens     period.Date `db:"opens"`
	Due       period.Date `db:"due"`
	Locks     period.Date `db:"locks"`
	Emergency bool        `db:"emergency"`
	Opener    int64       `db:"opener"`
	Approver  int64       `db:"approver"` // of an emergency
	Reason    string      `db:"reason"`
	State     RoundState  `db:"state"`
	Units     int64       `db:"units"` // reports that were opened
	Held      int64       `db:"held"`  // units whose village had its number of asks
}

// Report is what one unit reports in a round.
type Report struct {
	Home         int64          `db:"home"`
	ID           int64          `db:"id,key"`
	Version      int64          `db:"version,version"`
	Form         string         `db:"form"`
	Edition      int            `db:"edition"` // version of the form
	Period       string         `db:"period"`
	Organisation int64          `db:"organisation"` // 0: the place itself reports
	Place        int64          `db:"place"`
	Village      int64          `db:"village"` // that it is counted against as an ask
	Month        string         `db:"month"`   // in which it was opened
	Level        division.Level `db:"level"`
	Name         string         `db:"name"`
	Opens        period.Date    `db:"opens"`
	Due          period.Date    `db:"due"`
	Locks        period.Date    `db:"locks"`
	Stage        Stage          `db:"stage"`
	Case         int64          `db:"procedure_case"`
	Round        int            `db:"round"` // 1, and one more after each return or reopening
	Asked        int            `db:"asked"` // cells that somebody must type
	Seconds      int            `db:"seconds"`
	Typed        string         `db:"typed"`     // what was typed, as JSON
	Cells        string         `db:"cells"`     // all values as they were submitted, as JSON; "" before
	Submitted    period.Date    `db:"submitted"` // last; "" not yet
	Approved     period.Date    `db:"approved"`
}

// Ref names a report, a round, a roll-up or a proposed form.
type Ref struct{ Home, ID int64 }

// Ref names the report.
func (p Report) Ref() Ref { return Ref{p.Home, p.ID} }

// Address is the report's page.
func (p Report) Address() string { return fmt.Sprintf("/reports/%d/%d", p.Home, p.ID) }

// Late reports whether the report came, or has not come, after its due day.
func (p Report) Late(today period.Date) bool {
	on := p.Submitted
	if on == "" || p.Stage == Filling && p.Round > 1 {
		on = today
	}
	return p.Stage != Excused && on > p.Due
}

type totalRow struct {
	Home    int64  `db:"home"`
	Report  int64  `db:"report,key"`
	Form    string `db:"form"`
	Period  string `db:"period"`
	Place   int64  `db:"place"`
	Layout  string `db:"layout"`
	Figures []byte `db:"figures"`
}

// Finding is what validation found in a report.
type Finding struct {
	Home        int64          `db:"home"`
	Report      int64          `db:"report,key"`
	Number      int64          `db:"number,key"`
	Version     int64          `db:"version,version"`
	Round       int            `db:"round"`
	Layer       form.Layer     `db:"layer"`
	Rule        string         `db:"rule"`
	Severity    fault.Severity `db:"severity"`
	Cell        string         `db:"cell"`
	Facts       string         `db:"facts"` // as JSON
	Explanation string         `db:"explanation"`
	Explained   int64          `db:"explained"` // by whom; 0 not yet
}

// Exception gives one unit other days, or excuses it.
type Exception struct {
	Home     int64       `db:"home"`
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Report   int64       `db:"report"`
	Due      period.Date `db:"due"`   // "" as it is
	Locks    period.Date `db:"locks"` // "" as it is
	Excused  bool        `db:"excused"`
	Reason   string      `db:"reason"`
	Document string      `db:"document"`
	Entered  period.Date `db:"entered"`
}

// RollUp is the sum of a place on its way up.
type RollUp struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	Version int64          `db:"version,version"`
	Form    string         `db:"form"`
	Period  string         `db:"period"`
	Place   int64          `db:"place"`
	Level   division.Level `db:"level"`
	Stage   Stage          `db:"stage"`
	Case    int64          `db:"procedure_case"`
	Units   int64          `db:"units"`
	Hash    string         `db:"hash"` // of the total that went up
}

// Proposal is a form that a place wants.
type Proposal struct {
	Home       int64       `db:"home"`
	ID         int64       `db:"id,key"`
	Version    int64       `db:"version,version"`
	Name       string      `db:"name"` // key of the form
	Place      int64       `db:"place"`
	State      string      `db:"state"` // proposed, admitted, refused
	Case       int64       `db:"procedure_case"`
	Definition string      `db:"definition"` // as YAML
	Proposer   int64       `db:"proposer"`
	Proposed   period.Date `db:"proposed"`
	Sunset     period.Date `db:"sunset"`
}

var (
	rounds     = store.NewTable[Round]("report_round")
	reports    = store.NewTable[Report]("report")
	totals     = store.NewTable[totalRow]("report_total").Unsealed()
	findings   = store.NewTable[Finding]("report_finding")
	exceptions = store.NewTable[Exception]("report_exception")
	rollUps    = store.NewTable[RollUp]("report_roll_up")
	proposals  = store.NewTable[Proposal]("report_form")
)

func tables() []store.Sealed {
	return []store.Sealed{rounds, reports, totals, findings, exceptions, rollUps, proposals}
}

// Get reads a report.
func Get(r store.Reader, ref Ref) (Report, error) {
	p, found, err := reports.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "reporting.no_report")
	}
	return p, err
}

// RoundOf reads a round.
func RoundOf(r store.Reader, ref Ref) (Round, error) {
	one, found, err := rounds.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "reporting.no_round")
	}
	return one, err
}

// Rounds lists the rounds of a county, the latest first.
func Rounds(r store.Reader, home int64, limit int) ([]Round, error) {
	return rounds.All(r, "WHERE home = ? ORDER BY opens DESC, id DESC LIMIT ?", home, limit)
}

// FindingsOf lists what was found in a report, in all its rounds.
func FindingsOf(r store.Reader, ref Ref) ([]Finding, error) {
	return findings.All(r, "WHERE home = ? AND report = ? ORDER BY number", ref.Home, ref.ID)
}

// ExceptionsOf lists what holds for this report alone.
func ExceptionsOf(r store.Reader, ref Ref) ([]Exception, error) {
	return exceptions.All(r, "WHERE home = ? AND report = ? ORDER BY id", ref.Home, ref.ID)
}

// FactsOf are the arguments of a finding's text.
func FactsOf(f Finding) []any {
	var facts []string
	if json.Unmarshal([]byte(f.Facts), &facts) != nil {
		return nil
	}
	all := make([]any, len(facts))
	for i, fact := range facts {
		all[i] = fact
	}
	return all
}

func subject(kind string, id int64) string { return kind + "/" + strconv.FormatInt(id, 10) }

// amounts are the values of cells by key, as they are kept.
type amounts map[string]int64

func decodeAmounts(text string) amounts {
	a := amounts{}
	if text != "" && json.Unmarshal([]byte(text), &a) != nil {
		return amounts{}
	}
	return a
}

func (a amounts) encode() (string, error) {
	text, err := json.Marshal(a) // keys come out sorted
	return string(text), err
}

// rowOf is what a report says, as it was submitted.
func rowOf(d form.Definition, cells string) (form.Row, error) {
	a := decodeAmounts(cells)
	row := make(form.Row, len(d.Cells))
	for i, c := range d.Cells {
		if v, known := a[c.Key]; known && !c.Computed() {
			row[i] = form.Value{Known: true, Amount: v}
		}
	}
	return row, d.Compute(row)
}

func encodeRow(d form.Definition, row form.Row) (string, error) {
	a := amounts{}
	for i, c := range d.Cells {
		if row[i].Known && !c.Computed() {
			a[c.Key] = row[i].Amount
		}
	}
	return a.encode()
}
