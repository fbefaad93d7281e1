WITH line (chart, account, detail, figure, quantity, only_side, factor) AS (VALUES {table lines}),
	expense (chart, account, kind, word) AS (VALUES {table expenses}),
	base AS (
		SELECT b.id AS book, b.organisation, b.place, b.chart, b.begins, b.year_closed, coalesce((SELECT max(o.year)
			FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
			CAST(substr(b.begins, 1, 4) AS BIGINT)) AS last_year
		FROM ledger_book b WHERE b.home = {home} AND b.ends > {today} AND {organisations b.organisation}
	), span AS (
		SELECT base.*, last_year AS year FROM base
		UNION ALL
		SELECT base.*, last_year - 1 AS year FROM base
		WHERE last_year > CAST(substr(begins, 1, 4) AS BIGINT)
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
	), summed AS (
		SELECT m.book AS of_book, m.year AS of_year, line.figure, CAST(sum(CAST(line.factor AS BIGINT)
			* CASE line.quantity WHEN 'opening' THEN m.opening ELSE m.net END) AS BIGINT) AS amount
		FROM moved m JOIN line ON line.chart = m.chart AND line.account = m.account
			AND (line.detail = '*' OR line.detail = m.counterparty)
		GROUP BY m.book, m.year, line.figure
	), figures AS (
		SELECT of_book, of_year, sum(CASE figure WHEN 'income' THEN amount ELSE 0 END) AS income,
			sum(CASE figure WHEN 'brought' THEN amount ELSE 0 END) AS brought,
			sum(CASE figure WHEN 'distributable' THEN amount ELSE 0 END) AS distributable,
			sum(CASE figure WHEN 'to_reserve' THEN amount ELSE 0 END) AS to_reserve,
			sum(CASE figure WHEN 'to_members' THEN amount ELSE 0 END) AS to_members,
			sum(CASE figure WHEN 'remaining' THEN amount ELSE 0 END) AS remaining
		FROM summed GROUP BY of_book, of_year
	), named AS (
		SELECT s.book, s.year, s.chart, p.account, p.amount,
			v.summary || ' ' || p.note || ' ' || p.counterparty AS words
		FROM span s CROSS JOIN (SELECT DISTINCT chart, account FROM expense) k CROSS JOIN ledger_posting p
		CROSS JOIN ledger_voucher v -- in this order: a book's postings by their index
		WHERE k.chart = s.chart AND p.home = {home} AND p.book = s.book AND p.account = k.account
			AND p.date >= CAST(s.year AS TEXT) || '-01-01' AND p.date <= CAST(s.year AS TEXT) || '-12-31'
			AND v.home = {home} AND v.id = p.voucher AND NOT p.closing
	), told AS (
		SELECT n.book AS of_book, n.year AS of_year, n.amount,
			EXISTS (SELECT 1 FROM expense e WHERE e.chart = n.chart AND e.account = n.account
				AND e.kind = 'entertainment' AND (e.word = '' OR replace(n.words, e.word, '') <> n.words)) AS entertaining,
			EXISTS (SELECT 1 FROM expense e WHERE e.chart = n.chart AND e.account = n.account
				AND e.kind = 'newspapers' AND (e.word = '' OR replace(n.words, e.word, '') <> n.words)) AS reading
		FROM named n
	), spent AS (
		SELECT of_book, of_year, sum(CASE WHEN entertaining THEN amount ELSE 0 END) AS entertainment,
			sum(CASE WHEN reading AND NOT entertaining THEN amount ELSE 0 END) AS newspapers
		FROM told GROUP BY of_book, of_year
	)
	SELECT {home} AS home, s.organisation, s.place, CAST(s.book AS TEXT) || '/' || CAST(s.year AS TEXT) AS key,
		s.chart, s.year, s.year_closed >= s.year AS ended, coalesce(f.income, 0) AS income,
		coalesce(f.brought, 0) AS brought, coalesce(f.distributable, 0) AS distributable,
		coalesce(f.to_reserve, 0) AS to_reserve, coalesce(f.to_members, 0) AS to_members,
		coalesce(f.remaining, 0) AS remaining, coalesce(x.entertainment, 0) AS entertainment,
		coalesce(x.newspapers, 0) AS newspapers
	FROM span s LEFT JOIN figures f ON f.of_book = s.book AND f.of_year = s.year
	LEFT JOIN spent x ON x.of_book = s.book AND x.of_year = s.year
