package reporting

// InPortionsOf lets a transaction open the reports of fewer units, so that a small city has many portions.
func (g *Reporting) InPortionsOf(units int) { g.portion = units }
