package flow

import (
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Verb is what somebody did.
type Verb string

// The verbs. Their Chinese names are in the dictionary under flow.verb.
const (
	Open      Verb = "open"     // 发起: begins the case
	Submit    Verb = "submit"   // 提交: work is done
	Approve   Verb = "approve"  // 同意: one signature; goes forward when all needed are there
	Return    Verb = "return"   // 退回: back to a chosen step, with a reason
	Refuse    Verb = "refuse"   // 不予通过: ends the case, with a reason
	Recall    Verb = "recall"   // 撤回: take back one's own step forward before anybody acted on it
	Withdraw  Verb = "withdraw" // 撤销: the opener ends the case, with a reason
	Transfer  Verb = "transfer" // 转办: hand the step to another person
	AddSigner Verb = "add"      // 加签: ask further persons to sign
	Drop      Verb = "drop"     // 减签: no longer ask a person added who has not signed
	Suspend   Verb = "suspend"  // 中止: stop the clock, with a reason
	Resume    Verb = "resume"   // 恢复
	Urge      Verb = "urge"     // 催办
	Escalate  Verb = "escalate" // 升级: the program tells a higher level
	Post      Verb = "post"     // 公示: the notice is up
	Object    Verb = "object"   // 异议: somebody objected
	Answer    Verb = "answer"   // 答复: an objection was answered
	Close     Verb = "close"    // 公示结束: the notice ran its time
	Decide    Verb = "decide"   // 表决: a meeting decided
)

// Act is one thing somebody did to a case.
type Act struct {
	Verb   Verb           `json:"verb"`
	Actor  int64          `json:"actor"`         // account; 0 the program
	For    int64          `json:"for,omitempty"` // on whose behalf (delegation)
	At     period.Instant `json:"at"`
	Reason string         `json:"reason,omitempty"`

	To        string           `json:"to,omitempty"`        // Return: the step
	Accounts  []int64          `json:"accounts,omitempty"`  // Transfer, AddSigner, Drop: whom
	Need      int              `json:"need,omitempty"`      // AddSigner: how many of them; 0 all
	Objection int              `json:"objection,omitempty"` // Object, Answer: its number
	Upheld    bool             `json:"upheld,omitempty"`    // Answer: it was right
	Record    *decision.Record `json:"record,omitempty"`    // Decide
	Rule      *decision.Rule   `json:"rule,omitempty"`      // Decide: the rule in force then
	Route     []Step           `json:"route,omitempty"`     // Open: the steps that apply
	Withdraw  []string         `json:"withdraw,omitempty"`  // Open: while these, the opener may withdraw
	Year      int              `json:"year,omitempty"`      // Open: year of reference

	// Due and Ends are filled in by Apply and read by Fold (invariant 8).
	Due  period.Date `json:"due,omitempty"`
	Ends period.Date `json:"ends,omitempty"`
}

// needsReason lists the verbs that cannot go without a reason.
var needsReason = map[Verb]bool{
	Return: true, Refuse: true, Recall: true, Withdraw: true, Suspend: true, Transfer: true,
}

// ReasonMax is the number of characters of a reason.
const ReasonMax = 500
