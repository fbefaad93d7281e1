package score

// Origin is what the figures of an indicator were computed from before they came here: numerator × Times ÷
// (denominator × Over), rounded once. Nothing of it is computed with; it lets a reader follow a figure.
type Origin struct {
	Numerator   string `yaml:"numerator"`             // name of the measure
	Denominator string `yaml:"denominator,omitempty"` // likewise; empty: 1
	Times       int64  `yaml:"times,omitempty"`       // 0 is 1
	Over        int64  `yaml:"over,omitempty"`        // 0 is 1
	Places      []int  `yaml:"places"`                // decimal places of numerator, denominator and figure
	Basis       string `yaml:"basis,omitempty"`
	Mark        string `yaml:"mark,omitempty"`
	Published   string `yaml:"published,omitempty"` // day on which the youngest part was published
}

// OriginColumns are the columns of a sheet that have the parts of an indicator's figures, beside it:
// numerator, denominator, how many reports came, of how many.
func OriginColumns(code string) [4]string {
	return [4]string{code + ".numerator", code + ".denominator", code + ".reported", code + ".expected"}
}

// originColumns are the columns of all indicators that tell their origin.
func originColumns(s Scheme) (all []string) {
	for _, i := range s.Indicators {
		if i.Origin != nil {
			parts := OriginColumns(i.Code)
			all = append(all, parts[:]...)
		}
	}
	return all
}
