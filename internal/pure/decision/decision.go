// Package decision judges collective decisions: whether a meeting was valid and whether a motion
// passed. The verdict is always computed from the record, never typed in.
//
// The Rural Collective Economic Organisations Law (in force 2025-05-01) sets the minimum: an
// assembly is valid if two thirds of all members with full civil capacity attend and decides with
// two thirds of all such members (Art. 26, 27); representatives, more than twenty of them, decide
// with two thirds of all (Art. 28); the council meets with two thirds and decides with more than
// half of all its members. A stricter charter prevails. So the marks are data (Rule), and a rule
// may only be made stricter than the one it replaces.
//
// Because the pass mark counts all members and not those present, a meeting with a bare quorum
// must be unanimous.
//
// # Vectors
//
//	N = 37 → 25 of two thirds, 28 of three quarters; 150 → 100, 113; 301 → 201, 226;
//	21 representatives → 14; 33 → 22; council of 5 → attend 4, pass 3; of 7 → 5 and 4.
package decision

import (
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Body is who decides.
type Body string

// The bodies of a collective economic organisation.
const (
	Assembly        Body = "assembly"        // 成员大会
	Representatives Body = "representatives" // 成员代表大会
	Council         Body = "council"         // 理事会
)

// Rule is what the law or a charter asks of a body.
type Rule struct {
	Body       Body               `json:"body"`
	Attend     fraction.Threshold `json:"attend"` // of all eligible
	Pass       fraction.Threshold `json:"pass"`   // of all eligible
	SizeMin    int                `json:"size_min,omitempty"`
	NoticeDays int                `json:"notice_days,omitempty"` // calendar days before the meeting
	NoProxy    bool               `json:"no_proxy,omitempty"`
	Basis      string             `json:"basis"`
	Mark       string             `json:"mark,omitempty"` // the weakest of what the rule rests on
}

// Record is what the minutes say of one motion.
type Record struct {
	Body     Body        `json:"body"`
	CalledOn period.Date `json:"called_on"` // the day notice was given
	HeldOn   period.Date `json:"held_on"`
	Eligible int         `json:"eligible"` // all who may vote
	OnSite   int         `json:"on_site"`
	Online   int         `json:"online"`
	Proxy    int         `json:"proxy"`
	Yes      int         `json:"yes"`
	No       int         `json:"no"`
	Abstain  int         `json:"abstain"`
}

// Present is everybody who counts as attending.
func (r Record) Present() int { return r.OnSite + r.Online + r.Proxy }

// Verdict is what follows from a record under a rule.
type Verdict struct {
	Valid      bool // the meeting could decide
	Passed     bool // and decided yes
	NeedAttend int
	NeedYes    int
	Findings   []fault.Finding // why it was not valid
}

// CountMax bounds every number of a record: a village is not a nation.
const CountMax = 1_000_000

// Check finds what cannot be true of a record whatever the rule: typing errors in the minutes.
func (r Record) Check() []fault.Finding {
	var findings []fault.Finding
	for _, n := range []struct {
		field string
		value int
	}{{"eligible", r.Eligible}, {"on_site", r.OnSite}, {"online", r.Online}, {"proxy", r.Proxy},
		{"yes", r.Yes}, {"no", r.No}, {"abstain", r.Abstain}} {
		if n.value < 0 || n.value > CountMax {
			findings = append(findings, at(n.field, fault.Wrong("decision.count", CountMax)))
		}
	}
	if len(findings) > 0 {
		return findings
	}
	if r.Eligible == 0 {
		findings = append(findings, at("eligible", fault.Wrong("decision.nobody")))
	}
	if r.Present() > r.Eligible {
		findings = append(findings, at("on_site", fault.Wrong("decision.too_many_present", r.Present(),
			r.Eligible)))
	}
	if votes := r.Yes + r.No + r.Abstain; votes != r.Present() {
		findings = append(findings, at("yes", fault.Wrong("decision.votes", votes, r.Present())))
	}
	if !r.HeldOn.Valid() {
		findings = append(findings, at("held_on", fault.Wrong("decision.date")))
	}
	return findings
}

func at(field string, f fault.Finding) fault.Finding { return f.At("", 0, field) }

// Judge computes the verdict. A record that fails Check is never valid.
func (rule Rule) Judge(r Record) Verdict {
	v := Verdict{NeedAttend: int(rule.Attend.Needed(int64(r.Eligible))),
		NeedYes: int(rule.Pass.Needed(int64(r.Eligible)))}
	v.Findings = r.Check()
	if r.Body != rule.Body {
		v.Findings = append(v.Findings, at("body", fault.Wrong("decision.body")))
	}
	if len(v.Findings) > 0 {
		return v
	}
	if r.Eligible < rule.SizeMin {
		v.Findings = append(v.Findings, at("eligible", fault.Wrong("decision.size", r.Eligible,
			rule.SizeMin)))
	}
	if r.Present() < v.NeedAttend {
		v.Findings = append(v.Findings, at("on_site", fault.Wrong("decision.quorum", r.Present(),
			v.NeedAttend)))
	}
	if rule.NoProxy && r.Proxy > 0 {
		v.Findings = append(v.Findings, at("proxy", fault.Wrong("decision.proxy")))
	}
	if rule.NoticeDays > 0 && (!r.CalledOn.Valid() || r.CalledOn.Until(r.HeldOn) < rule.NoticeDays) {
		v.Findings = append(v.Findings, at("called_on", fault.Wrong("decision.notice", rule.NoticeDays)))
	}
	v.Valid = len(v.Findings) == 0
	v.Passed = v.Valid && r.Yes >= v.NeedYes
	return v
}

// Stricter reports whether the rule asks at least as much as another in every respect, for bodies
// of any size up to CountMax: what a charter must be over the law.
func (rule Rule) Stricter(than Rule) bool {
	return rule.Body == than.Body && rule.Attend.AtLeast(than.Attend) && rule.Pass.AtLeast(than.Pass) &&
		rule.SizeMin >= than.SizeMin && rule.NoticeDays >= than.NoticeDays && (rule.NoProxy ||
		!than.NoProxy)
}
