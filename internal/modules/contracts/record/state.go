package record

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
