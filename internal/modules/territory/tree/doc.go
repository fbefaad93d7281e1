// Package tree holds all places of one day as an immutable tree, numbered in pre-order over slices.
//
// # Invariants
//
//  1. Node n's subtree is the interval [n, End(n)): "is inside" is one comparison, and walking the
//     slices from front to back is walking the tree depth first, parents before children.
//  2. Siblings stand in the order of their codes; those without a code come after, in the order of
//     their ids. The same places always give the same numbers.
//  3. A place whose parent does not stand that day is a root. Nothing is left out: what hangs in a
//     circle makes Build fail and names the places.
//  4. Home is the county-level ancestor (or the place itself); 0 for what lies above a county. A
//     township directly under a prefecture city that has no counties is at home in that city.
//  5. RollUp adds every child's row into its parent's in one pass; sums are exact or the answer is
//     ErrOverflow.
//
// Example: province 1, county 2 in it, towns 3 and 4 in the county. Nodes 0 1 2 3, ends 4 4 3 4;
// rows 0 0 5 7 roll up to 12 12 5 7.
package tree
