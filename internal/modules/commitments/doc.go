// Package commitments is the register of what a collective owes, lends and stands for, and of what it
// was promised: loans taken, money lent, guarantees given, and transfers announced by county finance.
//
// # Words
//
// A commitment is a loan (借款), a lending (出借资金) or a guarantee (对外担保). It stands until it is settled –
// a loan or lending by repayments that add up to its amount, a guarantee by its release – or withdrawn
// because it was entered by mistake. A transfer (转移支付) is one line of a document of county finance: an
// amount paid to one organisation on a day. It is booked once a voucher of the organisation is known
// that credits it to special payables or subsidy income.
//
// # Law
//
// Rural Collective Economic Organisations Law, Art. 26 (members decide on matters of consequence), 35
// (officers do not borrow from the organisation, pledge its property for others or borrow for local
// government) and 58 (a guarantee for others is void); wordings unverified. Whether a commitment keeps
// the law is not judged here: the subjects "loan", "lending", "guarantee" and "transfer" hand the facts
// to the rules of the pack (A16, A17, A22), and what breaks a rule is entered as it is, for a void
// guarantee has to be known before it can be released.
//
// # The books
//
// Nothing is posted here. A repayment may name the voucher that booked it; a transfer is matched with
// one. Which accounts count are roles of the chart (commitments.yaml of the pack), with the accounts
// below them. A voucher offers what it moved on these accounts, in the direction that fits, and never
// gives more than that. Every night open transfers are matched with vouchers of the same amount from
// the day of payment on (package pairing). A match or a repayment whose voucher was reversed is undone
// that night, with its line of history, for in the books the money never moved. People match by hand
// what no amount tells: two transfers in one voucher.
//
// # Related
//
// A borrower or debtor is related if entered as an officer or a near relative, or if the name is that
// of an officer in office on the day or of a declared relative of one (registry.AmongInsiders).
// Namesakes are told apart by whoever answers the finding. It is judged when the row is entered or
// amended, and not again when officers change.
//
// # Invariants
//
//  1. What is settled of a commitment is the sum of its repayments and never more than its amount; it
//     is settled, on the day of the last, exactly when nothing is outstanding. A guarantee has no
//     repayments.
//  2. A repayment or transfer that names a voucher names a posted one of a book of its own
//     organisation, on its day or later for transfers; what all of them take of a voucher is not more
//     than it moved on their accounts.
//  3. A transfer is booked exactly when it names a voucher, and is then dated by it.
//  4. A document announces one amount for one organisation, kind and project.
//  5. A withdrawn commitment or transfer changes no more and counts nowhere.
//  6. Every change is an event with its line of history; what is loaded in bulk shares the event of
//     its portion.
//  7. Published figures are the sums over the rows of the place.
//
// # Example
//
// A loan of 300,000.00 on 2025-03-01, of which 100,000.00 are repaid on 2025-12-01: 200,000.00 are
// outstanding. A transfer of 50,000.00 paid on 2025-06-01 is booked by voucher 记-7 of 2025-06-20; had
// there been none, rule A22 would hit from 2025-07-02 on, thirty days having passed.
package commitments
