WITH line (chart, account, detail, figure, quantity, only_side, factor) AS (VALUES {table lines}),
	base AS (
		SELECT b.id AS book, b.organisation, b.place, b.chart, b.begins, b.closed, coalesce((SELECT max(o.year)
			FROM ledger_opening o WHERE o.home = b.home AND o.book = b.id),
			CAST(substr(b.begins, 1, 4) AS BIGINT)) AS year
		FROM ledger_book b WHERE b.home = {home} AND b.ends > {today} AND b.closed <> ''
			AND {organisations b.organisation}
	), moved AS (
		SELECT o.book, o.account, o.counterparty, o.amount FROM base CROSS JOIN ledger_opening o
		WHERE o.home = {home} AND o.book = base.book AND o.year = base.year
		UNION ALL
		SELECT t.book, t.account, t.counterparty, t.debit - t.credit AS amount
		FROM base CROSS JOIN ledger_turnover t
		WHERE t.home = {home} AND t.book = base.book AND t.year >= base.year AND t.month <= base.closed
	), stood AS (
		SELECT book, account, counterparty, CAST(sum(amount) AS BIGINT) AS amount FROM moved
		GROUP BY book, account, counterparty
	), summed AS (
		SELECT base.book AS of_book, line.figure, CAST(sum(CAST(line.factor AS BIGINT) * CASE line.only_side
			WHEN 'debit' THEN CASE WHEN s.amount > 0 THEN s.amount ELSE 0 END
			WHEN 'credit' THEN CASE WHEN s.amount < 0 THEN s.amount ELSE 0 END ELSE s.amount END) AS BIGINT) AS amount
		FROM stood s JOIN base ON base.book = s.book
		JOIN line ON line.chart = base.chart AND line.account = s.account
			AND (line.detail = '*' OR line.detail = s.counterparty)
		GROUP BY base.book, line.figure
	), figures AS (
		SELECT of_book, sum(CASE figure WHEN 'assets' THEN amount ELSE 0 END) AS assets,
			sum(CASE figure WHEN 'liabilities' THEN amount ELSE 0 END) AS liabilities,
			sum(CASE figure WHEN 'fixed_net' THEN amount ELSE 0 END) AS fixed_net,
			sum(CASE figure WHEN 'productive_net' THEN amount ELSE 0 END) AS productive_net,
			sum(CASE figure WHEN 'intangible_net' THEN amount ELSE 0 END) AS intangible_net
		FROM (SELECT of_book, figure, amount FROM summed
			UNION ALL SELECT book AS of_book, '' AS figure, 0 AS amount FROM base) every_book GROUP BY of_book
	), wearing AS (
		SELECT a.organisation, count(*) AS cards, sum(a.cost) AS cost FROM base CROSS JOIN asset a
		WHERE a.home = {home} AND a.organisation = base.organisation AND a.state = 'live' AND a.method <> 'none' AND a.months > 0
			AND a.base + a.salvage < a.cost AND length(a.in_use) = 10 AND a.in_use < {today-12m}
			AND CAST(substr(a.in_use, 1, 4) AS BIGINT) * 12 + CAST(substr(a.in_use, 6, 2) AS BIGINT) + a.months
				> CAST(substr({today}, 1, 4) AS BIGINT) * 12 + CAST(substr({today}, 6, 2) AS BIGINT)
		GROUP BY a.organisation
	), worn AS (
		SELECT t.book AS of_book, max(t.month) AS month
		FROM base CROSS JOIN (SELECT chart, account FROM line WHERE figure = 'accumulated') l
		CROSS JOIN (SELECT CAST(substr({today-12m}, 1, 4) AS BIGINT) AS year
			UNION ALL SELECT CAST(substr({today}, 1, 4) AS BIGINT)) y
		CROSS JOIN ledger_turnover t -- in this order: a book's accounts by the key of the turnovers
		WHERE l.chart = base.chart AND t.home = {home} AND t.book = base.book AND t.year = y.year
			AND t.account = l.account AND NOT t.closing AND t.credit > 0
		GROUP BY t.book
	)
	SELECT {home} AS home, base.organisation, base.place, base.book AS key, base.chart, base.begins,
		base.closed || '-01' AS closed, coalesce(f.assets, 0) AS assets, coalesce(f.liabilities, 0) AS liabilities,
		coalesce(f.fixed_net, 0) AS fixed_net, coalesce(f.productive_net, 0) AS productive_net,
		coalesce(f.intangible_net, 0) AS intangible_net, coalesce(w.cards, 0) AS wearing,
		coalesce(w.cost, 0) AS wearing_cost,
		CASE WHEN worn.month IS NULL THEN '' ELSE worn.month || '-01' END AS worn
	FROM figures f JOIN base ON base.book = f.of_book
	LEFT JOIN wearing w ON w.organisation = base.organisation
	LEFT JOIN worn ON worn.of_book = base.book
