package tree

import (
	"errors"
	"fmt"
)

// ErrOverflow says that a sum does not fit.
var ErrOverflow = errors.New("tree: a sum does not fit")

// RollUp adds every place's row of figures into its parent's, so that in the end each row is the sum
// over its subtree. figures holds a row of width whole numbers for each node, one after the other.
//
// It goes through the rows from front to back without skipping one, as memory likes to be read
// (backwards it took four times as long): the sum of each place that is still open is kept aside and
// put into its row when its subtree has been passed.
func (t *Tree) RollUp(figures []int64, width int) error {
	if width < 0 || len(figures) != width*len(t.ids) {
		return fmt.Errorf("tree: %d figures are not %d rows of %d", len(figures), len(t.ids), width)
	}
	r := rolling{figures: figures, width: width}
	for n := range Node(len(t.ids)) {
		for len(r.open) > 0 && t.ends[r.open[len(r.open)-1]] <= n {
			r.close()
		}
		row := figures[int(n)*width : (int(n)+1)*width]
		switch {
		case t.ends[n] > n+1:
			r.open = append(r.open, n)
			r.sums = append(r.sums, row...)
		case len(r.open) > 0:
			r.overflow |= addRow(r.sums[len(r.sums)-width:], row)
		}
	}
	for len(r.open) > 0 {
		r.close()
	}
	if r.overflow < 0 {
		return ErrOverflow
	}
	return nil
}

// rolling keeps the sums of the places whose subtrees are being passed, the innermost last.
type rolling struct {
	figures  []int64
	width    int
	open     []Node
	sums     []int64 // a row for each
	overflow int64
}

// close puts the innermost sum into its row and adds it to the one around it.
func (r *rolling) close() {
	last := len(r.open) - 1
	sum := r.sums[last*r.width:]
	copy(r.figures[int(r.open[last])*r.width:], sum)
	if last > 0 {
		r.overflow |= addRow(r.sums[(last-1)*r.width:last*r.width], sum)
	}
	r.open, r.sums = r.open[:last], r.sums[:last*r.width]
}

// addRow adds b into a, which is as long; the answer is negative if any sum did not fit.
func addRow(a, b []int64) (overflow int64) {
	a = a[:len(b)]
	for i, v := range b {
		sum := a[i] + v
		overflow |= (a[i] ^ sum) & (v ^ sum)
		a[i] = sum
	}
	return overflow
}
