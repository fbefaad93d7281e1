// Package assets keeps the cards of collective assets and resources: what a collective owns, where it
// is, who keeps it, on what title, how it is used, what it is worth, and everything that happened to
// it.
//
// # Law
//
// Rural Collective Economic Organisations Law, Art. 36: the kinds of collective property; land and
// natural resources cannot be divided among persons. Classes (assets.md section 1): operating assets
// earn and are quantified into income-right shares; non-operating ones serve the public; resources
// are registered by area. What state support, donations or projects formed keeps its origin after
// any transfer, so that it stays traceable.
//
// # Invariants
//
//  1. An asset belongs to exactly one organisation; the same parcel, certificate, or name at the same
//     position does not stand on two live cards in the city's books without a finding.
//  2. A card's class fits its category: land is a resource and has an area in 0.01 m², a fixed asset has
//     a cost in fen; shares and amounts are whole.
//  3. Accumulated depreciation is what package depreciation computes from the plan; it never exceeds
//     cost minus salvage. Net = cost − accumulated.
//  4. Splitting keeps cost, salvage, what was written off and area exactly; the parts name their
//     origin and the origin ends.
//  5. A disposed or transferred card stays readable and never changes again. A transfer ends the card
//     here and begins one there with the same history, origin and depreciation.
//  6. An asset whose title is in dispute (待界定) carries the mark until a document settles it, and
//     stays out of every total.
//  7. Every change is an event, and the card shows all of them. Cards taken over with Load have the
//     event of their portion in common; their history begins with their first change.
//
// # Totals
//
// A card has a profile: a hash of everything lists filter by. Table asset_total counts and adds up the
// cards of each profile in each home, in the transaction that changes a card; it can be made again from
// the cards at any time (check assets.check_totals). It answers counts and sums of whole counties and
// of the city exactly, and tells a list whether to go through the cards in order or to fetch the few
// that fit by their profiles. Townships and villages are small enough to be asked card by card.
//
// A text may stand on any card. In whole counties it is looked for in a bounded number of cards for a
// page; the page says that there are more and where it goes on (Found.Part).
//
// # Example
//
// A pump of 1,000.00 yuan, acquired on 2025-03-31: the pack gives a machine ten years and a salvage of
// 5 %. Nine months are written off at the end of 2025, 71.25; the card's net is 928.75. Split on
// 2026-01-04 in the proportion 1 : 2 it ends, and parts of 333.34 and 666.66 begin.
package assets
