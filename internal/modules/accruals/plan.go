package accruals

import (
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// planFile says how the forms of the check are booked, and which lines prove each other.
const planFile = "accruals.yaml"

// rolePending is the chart's role of the account of gains and losses that are not decided.
const rolePending = "pending"

const clearTitle = assets.Clear

// Way is how the differences of a form are booked.
type Way string

// The ways.
const (
	wayThing Way = "thing" // through the pending account
	wayClaim Way = "claim" // what others owe
	wayDebt  Way = "debt"  // what is owed to others
	wayHand  Way = "hand"  // by hand
)

// Form is how the rows of a form of the check are booked. Roles are those of the chart; a thing that the
// chart names accounts for by form and class needs none.
type Form struct {
	Key        string `yaml:"key"`
	Way        Way    `yaml:"way"`
	Role       string `yaml:"role"`
	MemberRole string `yaml:"member_role"`
	Mark       string `yaml:"mark"`
}

// Role is what an account is for in the entries of a check.
type Role struct {
	Key   string `yaml:"key"`  // gain, first_gain, expense, claim, member_claim
	Role  string `yaml:"role"` // of the chart
	Basis string `yaml:"basis"`
	Mark  string `yaml:"mark"`
}

// Line is a line in which the books and the check must agree: forms of the check on one side, lines of a
// statement on the other.
type Line struct {
	Key       string      `yaml:"key"`
	Title     words.Words `yaml:"title"`
	Forms     []string    `yaml:"forms"`
	Written   bool        `yaml:"written"` // what is written off instead of what was verified
	Statement []string    `yaml:"statement"`
}

// plan is the file of the pack in force.
type plan struct {
	forms   map[string]Form
	roles   map[string]string
	expense string
	lines   []Line
}

// gainRole is the account that a gain ends on.
func (p *plan) gainRole(first bool) string {
	if first {
		return p.roles["first_gain"]
	}
	return p.roles["gain"]
}

// claimRole is the account of whoever makes good a loss.
func (p *plan) claimRole(member bool) string {
	if member {
		return p.roles["member_claim"]
	}
	return p.roles["claim"]
}

// sections are the files of a pack that this module owns.
func sections() []pack.Section {
	return []pack.Section{{Path: planFile, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := readPlan(p)
		return findings
	}}}
}

// readPlan reads the file and says what is wrong with it.
func readPlan(p *pack.Pack) (*plan, []fault.Finding) {
	forms, findings := pack.Decode[Form](p, planFile, "forms")
	roles, found := pack.Decode[Role](p, planFile, "roles")
	findings = append(findings, found...)
	lines, found := pack.Decode[Line](p, planFile, "lines")
	findings = append(findings, found...)
	read := &plan{forms: map[string]Form{}, roles: map[string]string{}, lines: lines}
	for _, f := range forms {
		if f.Way != wayThing && f.Way != wayHand && f.Role == "" || f.Way == wayClaim &&
			f.MemberRole == "" {
			findings = append(findings, fault.Wrong("accruals.pack_form", f.Key).At(planFile, 0, ""))
		}
		read.forms[f.Key] = f
	}
	for _, r := range roles {
		read.roles[r.Key] = r.Role
	}
	for _, key := range []string{"gain", "first_gain", "expense", "claim", "member_claim"} {
		if read.roles[key] == "" {
			findings = append(findings, fault.Wrong("accruals.pack_role", key).At(planFile, 0, ""))
		}
	}
	read.expense = read.roles["expense"]
	for _, l := range lines {
		if len(l.Forms) == 0 || len(l.Statement) == 0 {
			findings = append(findings, fault.Wrong("accruals.pack_form", l.Key).At(planFile, 0, ""))
		}
	}
	return read, findings
}
