package score

import "github.com/terrace-project/terrace/internal/pure/fault"

// The methods of weights that people's comparisons and other methods make, for which schemes have words.
const (
	HierarchyWeights = "ahp"         // 层次分析法: Judges, Derivation, Table, Pool, Limit
	BestWorstWeights = "best_worst"  // 最优最劣法: Best, Worst, ToOthers, ToWorst
	OrderWeights     = "rank_order"  // 位次赋权: Order, Ranks
	CombinedWeights  = "combination" // 组合赋权: How, Of, Shares
)

// Compared are what people say of the importance of nodes, by their codes. What stands for several parents
// compares the children of each among themselves.
type Compared struct {
	Judges     []Judge `yaml:"judges,omitempty"`     // of ahp
	Derivation string  `yaml:"derivation,omitempty"` // of ahp: eigenvector (default), geometric, column
	Table      string  `yaml:"table,omitempty"`      // of ahp: saaty (default), 1000-sample, pymcdm
	// Pool joins judges: their judgements (default), priorities (geometric mean), or
	// priorities_arithmetic.
	Pool string `yaml:"pool,omitempty"`
	// Limit is the consistency ratio from which ahp is refused (0: 0.1), and beyond which best_worst is (0:
	// the published threshold).
	Limit float64 `yaml:"limit,omitempty"`

	Best     string             `yaml:"best,omitempty"`      // of best_worst
	Worst    string             `yaml:"worst,omitempty"`     // of best_worst
	ToOthers map[string]float64 `yaml:"to_others,omitempty"` // how many times as important Best is as each
	ToWorst  map[string]float64 `yaml:"to_worst,omitempty"`  // how many times as important each is as Worst

	Order string         `yaml:"order,omitempty"` // of rank_order: roc (default), rs, rr
	Ranks map[string]int `yaml:"ranks,omitempty"` // of rank_order: 1 the most important; ties are allowed
}

// Judge is an expert with comparisons: an upper triangle of Items, row by row, or pairs, or both.
type Judge struct {
	Name  string   `yaml:"name,omitempty"`
	Voice *float64 `yaml:"voice,omitempty"` // relative; nil is 1
	Items []string `yaml:"items,omitempty"`
	Upper []Times  `yaml:"upper,omitempty"`
	// Pairs says how many times as important the first is as the second, whichever stands first.
	Pairs map[string]map[string]Times `yaml:"pairs,omitempty"`
}

// Times is a comparison on Saaty's scale as it was written: 3, 1/3, 2.5.
type Times string

// Combined makes weights of those of other methods.
type Combined struct {
	How    string      `yaml:"how,omitempty"`    // additive, product, root, game
	Of     []Weighting `yaml:"of,omitempty"`     // the parts; given are the weights that the nodes write
	Shares []float64   `yaml:"shares,omitempty"` // of additive, one a part, sum 1; none: equal
}

// weighed are nodes whose weights are found together, and how.
type weighed struct {
	parent   int // -1 for a whole level
	children []int
	level    []string // codes of all nodes that by weighs
	by       Weighting
}

// families are, by level of the parents, the nodes whose weights are found together.
func (t tree) families(s Scheme) [][]weighed {
	own := map[int]*Weighting{}
	for i := range s.Aggregates {
		own[t.at[s.Aggregates[i].Code]] = s.Aggregates[i].Weights
	}
	all := make([][]weighed, len(t.levels))
	for at, level := range t.levels {
		var common Weighting
		if at < len(s.Weights) {
			common = s.Weights[at]
		}
		whole := weighed{parent: -1, by: common}
		for _, node := range level {
			children := t.nodes[node].Children
			if by := own[node]; by != nil {
				all[at] = append(all[at], weighed{node, children, t.codes(children), *by})
				continue
			}
			whole.children = append(whole.children, children...)
		}
		whole.level = t.codes(whole.children)
		if common.Whole && len(whole.children) > 0 {
			all[at] = append(all[at], whole)
		}
		for _, node := range level {
			if own[node] == nil && !common.Whole {
				all[at] = append(all[at], weighed{node, t.nodes[node].Children, whole.level, common})
			}
		}
	}
	return all
}

func (t tree) codes(nodes []int) (codes []string) {
	for _, n := range nodes {
		codes = append(codes, t.nodes[n].Code)
	}
	return codes
}

// fits asks Methods.Check of all weights.
func (t tree) fits(s Scheme, m Methods) error {
	if m.Check == nil {
		return nil
	}
	for _, level := range t.families(s) {
		for _, of := range level {
			f := Family{Children: t.codes(of.children), Level: of.level, By: of.by,
				Parameters: of.by.Parameters}
			if of.parent >= 0 {
				f.Parent = t.nodes[of.parent].Code
			}
			if err := m.Check(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// account tells how the weights of the last rebuild came about.
func (w *Worker) account() (notes []fault.Finding, err error) {
	if w.variant.Weights != nil {
		return nil, nil
	}
	for _, level := range w.plan.families {
		for i := range level {
			tell := w.plan.methods.Account[level[i].by.Method]
			if tell == nil {
				continue
			}
			found, err := tell(w.weighing(&level[i]))
			if err != nil {
				return nil, w.explained(err, level[i].parent, level[i].children, level[i].by.Method)
			}
			notes = append(notes, found...)
		}
	}
	return notes, nil
}
