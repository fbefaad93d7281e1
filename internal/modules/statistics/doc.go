// Package statistics keeps the published statistics of a city (统计数据): figures of yearbooks and
// bulletins by series, place and year, as the offices publish them. They are not made from what
// the program's other modules do – those figures are measures (package measure) – but taken in
// from files, or entered by hand.
//
// # Words
//
// A series (统计指标序列) is declared in the pack: statistics/*.yaml, list series; package series says how.
// A mapping (导入映射), list mappings, says how a file of somebody else's is read: which column is
// which series. A figure (统计数据值) is a series at a place in a year; a revision (修订) is one of its
// successive versions.
//
// # Why not measures
//
// A measure is declared by a module before the pack is read, and the roll-up adds its figures over
// the tree: a mean income must never be added, and a yearbook's figure of the city is not the sum
// of its counties. So the two are kept apart; whoever needs both reads both.
//
// # Invariants
//
//  1. Figures are whole numbers in units of 10^-Decimals of their series; a text with more places
//     is refused, never rounded.
//  2. A figure is never overwritten: another amount is the next revision and has a reason; the
//     last one counts. Revisions of a figure are numbered from 1 without gaps. The first has no reason.
//  3. The same file taken in again changes nothing.
//  4. A row belongs to a place only where that is certain: its code means it on the day that the
//     mapping names, or meant a place that still stands that day. What was abolished, divided or
//     merged is named with its successors and not taken: what a figure of the old place says of a
//     new one is nobody's to guess.
//  5. A break of a series is shown wherever the series is, and never smoothed over.
//  6. What comes out of a file is told for each row that was not taken, and each cell.
//  7. All figures are at home in the city: its office publishes them, also those of counties.
//
// # Law
//
// 中华人民共和国统计法 (2024 revision): published figures are the statistical office's; whoever uses them names
// the source. 统计用区划代码 changes every year: a file's codes are those of some edition, which the
// mapping states.
//
// # Example
//
// terrace statistics import chongqing_county_panel_2005_2017.csv --mapping chongqing-panel takes
// 18,463 figures of 37 districts. In 2014 its incomes change from the separate surveys to the
// unified one: growth has no figure there.
package statistics
