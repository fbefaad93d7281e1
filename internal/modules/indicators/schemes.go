package indicators

// Schemes are the indices of the pack.
func (n *Indicators) Schemes() []Scheme { return n.library().Schemes }
