// Package indicators has the indicator systems of the pack (指标体系): the table of indicators with what each
// means, who answers for it and where its figures are, and the schemes an index is computed by; it
// draws the figures of a scheme and has module evaluation keep the run.
//
// # Words
//
// An indicator (指标) has a key, P1 or I4, and either a series of published statistics or no figures yet. A
// scheme (指标方案) is an index of some of them. A level scheme (水平类) has indicators of which more
// means richer, a gap scheme (差距类) those that compare town and country.
//
// # Invariants
//
//  1. The two families are never in one scheme: a pack that mixes them does not start.
//  2. A scheme is computed from the indicators whose figures are held; the others are named with
//     the run. None held: there is no run.
//  3. Years across a break of any series in use are refused; or they are parted into a run for
//     each side; or the scheme says in words how the break is to be read, and the run carries the
//     words. Nothing is smoothed.
//  4. Areas are the county units of one edition of the tree: that of the last year's end. A unit
//     without any figure is left out and counted.
//  5. The sheet of a run is the statistics as they stand: figures with the decimals of their
//     series; a missing one is an empty cell, which only the scheme's own rule may fill.
//
// # Example
//
// terrace rating keep --pack chongqing_level --years 2014-2017 computes 37 districts; with
// 2013-2017 it makes two runs, for incomes change definition in 2014.
package indicators
