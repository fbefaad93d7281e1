package setting

import "github.com/terrace-project/terrace/internal/pure/fault"

// Scale is how large a city is. Even scales give every parent the same number of children; others give
// the totals exactly, spread unevenly.
type Scale struct {
	Name      string
	Even      bool
	Townships int // of each county, or in all
	Villages  int // of each township, or in all
	Groups    int // of each village, or in all
	Accounts  int // villages of each township that have people with accounts
}

// The scales. City has the true counts of the seed: 1,031 townships, 9,200 villages, 85,000 groups.
var (
	Small = Scale{Name: "small", Even: true, Townships: 3, Villages: 4, Groups: 4, Accounts: 4}
	Whole = Scale{Name: "city", Townships: 1_031, Villages: 9_200, Groups: 85_000, Accounts: 1}
)

// ScaleOf finds a scale by its name.
func ScaleOf(name string) (Scale, error) {
	for _, s := range []Scale{Small, Whole} {
		if s.Name == name {
			return s, nil
		}
	}
	return Scale{}, fault.New(fault.Invalid, "demo.scale", name)
}
