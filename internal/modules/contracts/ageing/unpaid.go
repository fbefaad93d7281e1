package ageing

import (
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Unpaid is an instalment of which something is owed: derived, so that the ageing of a city adds up what is
// open and walks past nothing that was settled.
type Unpaid struct {
	Home     int64       `db:"home"`
	Contract int64       `db:"contract,key"`
	Number   int64       `db:"number,key"`
	Paying   bool        `db:"paying"` // the collective pays under the contract
	Day      period.Date `db:"day"`
	Owed     money.Fen   `db:"owed"` // above zero
}

// Statements that write what is unpaid of the contracts of a home from a number up to another anew: both
// take the home and the two numbers.
const (
	Forget = `DELETE FROM contract_unpaid WHERE home = ? AND contract >= ? AND contract <= ?`
	Write  = `INSERT INTO contract_unpaid (home, contract, number, paying, day, owed)
		SELECT d.home, d.contract, d.number, EXISTS (SELECT 1 FROM contract_paying p
			WHERE p.home = d.home AND p.contract = d.contract), d.day, d.amount - d.paid - d.written
		FROM contract_due d WHERE d.home = ? AND d.contract >= ? AND d.contract <= ?
			AND d.paid + d.written < d.amount`
)

// Strays finds the contracts (home, contract, amount by which they differ) whose unpaid rows are not what
// their instalments say.
const Strays = `SELECT home, contract, CAST(sum(owed) AS BIGINT) AS amount FROM (
		SELECT home, contract, number, day, CASE WHEN paying THEN 1 ELSE 0 END AS pays, owed
		FROM contract_unpaid
		UNION ALL
		SELECT d.home, d.contract, d.number, d.day, CASE WHEN p.contract IS NULL THEN 0 ELSE 1 END,
			d.paid + d.written - d.amount
		FROM contract_due d LEFT JOIN contract_paying p ON p.home = d.home AND p.contract = d.contract
		WHERE d.paid + d.written < d.amount) both_sides
	GROUP BY home, contract, number, day, pays HAVING count(*) <> 2 OR sum(owed) <> 0
	ORDER BY home, contract LIMIT 100`

// Statements of what verify compares with a contract: the sums of its payments and of what was given up.
const (
	Received = `SELECT home, contract, CAST(sum(amount) AS BIGINT) AS amount
		FROM contract_receipt GROUP BY home, contract`
	Written = `SELECT home, contract, CAST(sum(amount) AS BIGINT) AS amount
		FROM contract_write_off GROUP BY home, contract`
)

// Sum is a row of Received, Written and Strays.
type Sum struct {
	Home     int64     `db:"home"`
	Contract int64     `db:"contract"`
	Amount   money.Fen `db:"amount"`
}
