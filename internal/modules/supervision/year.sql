-- As in book.sql, what is derived is added up in one stream.
WITH line (chart, account, detail, figure, quantity, only_side, factor) AS (VALUES {table lines}),
	expense (chart, account, kind, word) AS (VALUES {table expenses}),
	base AS (
		SELECT b.id AS book, b.chart, b.begins, coalesce((SELECT max(o.year)
			FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
			CAST(substr(b.begins, 1, 4) AS BIGINT)) AS last_year
		FROM ledger_book b WHERE b.home = {home} AND b.ends > {today} AND {organisations b.organisation}
	), span AS (
		SELECT book, chart, last_year AS year FROM base
		UNION ALL
		SELECT book, chart, last_year - 1 AS year FROM base WHERE last_year > CAST(substr(begins, 1, 4) AS BIGINT)
	), moved AS (
		SELECT s.book, s.year, s.chart, o.account, o.counterparty, o.amount AS opening, CAST(0 AS BIGINT) AS net
		FROM span s CROSS JOIN ledger_opening o
		WHERE o.home = {home} AND o.book = s.book AND o.year = s.year
		UNION ALL
		SELECT s.book, s.year, s.chart, t.account, t.counterparty, CAST(0 AS BIGINT) AS opening,
			CAST(sum(t.debit - t.credit) AS BIGINT) AS net
		FROM span s CROSS JOIN ledger_turnover t
		WHERE t.home = {home} AND t.book = s.book AND t.year = s.year AND NOT t.closing
		GROUP BY s.book, s.year, s.chart, t.account, t.counterparty
	), named AS (
		SELECT s.book, s.year, s.chart, p.account, p.amount,
			v.summary || ' ' || p.note || ' ' || p.counterparty AS words
		FROM span s CROSS JOIN (SELECT DISTINCT chart, account FROM expense) k CROSS JOIN ledger_posting p
		CROSS JOIN ledger_voucher v
		WHERE k.chart = s.chart AND p.home = {home} AND p.book = s.book AND p.account = k.account
			AND p.date >= CAST(s.year AS TEXT) || '-01-01' AND p.date <= CAST(s.year AS TEXT) || '-12-31'
			AND v.home = {home} AND v.id = p.voucher AND NOT p.closing
	), spent AS (
		SELECT n.book, n.year, n.amount, coalesce((SELECT min(e.kind) FROM expense e
			WHERE e.chart = n.chart AND e.account = n.account
				AND (e.word = '' OR replace(n.words, e.word, '') <> n.words)), '') AS kind
		FROM named n
	), told AS (
		SELECT m.book, m.year, line.figure, CAST(line.factor AS BIGINT)
			* CASE line.quantity WHEN 'opening' THEN m.opening ELSE m.net END AS amount
		FROM moved m CROSS JOIN line
		WHERE line.chart = m.chart AND line.account = m.account
			AND (line.detail = '*' OR line.detail = m.counterparty)
		UNION ALL SELECT book, year, kind AS figure, amount FROM spent
		UNION ALL SELECT book, year, '' AS figure, 0 AS amount FROM span
	), figures AS (
		SELECT book AS of_book, year AS of_year, sum(CASE figure WHEN 'income' THEN amount ELSE 0 END) AS income,
			sum(CASE figure WHEN 'brought' THEN amount ELSE 0 END) AS brought,
			sum(CASE figure WHEN 'distributable' THEN amount ELSE 0 END) AS distributable,
			sum(CASE figure WHEN 'to_reserve' THEN amount ELSE 0 END) AS to_reserve,
			sum(CASE figure WHEN 'to_members' THEN amount ELSE 0 END) AS to_members,
			sum(CASE figure WHEN 'remaining' THEN amount ELSE 0 END) AS remaining,
			sum(CASE figure WHEN 'entertainment' THEN amount ELSE 0 END) AS entertainment,
			sum(CASE figure WHEN 'newspapers' THEN amount ELSE 0 END) AS newspapers
		FROM told GROUP BY book, year
	)
	SELECT {home} AS home, b.organisation, b.place,
		CAST(f.of_book AS TEXT) || '/' || CAST(f.of_year AS TEXT) AS key, b.chart, f.of_year AS year,
		b.year_closed >= f.of_year AS ended, f.income, f.brought, f.distributable, f.to_reserve, f.to_members,
		f.remaining, f.entertainment, f.newspapers
	FROM figures f CROSS JOIN ledger_book b WHERE b.home = {home} AND b.id = f.of_book
