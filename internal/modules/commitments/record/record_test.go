package record

import "testing"

func TestOutstandingAndVote(t *testing.T) {
	c := Commitment{Amount: 300_000_00, Settled: 100_000_00, State: Standing, Day: "2025-03-01",
		Decided: "2025-03-01", DecisionValid: true}
	if c.Outstanding() != 200_000_00 || !c.Voted() {
		t.Errorf("%+v", c)
	}
	for name, spoil := range map[string]func(*Commitment){
		"later":   func(c *Commitment) { c.Decided = "2025-03-02" },
		"invalid": func(c *Commitment) { c.DecisionValid = false },
		"no day":  func(c *Commitment) { c.Decided = "" },
	} {
		other := c
		if spoil(&other); other.Voted() {
			t.Errorf("%s: counts as voted", name)
		}
	}
	for _, state := range []State{Settled, Withdrawn} {
		if c.State = state; c.Outstanding() != 0 {
			t.Errorf("%s: %s outstanding", state, c.Outstanding())
		}
	}
}
