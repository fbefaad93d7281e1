// Package contracts keeps the contracts of collectives: who uses what of theirs, until when and for how
// much, what falls due under them, what was paid, and what is owed.
//
// # Law
//
// Civil Code, Art. 705 (a lease lasts twenty years at most; wording unverified), 721; Rural Land
// Contract Law, Art. 21 (thirty years for arable land, thirty to fifty for grass, thirty to seventy for
// forest) and 52 (land let to outsiders by other ways: two thirds of the members, and the township's
// approval); Rural Collective Economic Organisations Law, Art. 26 (members decide on letting of
// consequence). Whether a contract keeps these rules is not judged here: the subject "contract" hands
// the facts to the rules of the pack (A01–A11, A24), and a contract that breaks one is entered as it is.
//
// # The life of a contract
//
//	draft ──sign──▶ in_force ──its term passes──▶ expired_in_use ──return──▶ ended
//	                   │  └────return before or on the last day──────────────▶ ended
//	                   └──terminate──▶ terminated
//
// A new fee or an extension adds a phase to the schedule, an early end cuts the last (package schedule).
//
// # How a rent is booked
//
// On the day an instalment falls due a nightly run enters it (contract_due) and posts it through the
// ledger: debit the claim on the tenant – the account of members or that of others – and credit the
// income of the kind of contract. Which accounts these are the chart says (its roles) and the pack's
// list of kinds (contracts.yaml): no code of an account stands here. A day in a closed month is booked
// on the first day that is open. A payment is debited to cash or bank and credited to the claim, or
// matched to a posting that is in the books already; it settles the oldest instalment first. Ageing is
// derived. What was written off leaves the books and stays on a list as claimable. An instalment that
// fell due before the books began is part of their opening balances and is not posted again.
//
// Where the collective pays – a purchase, a construction – what falls due is credited to what it owes and
// debited to what it buys, and payments leave the bank; such contracts are in nobody's arrears. The price
// of a card of the register goes through the account of disposals. A deposit is owed to the other side until
// it goes back; one that is kept becomes other income, by a document.
//
// # Invariants
//
//  1. What has fallen due under a contract is what its schedule says (contract_due equals the plan up to
//     its last run, from the day claims are kept on).
//  2. The paid parts of the instalments are the receipts spread oldest first; paid and written off
//     never exceed what is due; what is paid beyond stays the payer's.
//  3. An instalment is posted once for each amount it has had (source contract/ID/NUMBER/…); a receipt is
//     one voucher, or one posting that settles nothing else.
//  4. A contract that ended or was terminated takes no further instalments, only payments.
//  5. Every change is an event with its line of history; contracts loaded in bulk share the event of
//     their portion.
//  6. No more of a deposit goes back or is kept than came in, and no more comes in than was agreed.
//  7. Yearly fee, total, unit price, years in advance and next due day on the row are what its terms
//     say.
//  8. What an ageing adds up (contract_unpaid) is what is open of the instalments.
//
// # Example
//
// A shop let for 12,000.00 a year from 2025-03-01: on that day 12,000.00 is debited to the claim. A
// payment of 5,000.00 on 2025-04-02 leaves 7,000.00; on 2026-01-05 they are 310 days old.
package contracts
