package record

// Booking is how a kind of contract is booked: roles of the chart. Without an income or a cost nothing is.
type Booking struct {
	Key         string `yaml:"key"`          // code of contract_kind
	Income      string `yaml:"income"`       // credited as instalments fall due
	AssetIncome string `yaml:"asset_income"` // credited instead, if it is about a card of the register
	Claim       string `yaml:"claim"`        // debited, on anybody
	MemberClaim string `yaml:"member_claim"`
	Cost        string `yaml:"cost"`         // debited, where the collective pays
	Payable     string `yaml:"payable"`      // credited, where the collective pays
	Deposit     string `yaml:"deposit"`      // credited with a deposit that comes in
	DepositKept string `yaml:"deposit_kept"` // credited with a deposit that is kept
	Mark        string `yaml:"mark"`
}

// Whole reports whether roles that belong together are all named or none is.
func (b Booking) Whole() bool {
	return (b.Income == "") == (b.Claim == "") && (b.Income == "") == (b.MemberClaim == "") &&
		(b.Cost == "") == (b.Payable == "") && (b.Cost == "" || b.Income == "") &&
		(b.Deposit == "") == (b.DepositKept == "") && (b.AssetIncome == "" || b.Income != "")
}

// Booked reports whether instalments of the kind go into the books.
func (b Booking) Booked() bool { return b.Income != "" || b.Cost != "" }
