// Package relation holds what is said about several systems of one area: coupling and coordination (耦合协调) of
// town and countryside, obstacle degrees (障碍度) of indicators, and the contrasts of a dual economy (二元对比系数,
// 二元反差指数).
//
// # Coupling and coordination
//
// For n subsystems U in [0,1], with shares α that sum to 1:
//
//	C = n·(ΠU)^(1/n) ÷ ΣU   coupling: geometric mean ÷ arithmetic mean, 0 to 1
//	T = Σ α U               level of both together
//	D = √(C·T)              coordination
//
// Power takes another exponent: C = [ΠU ÷ (ΣU/n)^n]^k, which is the same for k = 1/n. Wang is the
// modified form of Wang Shujia, Kong Wei, Ren Liang and others (Journal of Natural Resources 36(3):793,
// 2021):
//
//	C = √{ [1 − Σ_{i>j}|U_i−U_j| ÷ (n(n−1)/2)] · (Π (U_i ÷ max U))^(1/(n−1)) }
//
// Published mistakes that this package does not make: the n forgotten, no root taken, weights inside C,
// systems outside [0,1]. C is high when all systems are equally poor, so an answer always has T and D
// beside it. Forms are never mixed in one series.
//
// # Invariants
//
//  1. A system outside [0,1] or missing is refused with system and area. C, T and D lie in [0,1].
//  2. C is 1 when all systems are equal and not 0. One system of 0 makes C and D 0.
//  3. All systems 0: C and D are 0, or missing where the choice says so (ZeroMissing); T is 0.
//  4. The order of systems does not matter (with their weights). Power with k = 1/n is Geometric.
//  5. Levels 1 to 10 are half-open tenths of D, the last one closed: D = .5 is level 6.
//  6. Obstacle degrees of an area sum to 1, or are all 0 where every indicator is at its best; a missing
//     indicator has no degree and the rest share the whole.
//
// # Example
//
//	r, _ := relation.Couple([]float64{.6, .4}, relation.Choice{})
//	r.Coupling, r.Level, r.Coordination // .979796 .5 .699927
package relation
