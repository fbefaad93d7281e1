package record

import (
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// ContractEntryBody is what a program enters of a contract.
type ContractEntryBody struct {
	Number        string           `json:"number,omitempty" maxLength:"50"`
	Name          string           `json:"name" maxLength:"100"`
	Kind          string           `json:"kind" maxLength:"30" doc:"Code of contract_kind."`
	Party         string           `json:"party" maxLength:"100"`
	PartyKind     string           `json:"party_kind" maxLength:"30" doc:"Code of contract_party."`
	PartyCode     string           `json:"party_code,omitempty" maxLength:"50"`
	Related       bool             `json:"related,omitempty"`
	Signed        period.Date      `json:"signed,omitempty" maxLength:"10"`
	Area          int64            `json:"area,omitempty" doc:"In 0.01 m²."`
	PriceClass    string           `json:"price_class,omitempty" maxLength:"30"`
	Objects       string           `json:"objects,omitempty" maxLength:"5000" doc:"500102/37, 500102/38:50%"`
	Phases        []schedule.Phase `json:"phases" maxItems:"50" doc:"The schedule; fen, 0.01 %."`
	Manner        string           `json:"manner" maxLength:"30"`
	Project       string           `json:"project,omitempty" maxLength:"100"`
	Decision      string           `json:"decision,omitempty" maxLength:"100"`
	DecisionBody  string           `json:"decision_body,omitempty" maxLength:"30"`
	Decided       period.Date      `json:"decided,omitempty" maxLength:"10"`
	DecisionValid bool             `json:"decision_valid,omitempty"`
	DecisionShare int64            `json:"decision_share,omitempty" doc:"Of 10,000."`
	Approval      string           `json:"approval,omitempty" maxLength:"100"`
	Approved      period.Date      `json:"approved,omitempty" maxLength:"10"`
	HouseholdEnd  period.Date      `json:"household_end,omitempty" maxLength:"10"`
	BuyBack       bool             `json:"buy_back,omitempty"`
	Paper         bool             `json:"paper,omitempty"`
	ClaimsFrom    period.Date      `json:"claims_from,omitempty" maxLength:"10"`
	Owed          money.Fen        `json:"owed,omitempty" doc:"Fen, from before claims_from."`
	Document      string           `json:"document,omitempty" maxLength:"100"`
	Note          string           `json:"note,omitempty" maxLength:"1000"`
}
