package contracts

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/contracts/object"
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "contracts", Migrations: root, AppendOnly: []string{"contract_change"}}
}

// State is where a contract stands.
type State = record.State

// The states; Ended and Terminated are final.
const (
	Drafted, InForce, ExpiredInUse = record.Drafted, record.InForce, record.ExpiredInUse
	Ended, Terminated              = record.Ended, record.Terminated
)

// PartyMember is the kind of a counterparty that is a member household.
const PartyMember = "member"

// Contract is a contract of an organisation.
type Contract struct {
	Home          int64       `db:"home"`
	ID            int64       `db:"id,key"`
	Version       int64       `db:"version,version"`
	Organisation  int64       `db:"organisation"`
	Place         int64       `db:"place"`
	Number        string      `db:"number"` // unique within the organisation
	Name          string      `db:"name"`   // what it is about
	Kind          string      `db:"kind"`   // code of contract_kind
	Party         string      `db:"party"`  // the counterparty's name
	PartyKind     string      `db:"party_kind"`
	PartyCode     string      `db:"party_code"` // credit code, or an identity number already masked
	Related       bool        `db:"related"`    // an officer or a near relative of one
	Begins        period.Date `db:"begins"`
	Ends          period.Date `db:"ends"` // last day as agreed last
	Signed        period.Date `db:"signed"`
	Area          area.Area   `db:"area"`
	PriceClass    string      `db:"price_class"` // prices of one class are compared
	Terms         string      `db:"terms"`       // phases of the schedule, as JSON
	Yearly        money.Fen   `db:"yearly"`      // fee of a year at the beginning of the present phase
	Total         money.Fen   `db:"total"`       // of the whole schedule
	UnitPrice     money.Fen   `db:"unit_price"`  // a mu and year; 0: no area
	Prepaid       int         `db:"prepaid"`     // years paid in advance
	Manner        string      `db:"manner"`      // code of letting_manner
	Project       string      `db:"project"`     // on the public market
	Decision      string      `db:"decision"`
	DecisionBody  string      `db:"decision_body"` // code of decision_body
	Decided       period.Date `db:"decided"`
	DecisionValid bool        `db:"decision_valid"`
	DecisionShare int64       `db:"decision_share"` // in favour, hundredths of a percent
	Approval      string      `db:"approval"`       // by the township
	Approved      period.Date `db:"approved"`
	HouseholdEnd  period.Date `db:"household_end"` // of the household's contract on the same land
	BuyBack       bool        `db:"buy_back"`      // the collective must buy crops or buildings at the end
	Paper         bool        `db:"paper"`         // a signed writing exists
	Attachments   int64       `db:"attachments"`
	State         State       `db:"state"`
	Ended         period.Date `db:"ended"`       // Open while it runs
	ClaimsFrom    period.Date `db:"claims_from"` // instalments before it are not entered here
	NextDue       period.Date `db:"next_due"`    // Open: nothing falls due any more
	Received      money.Fen   `db:"received"`    // sum of the receipts
	Note          string      `db:"note"`
}

// Ref names a contract.
type Ref struct{ Home, ID int64 }

// Ref names the row's contract.
func (c Contract) Ref() Ref { return Ref{c.Home, c.ID} }

// Owner names the organisation whose contract it is.
func (c Contract) Owner() registry.Ref { return registry.Ref{Home: c.Home, ID: c.Organisation} }

// String writes it as addresses and commands do: 500102/37.
func (r Ref) String() string { return registry.Ref(r).String() }

// ParseRef reads what String writes.
func ParseRef(text string) (Ref, bool) {
	r, ok := registry.ParseRef(text)
	return Ref(r), ok
}

// Phases are the terms of the schedule.
func (c Contract) Phases() []schedule.Phase {
	var list []schedule.Phase
	if json.Unmarshal([]byte(c.Terms), &list) != nil {
		return nil // verify names a row whose terms cannot be read
	}
	return list
}

// WholeShare is all of a thing.
const WholeShare = object.Whole

// The rows beside a contract (package record).
type (
	Object    = record.Object
	DueRow    = record.DueRow
	Receipt   = record.Receipt
	WriteOff  = record.WriteOff
	ChangeRow = record.ChangeRow
	Arrears   = record.Arrears
)

var (
	contractTable = store.NewTable[Contract]("contract")
	objectTable   = store.NewTable[Object]("contract_object")
	dueTable      = store.NewTable[DueRow]("contract_due")
	receiptTable  = store.NewTable[Receipt]("contract_receipt")
	writeOffTable = store.NewTable[WriteOff]("contract_write_off")
	changeTable   = store.NewTable[ChangeRow]("contract_change")
)

func tables() []store.Sealed {
	return []store.Sealed{contractTable, objectTable, dueTable, receiptTable, writeOffTable, changeTable,
		depositTable, payingTable, unpaidTable}
}

// Get reads a contract.
func Get(r store.Reader, ref Ref) (Contract, error) {
	c, found, err := contractTable.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "contracts.none")
	}
	return c, err
}

// numbered finds a contract of an organisation by its number.
func numbered(r store.Reader, home, organisation int64, number string) (Contract, bool, error) {
	return contractTable.First(r, "WHERE home = ? AND organisation = ? AND number = ?", home, organisation,
		number)
}

// ObjectsOf lists what a contract is about.
func ObjectsOf(r store.Reader, ref Ref) ([]Object, error) {
	return objectTable.All(r, "WHERE home = ? AND contract = ? ORDER BY number", ref.Home, ref.ID)
}

// On lists the contracts on a card or parcel, the latest first.
func On(r store.Reader, home int64, object string) ([]Contract, error) {
	return contractTable.All(r, `WHERE home = ? AND id IN (SELECT o.contract FROM contract_object o
		WHERE o.home = ? AND o.object = ?) ORDER BY begins DESC, id DESC LIMIT 100`, home, home, object)
}

// DuesOf lists the instalments of a contract that have fallen due, in the order of their days.
func DuesOf(r store.Reader, ref Ref) ([]DueRow, error) {
	return dueTable.All(r, "WHERE home = ? AND contract = ? ORDER BY day, number", ref.Home, ref.ID)
}

// ReceiptsOf lists the payments under a contract.
func ReceiptsOf(r store.Reader, ref Ref) ([]Receipt, error) {
	return receiptTable.All(r, "WHERE home = ? AND contract = ? ORDER BY day, id", ref.Home, ref.ID)
}

// WrittenOff lists what was given up under a contract.
func WrittenOff(r store.Reader, ref Ref) ([]WriteOff, error) {
	return writeOffTable.All(r, "WHERE home = ? AND contract = ? ORDER BY id", ref.Home, ref.ID)
}

// History lists what happened to a contract, newest first.
func History(r store.Reader, ref Ref) ([]ChangeRow, error) {
	return changeTable.All(r, "WHERE home = ? AND contract = ? ORDER BY number DESC", ref.Home, ref.ID)
}

// Subject names a contract in events and files.
func Subject(id int64) string { return "contract/" + strconv.FormatInt(id, 10) }
