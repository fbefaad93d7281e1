package banking

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
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
	return store.Part{Name: "banking", Migrations: root, AppendOnly: []string{"bank_withdrawal"}}
}

// Ref names an account.
type Ref struct{ Home, ID int64 }

// String writes it as addresses and commands do: 500102/37.
func (r Ref) String() string { return registry.Ref(r).String() }

// ParseRef reads what String writes.
func ParseRef(text string) (Ref, bool) {
	ref, ok := registry.ParseRef(text)
	return Ref(ref), ok
}

// Account is a bank account of an organisation.
type Account struct {
	Home         int64       `db:"home"`
	ID           int64       `db:"id,key"`
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Place        int64       `db:"place"`
	Bank         string      `db:"bank"`
	Tail         string      `db:"tail"`        // last digits of its number
	NumberFind   []byte      `db:"number_find"` // keyed hash of the number
	Format       string      `db:"format"`      // of its statements; "" guessed
	Account      string      `db:"account"`     // of the chart: 102
	Detail       string      `db:"detail"`      // counterparty of the postings that are its; "" all
	Since        period.Date `db:"since"`       // first day that is reconciled
	Opening      money.Fen   `db:"opening"`     // balance of the bank at the end of the day before
	Ended        period.Date `db:"ended"`       // first day closed; Open while it runs
}

// Ref names the row's account.
func (a Account) Ref() Ref { return Ref{a.Home, a.ID} }

// Owner names the organisation whose account it is.
func (a Account) Owner() registry.Ref { return registry.Ref{Home: a.Home, ID: a.Organisation} }

// Masked is the account as people are shown it.
func (a Account) Masked() string { return a.Bank + " **** " + a.Tail }

// Taken is a statement that was taken.
type Taken struct {
	Home        int64          `db:"home"`
	ID          int64          `db:"id,key"`
	Account     int64          `db:"account"`
	Place       int64          `db:"place"`
	File        string         `db:"file"` // SHA-256
	Name        string         `db:"name"`
	Format      string         `db:"format"`
	Begins      period.Date    `db:"begins"`
	Ends        period.Date    `db:"ends"`
	Lines       int64          `db:"lines"`
	Added       int64          `db:"added"` // lines that were not known before
	Warnings    int64          `db:"warnings"`
	Explanation string         `db:"explanation"`
	Actor       int64          `db:"actor"`
	At          period.Instant `db:"at"`
}

// lineRow is a line of an account.
type lineRow struct {
	Home       int64       `db:"home"`
	ID         int64       `db:"id,key"`
	Account    int64       `db:"account"`
	Statement  int64       `db:"statement"`
	FileRow    int64       `db:"file_row"`
	Day        period.Date `db:"day"`
	Amount     money.Fen   `db:"amount"`
	Balance    money.Fen   `db:"balance"`
	HasBalance bool        `db:"has_balance"`
	Serial     string      `db:"serial"`
	Content    []byte      `db:"content"` // sealed
}

// partyRow is the keyed hash of who is on the other side of a line. Derived.
type partyRow struct {
	Home    int64  `db:"home"`
	Line    int64  `db:"line,key"`
	Account int64  `db:"account"`
	Find    []byte `db:"find"`
}

type stagedRow struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	Account int64          `db:"account"`
	Actor   int64          `db:"actor"`
	At      period.Instant `db:"at"`
	File    string         `db:"file"`
	Name    string         `db:"name"`
	Content []byte         `db:"content"` // sealed
}

// MatchState is whether a match holds.
type MatchState string

// The states of a match.
const (
	Confirmed MatchState = "confirmed"
	Undone    MatchState = "undone"
)

// Match is lines and postings that a person confirmed to be the same money.
type Match struct {
	Home     int64          `db:"home"`
	ID       int64          `db:"id,key"`
	Version  int64          `db:"version,version"`
	Account  int64          `db:"account"`
	State    MatchState     `db:"state"`
	Amount   money.Fen      `db:"amount"`
	Lines    string         `db:"lines"`    // l12 l13
	Postings string         `db:"postings"` // p7.1: voucher and line
	Actor    int64          `db:"actor"`
	At       period.Instant `db:"at"`
	UndoneBy int64          `db:"undone_by"`
	UndoneAt period.Instant `db:"undone_at"`
	Reason   string         `db:"reason"`
}

func (m Match) members() []string {
	return append(strings.Fields(m.Lines), strings.Fields(m.Postings)...)
}

type matchedRow struct {
	Home   int64  `db:"home"`
	Member string `db:"member,key"`
	Match  int64  `db:"match"`
}

// Assertion is the balance of a day as both sides had it.
type Assertion struct {
	Home          int64          `db:"home"`
	ID            int64          `db:"id,key"`
	Version       int64          `db:"version,version"`
	Account       int64          `db:"account"`
	Day           period.Date    `db:"day"`
	BankBalance   money.Fen      `db:"bank_balance"`
	BooksBalance  money.Fen      `db:"books_balance"`
	BankReceived  money.Fen      `db:"bank_received"`
	BankPaid      money.Fen      `db:"bank_paid"`
	BooksReceived money.Fen      `db:"books_received"`
	BooksPaid     money.Fen      `db:"books_paid"`
	Difference    money.Fen      `db:"difference"`
	Unreached     int64          `db:"unreached"` // items under way
	Explanation   string         `db:"explanation"`
	Actor         int64          `db:"actor"`
	At            period.Instant `db:"at"`
}

var (
	accounts   = store.NewTable[Account]("bank_account")
	staged     = store.NewTable[stagedRow]("bank_staged").Unsealed()
	taken      = store.NewTable[Taken]("bank_statement")
	lines      = store.NewTable[lineRow]("bank_line")
	parties    = store.NewTable[partyRow]("bank_line_party").Unsealed()
	matches    = store.NewTable[Match]("bank_match")
	matched    = store.NewTable[matchedRow]("bank_matched").Unsealed()
	assertions = store.NewTable[Assertion]("bank_assertion")
)

func tables() []store.Sealed {
	return []store.Sealed{accounts, saidUnder, staged, taken, lines, parties, matches, matched, assertions,
		withdrawals}
}

// Get reads an account.
func Get(r store.Reader, ref Ref) (Account, error) {
	a, found, err := accounts.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "access.outside")
	}
	return a, err
}

// AccountsOf lists the accounts of an organisation.
func AccountsOf(r store.Reader, organisation registry.Ref) ([]Account, error) {
	return accounts.All(r, "WHERE home = ? AND organisation = ? ORDER BY id", organisation.Home,
		organisation.ID)
}

// StatementsOf lists what was taken of an account and not taken back, the latest first.
func StatementsOf(r store.Reader, ref Ref) ([]Taken, error) {
	return taken.All(r, "WHERE home = ? AND account = ? AND"+statementHeld+"ORDER BY id DESC", ref.Home,
		ref.ID)
}

// AssertionsOf lists the assertions of an account, the latest day first.
func AssertionsOf(r store.Reader, ref Ref) ([]Assertion, error) {
	return assertions.All(r, "WHERE home = ? AND account = ? ORDER BY day DESC", ref.Home, ref.ID)
}

// MatchesOf lists the matches of an account that hold, the latest first.
func MatchesOf(r store.Reader, ref Ref) ([]Match, error) {
	return matches.All(r, "WHERE home = ? AND account = ? AND state = ? ORDER BY id DESC", ref.Home, ref.ID,
		Confirmed)
}

func subject(id int64) string { return "bank-account/" + strconv.FormatInt(id, 10) }
