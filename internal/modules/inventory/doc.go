// Package inventory is the annual inventory check of collective assets (清产核资): the first official
// job that runs through all levels.
//
// # The job
//
// The county opens a campaign with the day of reference and thereby a check for each of its
// organisations. The organisation's team (at least five) gives every row of its ledger a verdict,
// with photo and position for fixed assets and resources, on a phone, a page or a workbook. The
// result is on public notice; objections stop it. The members confirm it by a vote whose validity is
// computed. The township reviews it against cross-checks and may return it with reasons. The county
// approves it, after counting a random sample again. When all are approved the county's figures,
// the exact sums of its organisations, go to the city, which accepts and locks them.
//
// Basis: nine-ministry notice 农经发〔2017〕11号; MARA notices on the checks of 2018 and 2019; points of
// time and forms as domain notes say, with what is unverified marked in the pack.
//
// # Invariants
//
//  1. A campaign has one check for each organisation that was active when it opened; one that comes
//     later is added by the county.
//  2. Every row keeps gain − loss = verified − book, for the amount and for the area, with only one of
//     gain and loss above zero; the verified figures are computed from the count (package count).
//  3. A verdict fits what was found; a check cannot be submitted while a row lacks one, while photo or
//     position are missing where the form asks for them, or while its team has fewer than five.
//  4. A returned check is counted in a new round; rows keep what was counted until they are changed.
//  5. Rows change only while the case is at the counting step. What is approved changes no more; what
//     is locked is corrected by an adjustment in the following year.
//  6. Totals of an organisation are the sums of its rows; of a place, the sums of the approved checks
//     in it, each once. What is not approved is never in a sum.
//  7. The opening of a year is the verified amount of the year before plus adjustments.
//  8. The sample is drawn from a stored random seed after the campaign opened, and cannot be drawn
//     twice; a sampled check is approved only after it was counted again.
//  9. Rows whose title is not settled stand on a form of their own and in no total.
package inventory
