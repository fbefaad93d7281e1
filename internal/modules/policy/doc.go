// Package policy follows the targets of a city (政策目标): an aim of a series at a place by a year, with the
// document that sets it; the required path, what is actual, where the trend leads, what it would
// take, and which county moves the city's income ratio. The arithmetic is that of rating/path.
//
// # Invariants
//
//  1. A target is pack data (targets/*.yaml, list targets); its baseline is the published figure
//     of the series in the year named. Without that figure, or with one of another definition, there
//     is no path, and the page says so.
//  2. Whatever is computed starts from the figures as the series shows them, with its decimals, so that
//     anybody can count it again from the page.
//  3. Forecasts use the figures since the last break of the series only, and say since when. Both
//     are shown by name: the simple trend and the damped one, each with its interval.
//  4. A light stands only where there is an actual figure, and only after the baseline: nothing is judged
//     by a forecast, and the baseline is on its path whatever it is. Green is not worse than required,
//     amber worse by at most 0.5 % of the required figure, red beyond.
//  5. Contributions of counties are computed from county figures between two years that no break of
//     any county's incomes or people parts. Those of a level add up to the ratio less 1, those of a change to
//     the change; the ratio that counties add up to is named beside the published one, for the
//     two differ.
//  6. What cannot be said is refused part by part, with the rule and what to do; the other parts stand.
//  7. Page, operation and command answer from one study.
//
// # Example
//
// From 2.507 in 2019 to 2.3 in 2027 the ratio must fall by 1.07 % a year; with urban growth of 5 %
// rural incomes must grow by 6.14 %.
package policy
