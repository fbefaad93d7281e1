// Package indicators has the indicator systems of the pack (指标体系): the table of indicators with what each
// means, who answers for it and where its figures are, and the schemes an index is computed by; it
// draws the figures of a scheme and has module evaluation keep the run.
//
// # Words
//
// An indicator (指标) has a key, P1 or I4, and either a series of published statistics, or measures of the
// program itself, or no figures yet. One that is drawn from measures (由本系统数据计算的指标) names a numerator,
// a denominator and what they are multiplied and divided by (package quotient), what is counted, basis and
// mark. A scheme (指标方案) is an index of some of them. A level scheme (水平类) has indicators of which more
// means richer, a gap scheme (差距类) those that compare town and country.
//
// # What is drawn from the program itself
//
// C4, collective operating income per village, and C5, the share of villages below 100,000 yuan, out of the
// annual statistics of the collective economy (form collective-economy of module reporting). The books
// alone are not asked: what they say may still change, and nobody but the accountant has looked at it.
// So the way of a yuan is: voucher, closed month, report, approval by the township, roll-up, acceptance by
// the city – and with that the index. Others of the table (land transferred, loans, public services) the
// program does not hold: no measure says what they ask, and they stay with statistics.
//
// # Invariants
//
//  1. The two families are never in one scheme: a pack that mixes them does not start.
//  2. A scheme is computed from the indicators whose figures are held; the others are named with
//     the run. None held: there is no run. One drawn from measures is held if any unit has a figure in the
//     years that are computed.
//  3. Years across a break of any series in use are refused; or they are parted into a run for
//     each side; or the scheme says in words how the break is to be read, and the run carries the
//     words. Nothing is smoothed.
//  4. Areas are the county units of one edition of the tree: that of the last year's end. A unit
//     without any figure is left out and counted. What measures say of a unit is the sum of what lay in it
//     in that edition.
//  5. The sheet of a run is the statistics as they stand: figures with the decimals of their
//     series; a missing one is an empty cell, which only the scheme's own rule may fill.
//  6. Only measures whose figures an authority has approved are drawn (measure.Definition, Approved), and
//     none that is a ratio: a pack that names another does not start.
//  7. A unit has a figure only if both measures have one by their own rule for what is missing: those of
//     accepted reports have none until all reports of the unit are accepted. A gap is never filled with what
//     has come.
//  8. Whole numbers go in and a decimal comes out, rounded once. The run keeps both parts beside the figure
//     with how many reports came of how many, in its scheme by which measures, scale, basis and mark, and in
//     its source how many units and reports, until which day, and the hash of all parts as their version.
//     What was computed is not computed again when measures change: that is another run.
//
// # Example
//
// terrace rating keep --pack chongqing_level --years 2014-2017 computes 37 districts; with
// 2013-2017 it makes two runs, for incomes change definition in 2014. Four villages of a district report
// 380,000 yuan of net operating income together, one of them 100,000 or more: C4 is 9.50 (10,000 yuan), C5 is
// 75 %.
package indicators
