-- The counterparty stands on whichever line of the voucher has it. A book's vouchers are read by their months, so
-- that years long past cost nothing.
WITH insider (organisation, name, office, relative, since, until) AS (VALUES {table insiders}),
lines AS (
	SELECT p.voucher, p.line, p.book, p.account, p.date, p.amount, p.red, p.note, p.closing,
		max(p.counterparty) OVER (PARTITION BY p.voucher) AS payee,
		{day} AS day
	FROM ledger_book b CROSS JOIN ledger_voucher v CROSS JOIN ledger_posting p
	WHERE b.home = {home} AND {organisations b.organisation} AND v.home = {home} AND v.book = b.id
		AND v.number > 0 AND v.month >= substr({today-3m}, 1, 7)
		AND p.home = {home} AND p.voucher = v.id AND p.date > {today-3m} AND p.date <= {today}
), paid AS (
	SELECT l.voucher, l.line, l.book, l.account, l.date, -l.amount AS amount, l.note, l.payee,
		sum(-l.amount) OVER near AS total, count(*) OVER near AS number,
		max(-l.amount) OVER near AS largest
	FROM lines l WHERE l.amount < 0 AND NOT l.red AND NOT l.closing
	WINDOW near AS (PARTITION BY l.book, l.account, l.payee ORDER BY l.day
		RANGE BETWEEN 30 PRECEDING AND CURRENT ROW)
), named AS (
	SELECT p.voucher AS of_voucher, p.line AS of_line, max(i.office) AS office
	FROM insider i CROSS JOIN paid p CROSS JOIN ledger_book b
	WHERE i.name <> '' AND p.payee = i.name AND b.home = {home} AND b.id = p.book
		AND i.organisation = CAST(b.organisation AS TEXT) AND i.since <= p.date
		AND i.until > p.date
	GROUP BY p.voucher, p.line
)
SELECT {home} AS home, b.organisation, b.place,
	CAST(p.voucher AS TEXT) || '/' || CAST(p.line AS TEXT) AS key,
	b.chart, p.account, p.date, p.payee, p.note, p.amount,
	CASE p.payee WHEN '' THEN p.amount ELSE p.total END AS payee_total,
	CASE p.payee WHEN '' THEN p.amount ELSE p.largest END AS payee_largest,
	CASE p.payee WHEN '' THEN 1 ELSE p.number END AS payee_count,
	n.office IS NOT NULL AS insider, coalesce(n.office, '') AS office
FROM paid p JOIN ledger_book b ON b.home = {home} AND b.id = p.book
LEFT JOIN named n ON n.of_voucher = p.voucher AND n.of_line = p.line
WHERE {organisations b.organisation}
