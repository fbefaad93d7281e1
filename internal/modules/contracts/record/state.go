package record

import "github.com/terrace-project/terrace/internal/pure/period"

// State is where a contract stands.
type State string

// The states; Ended and Terminated are final.
const (
	Drafted      State = "draft"
	InForce      State = "in_force"
	ExpiredInUse State = "expired_in_use" // its term passed and the thing was not given back
	Ended        State = "ended"
	Terminated   State = "terminated" // before its term
)

// States lists them for filters.
var States = []State{Drafted, InForce, ExpiredInUse, Ended, Terminated}

// Running reports whether instalments may still fall due.
func (s State) Running() bool { return s == InForce || s == ExpiredInUse }

// Tone is the mark of a state on a page.
func (s State) Tone() string {
	switch s {
	case InForce:
		return "done"
	case Drafted:
		return "waiting"
	case ExpiredInUse:
		return "overdue"
	}
	return "stopped"
}

// LastDay is the last day that a contract with a term and, once it is over, a last day holds what it is
// about: one that expired in use still does.
func (s State) LastDay(ends, ended period.Date) period.Date {
	switch s {
	case ExpiredInUse:
		return period.Open
	case Ended, Terminated:
		return ended
	}
	return ends
}
