package record

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// EntryBody is what is entered of a commitment. It is exported because embedded fields are described
// only so.
type EntryBody struct {
	Kind          Kind        `json:"kind" enum:"loan,lending,guarantee"`
	Number        string      `json:"number,omitempty" maxLength:"50"`
	Party         string      `json:"party" maxLength:"100" doc:"Lender, borrower or debtor."`
	PartyKind     string      `json:"party_kind" maxLength:"30" doc:"Code of lender_class or obligor_kind."`
	Creditor      string      `json:"creditor,omitempty" maxLength:"100" doc:"Of a guarantee."`
	Purpose       string      `json:"purpose,omitempty" maxLength:"30" doc:"Of a loan: code of loan_purpose."`
	Pledge        string      `json:"pledge,omitempty" maxLength:"200"`
	Amount        money.Fen   `json:"amount" doc:"Fen."`
	Rate          int64       `json:"rate,omitempty" doc:"A year, parts of 10,000."`
	Day           period.Date `json:"day" maxLength:"10"`
	Due           period.Date `json:"due,omitempty" maxLength:"10"`
	Decision      string      `json:"decision,omitempty" maxLength:"100"`
	DecisionBody  string      `json:"decision_body,omitempty" maxLength:"30"`
	Decided       period.Date `json:"decided,omitempty" maxLength:"10"`
	DecisionValid bool        `json:"decision_valid,omitempty"`
	Settled       money.Fen   `json:"settled,omitempty" doc:"Fen repaid; at entry: before it was entered."`
	Document      string      `json:"document,omitempty" maxLength:"100"`
	Note          string      `json:"note,omitempty" maxLength:"1000"`
}

// Entry is what a program enters.
func (b EntryBody) Entry() Entry {
	return Entry{Document: b.Document, Commitment: Commitment{Kind: b.Kind, Number: b.Number,
		Party:     b.Party,
		PartyKind: b.PartyKind, Creditor: b.Creditor, Purpose: b.Purpose, Pledge: b.Pledge,
		Amount: b.Amount,
		Rate:   b.Rate, Day: b.Day, Due: b.Due, Decision: b.Decision, DecisionBody: b.DecisionBody,
		Decided: b.Decided, DecisionValid: b.DecisionValid, Settled: b.Settled, Note: b.Note}}
}

// Body is a commitment as programs see it.
type Body struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Organisation int64       `json:"organisation"`
	State        State       `json:"state"`
	Ended        period.Date `json:"ended,omitempty"`
	Outstanding  money.Fen   `json:"outstanding"`
	Related      bool        `json:"related"`
	Voted        bool        `json:"voted" doc:"Members decided validly, on its day or before."`
	EntryBody
}

// BodyOf writes a commitment.
func BodyOf(c Commitment) Body {
	return Body{Home: c.Home, ID: c.ID, Version: c.Version, Organisation: c.Organisation,
		State: c.State, Ended: Ending(c.Ended), Outstanding: c.Outstanding(), Related: c.Related,
		Voted: c.Voted(),
		EntryBody: EntryBody{Kind: c.Kind, Number: c.Number, Party: c.Party, PartyKind: c.PartyKind,
			Creditor: c.Creditor, Purpose: c.Purpose, Pledge: c.Pledge, Amount: c.Amount, Rate: c.Rate,
			Day: c.Day, Due: Ending(c.Due), Decision: c.Decision, DecisionBody: c.DecisionBody,
			Decided: c.Decided, DecisionValid: c.DecisionValid, Settled: c.Settled, Note: c.Note}}
}

// AnnouncedBody is what is announced of a transfer. It is exported because embedded fields are
// described only so.
type AnnouncedBody struct {
	Document string      `json:"document" maxLength:"100"`
	Kind     string      `json:"kind" maxLength:"30" doc:"Code of subsidy_kind."`
	Project  string      `json:"project,omitempty" maxLength:"100"`
	Amount   money.Fen   `json:"amount" doc:"Fen."`
	Day      period.Date `json:"day" maxLength:"10" doc:"It was paid."`
	Note     string      `json:"note,omitempty" maxLength:"1000"`
}

// TransferBody is a transfer as programs see it.
type TransferBody struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Organisation int64       `json:"organisation"`
	Course       Course      `json:"course"`
	Voucher      string      `json:"voucher,omitempty"`
	Booked       period.Date `json:"booked,omitempty"`
	Manner       string      `json:"manner,omitempty" doc:"book: matched by hand; auto: by the nightly run."`
	AnnouncedBody
}

// TransferBodyOf writes a transfer.
func TransferBodyOf(t Transfer) TransferBody {
	b := TransferBody{Home: t.Home, ID: t.ID, Version: t.Version, Organisation: t.Organisation,
		Course: t.Course, Booked: t.Booked, Manner: string(t.Manner),
		AnnouncedBody: AnnouncedBody{Document: t.Document, Kind: t.Kind, Project: t.Project,
			Amount: t.Amount,
			Day:    t.Day, Note: t.Note}}
	if t.Voucher != 0 {
		b.Voucher = strconv.FormatInt(t.Home, 10) + "/" + strconv.FormatInt(t.Voucher, 10)
	}
	return b
}

// Ending is a day as programs and people see it: "" where none is agreed.
func Ending(d period.Date) period.Date {
	if d == period.Open {
		return ""
	}
	return d
}
