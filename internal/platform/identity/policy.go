package identity

import (
	"slices"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Policy is the rules about signing in. The defaults follow what is expected of systems at level 3
// of the multi-level protection scheme (GB/T 22239-2019, from memory, unverified); a pack may set
// stricter ones.
type Policy struct {
	LengthMin   int           `yaml:"length_min"`   // characters of a password
	ClassesMin  int           `yaml:"classes_min"`  // of: small, capital, digit, other
	FormerMax   int           `yaml:"former_max"`   // passwords that may not come back
	AgeMax      time.Duration `yaml:"age_max"`      // of a password, then it must be changed
	FailuresMax int64         `yaml:"failures_max"` // in a row, of one login
	LockTime    time.Duration `yaml:"lock_time"`

	// AddressFailuresMax within AddressTime is what one client address may fail, whatever the
	// logins. An office behind one address shares it.
	AddressFailuresMax int64         `yaml:"address_failures_max"`
	AddressTime        time.Duration `yaml:"address_time"`

	IdleTime    time.Duration `yaml:"idle_time"`
	SessionTime time.Duration `yaml:"session_time"`
	OneSession  bool          `yaml:"one_session"`   // signing in ends the person's other sessions
	OneTimeTime time.Duration `yaml:"one_time_time"` // an administrator's password holds so long

	// OneFactor lets administrators in without a second factor. Only a demo city does: what it holds is
	// made up and its password is printed.
	OneFactor bool `yaml:"-"`

	// SecondFactor names roles that need two factors, beside all administrators' roles.
	SecondFactor []string `yaml:"second_factor"`

	TokenDaysMax int `yaml:"token_days_max"` // days an API token may hold
}

const day = 24 * time.Hour

// DefaultPolicy is what holds unless a pack says otherwise.
func DefaultPolicy() Policy {
	return Policy{
		LengthMin: 10, ClassesMin: 3, FormerMax: 5, AgeMax: 90 * day, // unverified
		FailuresMax: 5, LockTime: 30 * time.Minute, // unverified
		AddressFailuresMax: 30, AddressTime: 15 * time.Minute, // ours
		IdleTime: 30 * time.Minute, SessionTime: 12 * time.Hour, // idle 15–30 minutes: unverified
		OneTimeTime: 3 * day, TokenDaysMax: 366, // ours
	}
}

// CheckPassword lists everything wrong with a new password.
func (p Policy) CheckPassword(login, text string) []fault.Finding {
	return password.Rules{LengthMin: p.LengthMin, ClassesMin: p.ClassesMin}.Check(login, text)
}

// needsSecond reports whether a role needs two factors.
func (p Policy) needsSecond(role access.Role) bool {
	return role.Administrator != "" && !p.OneFactor || slices.Contains(p.SecondFactor, role.Key)
}
