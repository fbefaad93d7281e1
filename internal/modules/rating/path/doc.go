// Package path follows a target: the figure required each year on the way from a baseline to an aim,
// whether the actual one is on it, where the trend leads, what it would take, and which county moves the
// city's urban-rural income ratio (城乡收入比).
//
// # Definitions
//
//   - Growth a year (年均增速): (last/first)^(1/years) − 1, over whole years between two figures of one
//     definition.
//   - Path: geometric R_t = R0·k^t with k = (aim/baseline)^(1/years), or linear. With urban growth g_u
//     the rural growth needed is (1+g_u)/k − 1.
//   - Light (红黄绿灯): green where the actual figure is not worse than required, amber where it is worse by
//     at most the margin (0.5 % of the required figure unless stated), red beyond.
//   - Trend: least squares of ln y on the year; interval of a single future figure by Student's t with n−2.
//   - Damped: exponential smoothing of ln y with damped trend, ETS(A,Ad,N) (Gardner, McKenzie 1985;
//     Hyndman and others 2008); φ given (0.9), α and β by least one-step errors on a grid of .05, first
//     level and trend by least squares over the first half. Variance σ²(1 + Σ_{j<h} (α + β·φ_j)²), φ_j =
//     φ + … + φ^j; σ² and Student's t have n−4 degrees of freedom, for four things are fitted. Intervals
//     say how far figures stray from what was fitted, not that the way of things may change. Both
//     forecasts are medians (exponentials of the mean of the logarithm); both are
//     always stated by name.
//   - Level: R − 1 = Σ_c r_c·y_c^r/Y_r·(R_c − 1) + Σ_c (u_c − r_c)(y_c^u − Y_u)/Y_r, u and r the county's
//     shares of the city's urban and rural people, y incomes a head, Y the city's, R_c the county's own
//     ratio. The first sum is the counties' own gaps, the second that townspeople live in richer counties
//     than villagers do.
//   - Change: logarithmic mean Divisia (LMDI, Ang 2004). With L(a,b) = (a−b)/ln(a/b) and v_c = u_c·y_c^u,
//     a county's urban income moves R by L(R1,R0)·L(v_c1,v_c0)/L(V1,V0)·ln(y_c1/y_c0), its share of
//     townspeople likewise by ln(u_c1/u_c0); rural the same with the other sign. All effects add up to R1
//     − R0.
//
// # Caution
//
// The survey of households was unified from the end of 2012; in the published series of counties and
// provinces the figures of 2013 are still of the former surveys, so that those from 2014 on are another
// series. A Series names its breaks, and forecasts use the figures since the last one only, and say since
// when.
//
// # Invariants
//
//  1. A path starts at its baseline and ends at its aim; geometric paths need both above 0.
//  2. Light gets no better when the actual figure gets worse.
//  3. Parts of a level add up to R − 1 and effects of a change to R1 − R0, within rounding.
//  4. A county without townspeople (or villagers) in one period: the whole effect of that side is one of
//     people.
//  5. Forecast intervals widen with the distance, and hold the median.
//  6. Other units of income, and of people, change no ratio, light or effect.
//
// # Example
//
// From 2.36 to 2.30 in 4 years the ratio must fall by .6417 % a year; with urban growth of 4.5 % rural
// incomes must grow by 5.1750 %.
package path
