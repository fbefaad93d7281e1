-- The newest opening balances and what moved since, added up in one stream as in book.sql.
WITH base AS (
	SELECT b.id AS book, coalesce((SELECT max(o.year)
		FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
		CAST(substr(b.begins, 1, 4) AS BIGINT)) AS year
	FROM ledger_book b WHERE b.home = {home} AND b.ends > {today}
		AND {organisations b.organisation}
), moved AS (
	SELECT o.book, o.account, o.amount AS amount, '' AS month FROM base CROSS JOIN ledger_opening o
	WHERE o.home = {home} AND o.book = base.book AND o.year = base.year
	UNION ALL
	SELECT t.book, t.account, t.debit - t.credit AS amount, t.month
	FROM base CROSS JOIN ledger_turnover t
	WHERE t.home = {home} AND t.book = base.book AND t.year >= base.year
), stood AS (
	SELECT book AS of_book, account, CAST(sum(amount) AS BIGINT) AS balance, max(month) AS last_month
	FROM moved GROUP BY book, account
)
SELECT {home} AS home, b.organisation, b.place,
	CAST(s.of_book AS TEXT) || '/' || s.account AS key, b.chart, s.account, s.balance,
	CASE s.last_month WHEN '' THEN '' ELSE s.last_month || '-01' END AS last_month,
	CASE b.closed WHEN '' THEN '' ELSE b.closed || '-01' END AS closed
FROM stood s CROSS JOIN ledger_book b WHERE b.home = {home} AND b.id = s.of_book
