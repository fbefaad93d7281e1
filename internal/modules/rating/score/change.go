package score

// Step names a step of the method.
type Step string

// The steps.
const (
	Denominating Step = "denominate"
	Imputing     Step = "impute"
	Screening    Step = "screen"
	Treating     Step = "treat"
	Normalising  Step = "normalise"
)

// Change is one cell changed: why is a word of the step (winhi, mean, cut …) with what it refers to.
type Change struct {
	Area      string
	Time      string
	Indicator string // empty: the whole area
	Step      Step
	From, To  float64 // missing is NaN
	Why       string  // word of the reason
	About     string  // the group, year or denominator the reason speaks of
}
