package procedure

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's and package flow's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the package's tables.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "procedure", Migrations: root, AppendOnly: []string{"procedure_act"}}
}

// Row is a case as lists show it.
type Row struct {
	Home       int64          `db:"home"`
	ID         int64          `db:"id,key"`
	Version    int64          `db:"version,version"`
	Procedure  string         `db:"procedure"`
	Subject    string         `db:"subject"` // the module's name of what it is about: check/37
	Place      int64          `db:"place"`
	TitleZh    string         `db:"title_zh"`
	TitleEn    string         `db:"title_en"`
	Year       int            `db:"year"`
	Status     flow.Status    `db:"status"`
	Step       string         `db:"step"`
	StepIndex  int            `db:"step_index"`
	Steps      int            `db:"steps"`
	Round      int            `db:"round"`
	TaskPlace  int64          `db:"task_place"` // where the post of whoever must act lies
	Permit     string         `db:"permit"`
	Holder     int64          `db:"holder"`
	Opener     int64          `db:"opener"`
	Opened     period.Instant `db:"opened"`
	Entered    period.Instant `db:"entered"`
	Ended      period.Instant `db:"ended"` // 0 while it runs
	Due        period.Date    `db:"due"`   // Open if never
	NoticeEnds period.Date    `db:"notice_ends"`
	Urged      int            `db:"urged"`
	Raised     int64          `db:"raised_place"` // place that was told of it being overdue
}

// Ref names a case.
type Ref struct{ Home, ID int64 }

// Ref names the row's case.
func (r Row) Ref() Ref { return Ref{r.Home, r.ID} }

// Title is the case's title in both languages.
func (r Row) Title() words.Words { return words.Words{Chinese: r.TitleZh, English: r.TitleEn} }

// ActRow is one act as it stands in the database.
type ActRow struct {
	Home   int64          `db:"home"`
	Case   int64          `db:"kase,key"`
	Number int64          `db:"number,key"`
	Verb   flow.Verb      `db:"verb"`
	Step   string         `db:"step"`
	Round  int            `db:"round"`
	Actor  int64          `db:"actor"`
	Behalf int64          `db:"behalf"`
	At     period.Instant `db:"at"`
	Reason string         `db:"reason"`
	Act    string         `db:"act"`
}

type signerRow struct {
	Home    int64 `db:"home"`
	Case    int64 `db:"kase,key"`
	Account int64 `db:"account,key"`
}

// NoticeRow is a posting of a notice.
type NoticeRow struct {
	Home    int64       `db:"home"`
	ID      int64       `db:"id,key"`
	Version int64       `db:"version,version"`
	Case    int64       `db:"kase"`
	Place   int64       `db:"place"`
	TitleZh string      `db:"title_zh"`
	TitleEn string      `db:"title_en"`
	Content string      `db:"content"`
	Hash    string      `db:"hash"`
	Posted  period.Date `db:"posted"`
	Ends    period.Date `db:"ends"`
	State   string      `db:"state"` // up, closed, void
}

// States of a posting.
const (
	noticeUp     = "up"
	noticeClosed = "closed"
	noticeVoid   = "void" // posted again, or the case went back
)

// ObjectionRow is an objection.
type ObjectionRow struct {
	Home       int64          `db:"home"`
	Case       int64          `db:"kase,key"`
	Number     int64          `db:"number,key"`
	Version    int64          `db:"version,version"`
	Name       []byte         `db:"name"`    // sealed
	Contact    []byte         `db:"contact"` // sealed
	Body       string         `db:"body"`
	At         period.Instant `db:"at"`
	Account    int64          `db:"account"` // who entered it; 0: through the public page
	Due        period.Date    `db:"due"`
	Answer     string         `db:"answer"`
	AnsweredAt period.Instant `db:"answered_at"`
	AnsweredBy int64          `db:"answered_by"`
	Upheld     bool           `db:"upheld"`
}

// Delegation says that one person's duties are done by another for a time.
type Delegation struct {
	Home      int64       `db:"home"`
	ID        int64       `db:"id,key"`
	Version   int64       `db:"version,version"`
	Giver     int64       `db:"giver"`
	Taker     int64       `db:"taker"`
	Since     period.Date `db:"since"`
	Until     period.Date `db:"until"`     // the first day on which it no longer holds
	Procedure string      `db:"procedure"` // "" all
	Reason    string      `db:"reason"`
}

var (
	cases       = store.NewTable[Row]("procedure_case").Unsealed()
	signers     = store.NewTable[signerRow]("procedure_signer").Unsealed()
	acts        = store.NewTable[ActRow]("procedure_act")
	notices     = store.NewTable[NoticeRow]("procedure_notice")
	objections  = store.NewTable[ObjectionRow]("procedure_objection")
	delegations = store.NewTable[Delegation]("procedure_delegation")
)

// Tables are the package's tables.
func Tables() []store.Sealed {
	return []store.Sealed{cases, signers, acts, notices, objections, delegations}
}

// File is a case with everything it was computed from.
type File struct {
	Row
	Case flow.Case
	Acts []ActRow
}

// Load reads a case and folds its acts.
func (e *Engine) Load(r store.Reader, ref Ref) (File, error) {
	row, found, err := cases.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err != nil {
		return File{}, err
	}
	if !found {
		return File{}, fault.New(fault.NotFound, "procedure.no_case")
	}
	return e.fold(r, row)
}

// BySubject finds the newest case of a procedure about a subject.
func (e *Engine) BySubject(r store.Reader, home int64, procedure, subject string) (File, bool, error) {
	row, found, err := cases.First(r,
		"WHERE home = ? AND subject = ? AND procedure = ? ORDER BY id DESC LIMIT 1",
		home, subject, procedure)
	if err != nil || !found {
		return File{}, false, err
	}
	file, err := e.fold(r, row)
	return file, err == nil, err
}

func (e *Engine) fold(r store.Reader, row Row) (File, error) {
	file := File{Row: row}
	var err error
	if file.Acts, err = acts.All(r, "WHERE home = ? AND kase = ? ORDER BY number", row.Home,
		row.ID); err != nil {
		return file, err
	}
	done := make([]flow.Act, len(file.Acts))
	for i, a := range file.Acts {
		if err := json.Unmarshal([]byte(a.Act), &done[i]); err != nil {
			return file, fmt.Errorf("procedure: act %d of case %d in home %d: %w", a.Number, row.ID,
				row.Home, err)
		}
	}
	if file.Case, err = flow.Fold(done, e.calendar()); err != nil {
		return file, fmt.Errorf("procedure: case %d in home %d: %w", row.ID, row.Home, err)
	}
	return file, nil
}

func decodeAct(row ActRow) (flow.Act, error) {
	var a flow.Act
	if err := json.Unmarshal([]byte(row.Act), &a); err != nil {
		return a, fmt.Errorf("procedure: act %d of case %d in home %d: %w", row.Number, row.Case, row.Home,
			err)
	}
	return a, nil
}

// summary fills the derived columns of a row from its case.
func summary(row *Row, c flow.Case, taskPlace int64) {
	step := c.Step()
	row.Status, row.Step, row.StepIndex, row.Steps = c.Status, step.Key, c.At, len(c.Route)
	row.Round, row.Holder, row.Opener, row.Urged, row.Entered = c.Round, c.Holder, c.Opener, c.Urged,
		c.Entered
	row.TaskPlace, row.Permit, row.Due, row.NoticeEnds = taskPlace, step.Permit, c.Due, period.Open
	if row.Due == "" {
		row.Due = period.Open
	}
	if c.Notice != nil {
		row.NoticeEnds = c.Notice.Ends
	}
	if !c.Raised {
		row.Raised = 0
	}
}

// saveSigners makes the table of asked signers agree with the case.
func saveSigners(tx *store.Tx, ref Ref, c flow.Case) error {
	if _, err := tx.Exec(`DELETE FROM procedure_signer WHERE home = ? AND kase = ?`, ref.Home,
		ref.ID); err != nil {
		return err
	}
	if c.Status.Final() {
		return nil
	}
	for _, who := range c.Asked {
		if !contains(c.Signed, who) {
			if err := signers.Insert(tx, &signerRow{ref.Home, ref.ID, who}); err != nil {
				return err
			}
		}
	}
	return nil
}

func contains(list []int64, n int64) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}
