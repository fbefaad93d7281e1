// Package policy follows the targets of a city (政策目标): an aim of a series at a place by a year, with the
// document that sets it; the required path, what is actual, where the trend leads, what it would
// take, and which county moves the city's income ratio. The arithmetic is that of rating/path.
//
// # Invariants
//
//  1. A target is pack data (targets/*.yaml, list targets); its baseline is the published figure
//     of the series in the year named. Without that figure there is no path, and the page says so.
//  2. Forecasts use the figures since the last break of the series only, and say since when. Both
//     are shown by name: the simple trend and the damped one, each with its interval.
//  3. A light stands only where there is an actual figure: nothing is judged by a forecast.
//  4. Contributions of counties are computed from county figures within one definition; the city's
//     ratio that they add up to is named beside the published one, for the two differ.
//
// # Example
//
// From 2.507 in 2019 to 2.3 in 2027 the ratio must fall by 1.07 % a year; with urban growth of 5 %
// rural incomes must grow by 6.14 %.
package policy
