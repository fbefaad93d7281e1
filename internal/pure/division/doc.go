// Package division knows the levels of Chinese divisions and the layout of their statistical
// codes (统计用区划代码, twelve digits; groups fourteen).
//
// A code says less than it seems to. A parent is never derived from a prefix here: 5001 and 5002
// have no government behind them, 9000 marks counties administered by a province, and codes change
// branch when a county becomes a district. Type is read from the township and village digits only
// (GB/T 10114, NBS); a county's type is stored, for its digits lie (500119 and 500151–156 are
// districts).
//
// Vector:
//
//	500102103203 → level 5; province 50, prefecture 5001, county 500102, township 103 (town),
//	               village 203 (villagers' committee)
package division
