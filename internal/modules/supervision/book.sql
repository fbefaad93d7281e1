-- Nothing is joined but by a key of a table, or with the few rows of the pack: what is derived is added up in
-- one stream, so that no plan of a database reads a county once for each book.
WITH line (chart, account, detail, figure, quantity, only_side, factor) AS (VALUES {table lines}),
	base AS (
		SELECT b.id AS book, b.organisation, b.place, b.chart, b.begins, b.closed, coalesce((SELECT max(o.year)
			FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
			CAST(substr(b.begins, 1, 4) AS BIGINT)) AS year
		FROM ledger_book b WHERE b.home = {home} AND b.ends > {today} AND b.closed <> ''
			AND {organisations b.organisation}
	), moved AS (
		SELECT base.book, base.chart, o.account, o.counterparty, o.amount FROM base CROSS JOIN ledger_opening o
		WHERE o.home = {home} AND o.book = base.book AND o.year = base.year
		UNION ALL
		SELECT base.book, base.chart, t.account, t.counterparty, t.debit - t.credit AS amount
		FROM base CROSS JOIN ledger_turnover t
		WHERE t.home = {home} AND t.book = base.book AND t.year >= base.year AND t.month <= base.closed
	), stood AS (
		SELECT book, chart, account, counterparty, CAST(sum(amount) AS BIGINT) AS amount FROM moved
		GROUP BY book, chart, account, counterparty
	), told AS (
		SELECT s.book, line.figure, CAST(line.factor AS BIGINT) * CASE line.only_side
			WHEN 'debit' THEN CASE WHEN s.amount > 0 THEN s.amount ELSE 0 END
			WHEN 'credit' THEN CASE WHEN s.amount < 0 THEN s.amount ELSE 0 END ELSE s.amount END AS amount,
			'' AS month
		FROM stood s CROSS JOIN line
		WHERE line.chart = s.chart AND line.account = s.account AND (line.detail = '*' OR line.detail = s.counterparty)
		UNION ALL
		SELECT base.book, 'wearing' AS figure, a.cost AS amount, '' AS month FROM base CROSS JOIN asset a
		WHERE a.home = {home} AND a.organisation = base.organisation AND a.state = 'live' AND a.method <> 'none'
			AND a.months > 0 AND a.base + a.salvage < a.cost AND length(a.in_use) = 10 AND a.in_use < {today-12m}
			AND CAST(substr(a.in_use, 1, 4) AS BIGINT) * 12 + CAST(substr(a.in_use, 6, 2) AS BIGINT) + a.months
				> CAST(substr({today}, 1, 4) AS BIGINT) * 12 + CAST(substr({today}, 6, 2) AS BIGINT)
		UNION ALL
		SELECT base.book, 'worn' AS figure, CAST(0 AS BIGINT) AS amount, t.month AS month
		FROM base CROSS JOIN line CROSS JOIN ledger_turnover t
		WHERE line.figure = 'accumulated' AND line.chart = base.chart AND t.home = {home} AND t.book = base.book
			AND t.year IN (CAST(substr({today-12m}, 1, 4) AS BIGINT), CAST(substr({today}, 1, 4) AS BIGINT))
			AND t.account = line.account AND NOT t.closing AND t.credit > 0
	), figures AS (
		SELECT book AS of_book, sum(CASE figure WHEN 'assets' THEN amount ELSE 0 END) AS assets,
			sum(CASE figure WHEN 'liabilities' THEN amount ELSE 0 END) AS liabilities,
			sum(CASE figure WHEN 'fixed_net' THEN amount ELSE 0 END) AS fixed_net,
			sum(CASE figure WHEN 'productive_net' THEN amount ELSE 0 END) AS productive_net,
			sum(CASE figure WHEN 'intangible_net' THEN amount ELSE 0 END) AS intangible_net,
			sum(CASE figure WHEN 'wearing' THEN 1 ELSE 0 END) AS wearing,
			sum(CASE figure WHEN 'wearing' THEN amount ELSE 0 END) AS wearing_cost, max(month) AS worn
		FROM (SELECT book, figure, amount, month FROM told
			UNION ALL SELECT book, '' AS figure, 0 AS amount, '' AS month FROM base) every_book GROUP BY book
	)
	SELECT {home} AS home, b.organisation, b.place, b.id AS key, b.chart, b.begins, b.closed || '-01' AS closed,
		f.assets, f.liabilities, f.fixed_net, f.productive_net, f.intangible_net, f.wearing, f.wearing_cost,
		CASE f.worn WHEN '' THEN '' ELSE f.worn || '-01' END AS worn
	FROM figures f CROSS JOIN ledger_book b WHERE b.home = {home} AND b.id = f.of_book
