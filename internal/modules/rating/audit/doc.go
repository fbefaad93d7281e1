// Package audit asks how much of a ranking is the data and how much the choices of those who made the
// index: it builds the index again under drawn choices, and says how far ranks move and which choice
// moves them.
//
// # Words
//
// An input (不确定因素) is a choice that could have been made otherwise: a limit of treatment, a
// normalisation, a set of weights, an aggregation, noise on the data. A draw gives every input one or more
// numbers from 0 up to 1; a run is the index built under one draw. Uncertainty (不确定性分析) is how the ranks of
// areas spread over runs; sensitivity (敏感性分析) is which share of the spread each input causes.
//
// # Methods
//
//   - Draws come from a Sobol' sequence with a digital shift by the seed, so that runs cover the choices
//     evenly and the same seed gives the same runs.
//   - Sensitivity is the design of Saltelli et al. (2010) over matrices A and B: N·(d+2) runs. With y the
//     mean shift of ranks from the nominal ones, and V its variance (n−1) over A and B:
//     first order S_i = mean(y_B·(y_ABi − y_A))/V, total order ST_i = Σ(y_A − y_ABi)²/(2N·V) (Jansen 1999).
//     Bounds are 5 and 95 per cent of a bootstrap over the rows.
//   - An input of several numbers (noise on every weight) is exchanged as a whole.
//   - In a panel the areas of a time rank among themselves (Model.Parts): the index is built once a run for
//     all times, and every time has spreads and influences of its own.
//
// # Invariants
//
//  1. The answer depends on model, seed and number of runs alone: not on the number of processors, nor on
//     which of them made which run.
//  2. A run that is refused is not silently left out: the first one, in the order of runs, ends the audit
//     with its number, unless the caller allows a share of failures; then it is counted and listed.
//  3. Stopping early is decided at fixed numbers of runs, so that it too depends on nothing else.
//  4. The answer of a part is that of the model asked for the part's areas alone (Model.Only).
//  5. An input that changes nothing has first and total order 0; an additive model has total equal to first
//     order, both adding up to 1, up to the error of the estimate.
//
// # Sources
//
// Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola 2010 (Computer Physics Communications 181);
// Jansen 1999; Sobol' 1967; Bratley and Fox 1988; Joe and Kuo 2008; OECD/JRC handbook 2008, steps 7 and 8.
//
// # Example
//
//	model := audit.Model{Areas: 3, Inputs: []audit.Input{{Name: "weights", Numbers: 1}}, Worker: …}
//	u, err := audit.Uncertainty(model, nominal, audit.Options{Seed: 1, Runs: 1000})
//	u.Areas[0].Low // the rank of the first area is at least this in 95 of 100 runs
package audit
