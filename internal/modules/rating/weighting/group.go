package weighting

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// PooledJudgement joins the matrices of several experts into one, by the weighted geometric mean of each cell
// (aggregation of individual judgements, Forman and Peniwati 1998): the group acts as one. It keeps
// reciprocals. voices are the experts' weights, relative; nil: equal.
func PooledJudgement(judgements []Judgement, voices []float64) (Judgement, error) {
	shares, err := voicesOf(len(judgements), voices)
	if err != nil {
		return Judgement{}, err
	}
	first := judgements[0]
	pooled := Judgement{Items: first.Items, Matrix: make([][]float64, len(first.Items))}
	for i := range pooled.Matrix {
		pooled.Matrix[i] = make([]float64, len(first.Items))
	}
	for e, j := range judgements {
		if err := j.check(); err != nil {
			return Judgement{}, err
		}
		if !slices.Equal(j.Items, first.Items) {
			return Judgement{}, fault.New(fault.Invalid, "rating.ahp_items", e+1)
		}
		for i, row := range j.Matrix {
			for k, a := range row {
				pooled.Matrix[i][k] += shares[e] * math.Log(a)
			}
		}
	}
	for i, row := range pooled.Matrix {
		for k := range row[:i] {
			pooled.Matrix[k][i] = math.Exp(pooled.Matrix[k][i])
			pooled.Matrix[i][k] = 1 / pooled.Matrix[k][i]
		}
		pooled.Matrix[i][i] = 1
	}
	return pooled, nil
}

// Mean names a mean of priorities.
type Mean string

// The means.
const (
	MeanGeometric  Mean = "geometric"
	MeanArithmetic Mean = "arithmetic"
)

// PooledPriorities joins the weights of several experts (aggregation of individual priorities): each keeps an
// own judgement. The answer is divided by its sum.
func PooledPriorities(priorities []Weights, voices []float64, m Mean) (Weights, error) {
	shares, err := voicesOf(len(priorities), voices)
	if err != nil {
		return Weights{}, err
	}
	first := priorities[0]
	basis := make([]float64, len(first.Columns))
	for e, p := range priorities {
		if !slices.Equal(p.Columns, first.Columns) {
			return Weights{}, fault.New(fault.Invalid, "rating.ahp_items", e+1)
		}
		for i, w := range p.Values {
			switch m {
			case MeanGeometric:
				basis[i] += shares[e] * math.Log(w)
			case MeanArithmetic:
				basis[i] += shares[e] * w
			default:
				return Weights{}, fault.New(fault.Invalid, "rating.ahp_derivation", string(m))
			}
		}
	}
	if m == MeanGeometric {
		for i := range basis {
			basis[i] = math.Exp(basis[i])
		}
	}
	return proportional(first.Columns, basis)
}

// voicesOf are the shares of experts.
func voicesOf(experts int, voices []float64) ([]float64, error) {
	if voices == nil {
		voices = slices.Repeat([]float64{1}, experts)
	}
	if experts == 0 || len(voices) != experts {
		return nil, fault.New(fault.Invalid, "rating.ahp_voices", experts, len(voices))
	}
	sum := 0.0
	for _, v := range voices {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fault.New(fault.Invalid, "rating.ahp_voices", experts, len(voices))
		}
		sum += v
	}
	if sum == 0 {
		return nil, fault.New(fault.Invalid, "rating.ahp_voices", experts, len(voices))
	}
	shares := make([]float64, experts)
	for i, v := range voices {
		shares[i] = v / sum
	}
	return shares, nil
}
