// Package count is the arithmetic of the annual inventory check (清产核资): a row's verified amount,
// gain and loss, the totals of an organisation's forms, their sums up the tree, the cross-checks a
// reviewer makes, and the sample a county re-counts.
//
// # Rules (农经发〔2017〕11号 and the plans made under it)
//
//   - The point of reference is 31 December; the count comes later. The verified amount is rolled
//     back (倒轧): verified = counted − increases + decreases between the two.
//   - gain − loss = verified − book in every row, and only one of them is above zero.
//   - A village's total is its own and that of its groups, each counted once.
//   - Assets whose title is not settled stay out of the totals, on a form of their own.
//
// # Invariants
//
//  1. Book, verified, gain and loss of any total satisfy the identity of a row: it survives addition.
//  2. Totals are vectors; adding them in any order gives the same, and an overflow is an error.
//  3. A sample depends only on the seed and the set drawn from: anybody can draw it again.
package count
