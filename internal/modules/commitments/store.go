package commitments

import (
	"embed"
	"io/fs"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "commitments", Migrations: root, AppendOnly: []string{"commitment_change"}}
}

// What the register keeps is declared in package record.
type (
	Kind       = record.Kind
	State      = record.State
	Commitment = record.Commitment
	Repayment  = record.Repayment
	Course     = record.Course
	Transfer   = record.Transfer
	Change     = record.Change
)

// The kinds, states and courses.
const (
	Loan      = record.Loan
	Lending   = record.Lending
	Guarantee = record.Guarantee

	Standing  = record.Standing
	Settled   = record.Settled
	Withdrawn = record.Withdrawn

	Announced = record.Announced
	Matched   = record.Matched
	Cancelled = record.Cancelled
)

// Ref names a commitment or a transfer, which share their numbers.
type Ref struct{ Home, ID int64 }

// String writes it as addresses and commands do: 500102/37.
func (r Ref) String() string { return registry.Ref(r).String() }

func refOf(c Commitment) Ref       { return Ref{c.Home, c.ID} }
func refOfTransfer(t Transfer) Ref { return Ref{t.Home, t.ID} }

func ownerOf(c Commitment) registry.Ref { return registry.Ref{Home: c.Home, ID: c.Organisation} }
func ownerOfTransfer(t Transfer) registry.Ref {
	return registry.Ref{Home: t.Home, ID: t.Organisation}
}

var (
	commitmentTable = store.NewTable[Commitment]("commitment")
	repaymentTable  = store.NewTable[Repayment]("commitment_repayment")
	transferTable   = store.NewTable[Transfer]("commitment_transfer")
	changeTable     = store.NewTable[Change]("commitment_change")
	takenTable      = store.NewTable[takenRow]("commitment_taken").Unsealed()
)

// takenRow is what is taken of a voucher on the accounts of a role.
type takenRow struct {
	Home    int64     `db:"home"`
	Voucher int64     `db:"voucher,key"`
	Role    string    `db:"role,key"`
	Amount  money.Fen `db:"amount"`
}

func tables() []store.Sealed {
	return []store.Sealed{commitmentTable, repaymentTable, transferTable, changeTable, takenTable}
}

// numbers is the name of the numbers that commitments and transfers share.
const numbers = "commitment"

// Get reads a commitment.
func Get(r store.Reader, ref Ref) (Commitment, error) {
	c, found, err := commitmentTable.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "commitments.none")
	}
	return c, err
}

// GetTransfer reads a transfer.
func GetTransfer(r store.Reader, ref Ref) (Transfer, error) {
	t, found, err := transferTable.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "commitments.no_transfer")
	}
	return t, err
}

// numbered finds a commitment of an organisation by its number.
func numbered(r store.Reader, owner registry.Ref, number string) (Commitment, bool, error) {
	return commitmentTable.First(r, "WHERE home = ? AND organisation = ? AND number = ?", owner.Home,
		owner.ID, number)
}

// announced finds what a document announced already.
func announced(r store.Reader, t Transfer) (Transfer, bool, error) {
	return transferTable.First(r, `WHERE home = ? AND organisation = ? AND document = ? AND kind = ?
		AND project = ? AND course <> 'withdrawn'`, t.Home, t.Organisation, t.Document, t.Kind, t.Project)
}

// RepaymentsOf lists what went back under a commitment.
func RepaymentsOf(r store.Reader, ref Ref) ([]Repayment, error) {
	return repaymentTable.All(r, "WHERE home = ? AND commitment = ? ORDER BY day, id", ref.Home, ref.ID)
}

// History lists what happened to a commitment or a transfer, newest first.
func History(r store.Reader, ref Ref) ([]Change, error) {
	return changeTable.All(r, "WHERE home = ? AND subject = ? ORDER BY number DESC", ref.Home, ref.ID)
}

// Subject names a commitment in events and files.
func Subject(id int64) string { return "commitment/" + strconv.FormatInt(id, 10) }

// TransferSubject names a transfer in events.
func TransferSubject(id int64) string { return "transfer/" + strconv.FormatInt(id, 10) }
