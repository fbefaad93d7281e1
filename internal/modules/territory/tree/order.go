package tree

import "slices"

// Node is the number of a place in a tree: its position in pre-order.
type Node int32

// None is no node: the parent of a root.
const None Node = -1

// Order numbers a forest in pre-order. parents[i] is the index of i's parent or None. Siblings are
// sorted by less, which may be nil: then they keep their order. It returns the indexes in pre-order;
// what hangs in a circle is missing from them.
func Order(parents []Node, less func(a, b Node) int) []Node {
	n := len(parents)
	begin := make([]int32, n+2) // children of i: flat[begin[i+1]:begin[i+2]]; of None: flat[0:begin[1]]
	for _, p := range parents {
		begin[p+1]++
	}
	sum := int32(0)
	for i, count := range begin {
		begin[i] = sum
		sum += count
	}
	flat := make([]Node, n)
	fill := slices.Clone(begin)
	for i, p := range parents {
		flat[fill[p+1]] = Node(i)
		fill[p+1]++
	}
	if less != nil {
		for i := range n + 1 {
			if group := flat[begin[i]:begin[i+1]]; len(group) > 1 && !slices.IsSortedFunc(group, less) {
				slices.SortFunc(group, less)
			}
		}
	}
	order := make([]Node, 0, n)
	stack := make([]Node, 0, 64)
	push := func(i Node) {
		for at := begin[i+2] - 1; at >= begin[i+1]; at-- {
			stack = append(stack, flat[at])
		}
	}
	push(None)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, i)
		push(i)
	}
	return order
}

// Circles are the indexes that no root leads to.
func Circles(parents []Node, order []Node) []Node {
	if len(order) == len(parents) {
		return nil
	}
	reached := make([]bool, len(parents))
	for _, i := range order {
		reached[i] = true
	}
	var lost []Node
	for i, ok := range reached {
		if !ok {
			lost = append(lost, Node(i))
		}
	}
	return lost
}
