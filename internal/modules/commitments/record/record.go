// Package record is the rows of the register: commitments with their repayments, transfers, and the history
// of both. It does no I/O.
package record

import (
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Kind is what a commitment is.
type Kind string

// The kinds.
const (
	Loan      Kind = "loan"      // taken by the collective
	Lending   Kind = "lending"   // money of the collective that others have
	Guarantee Kind = "guarantee" // for somebody else's debt
)

// Kinds lists them for filters and forms.
var Kinds = []Kind{Loan, Lending, Guarantee}

// State is where a commitment stands.
type State string

// The states; Settled is left again only by taking a repayment back.
const (
	Standing  State = "standing"
	Settled   State = "settled"   // repaid in full, or released
	Withdrawn State = "withdrawn" // entered by mistake
)

// States lists them for filters.
var States = []State{Standing, Settled, Withdrawn}

// Commitment is a loan, a lending or a guarantee of an organisation.
type Commitment struct {
	Home          int64       `db:"home"`
	ID            int64       `db:"id,key"`
	Version       int64       `db:"version,version"`
	Organisation  int64       `db:"organisation"`
	Place         int64       `db:"place"`
	Kind          Kind        `db:"kind"`
	Number        string      `db:"number"`     // unique within the organisation
	Party         string      `db:"party"`      // lender, borrower, or whose debt is guaranteed
	PartyKind     string      `db:"party_kind"` // code of lender_class or obligor_kind
	Related       bool        `db:"related"`    // an officer or a near relative of one
	Creditor      string      `db:"creditor"`   // of a guarantee
	Purpose       string      `db:"purpose"`    // of a loan: code of loan_purpose
	Pledge        string      `db:"pledge"`     // what secures it
	Amount        money.Fen   `db:"amount"`
	Rate          int64       `db:"rate"` // a year, parts of 10,000
	Day           period.Date `db:"day"`
	Due           period.Date `db:"due"` // Open: none agreed
	Decision      string      `db:"decision"`
	DecisionBody  string      `db:"decision_body"` // code of contract_body
	Decided       period.Date `db:"decided"`
	DecisionValid bool        `db:"decision_valid"`
	Attachments   int64       `db:"attachments"`
	Settled       money.Fen   `db:"settled"` // sum of the repayments
	State         State       `db:"state"`
	Ended         period.Date `db:"ended"` // Open while it stands
	Note          string      `db:"note"`
}

// Outstanding is what is still owed, or still guaranteed.
func (c Commitment) Outstanding() money.Fen {
	if c.State != Standing {
		return 0
	}
	return c.Amount - c.Settled
}

// Voted reports whether members decided validly, on the day of the commitment or before.
func (c Commitment) Voted() bool {
	return c.DecisionValid && c.Decided != "" && c.Decided <= c.Day
}

// Manner is how a repayment or a match came about.
type Manner string

// The manners.
const (
	Before  Manner = "before" // repaid before the commitment was entered
	Entered Manner = "entry"  // by entry, without a voucher
	Booked  Manner = "book"   // by a voucher somebody named
	Nightly Manner = "auto"   // by the voucher the nightly run found
)

// Repayment is money that went back under a loan or a lending.
type Repayment struct {
	Home       int64       `db:"home"`
	ID         int64       `db:"id,key"`
	Version    int64       `db:"version,version"`
	Commitment int64       `db:"commitment"`
	Day        period.Date `db:"day"`
	Amount     money.Fen   `db:"amount"`
	Manner     Manner      `db:"manner"`
	Voucher    int64       `db:"voucher"` // 0: none named
	Document   string      `db:"document"`
}

// Course is where a transfer stands.
type Course string

// The courses.
const (
	Announced Course = "announced"
	Matched   Course = "booked"
	Cancelled Course = "withdrawn"
)

// Courses lists them for filters.
var Courses = []Course{Announced, Matched, Cancelled}

// Transfer is an amount that county finance announced to an organisation.
type Transfer struct {
	Home         int64       `db:"home"`
	ID           int64       `db:"id,key"`
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Place        int64       `db:"place"`
	Document     string      `db:"document"`
	Kind         string      `db:"kind"` // code of subsidy_kind
	Project      string      `db:"project"`
	Amount       money.Fen   `db:"amount"`
	Day          period.Date `db:"day"` // it was paid
	Course       Course      `db:"course"`
	Voucher      int64       `db:"voucher"` // 0: not booked
	Booked       period.Date `db:"booked"`  // day of the voucher; "" not booked
	Manner       Manner      `db:"manner"`  // "" not booked
	Note         string      `db:"note"`
}

// Change is a line of the history of a commitment or a transfer, which share their numbers.
type Change struct {
	Home     int64          `db:"home"`
	Subject  int64          `db:"subject,key"`
	Number   int64          `db:"number,key"`
	Kind     string         `db:"kind"`
	Happened period.Date    `db:"happened"`
	At       period.Instant `db:"at"`
	Actor    int64          `db:"actor"`
	Amount   money.Fen      `db:"amount"`
	Voucher  int64          `db:"voucher"` // 0: none
	Document string         `db:"document"`
	Reason   string         `db:"reason"`
	Event    int64          `db:"event"`
}
