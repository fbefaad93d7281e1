WITH insider AS ({insiders}),
	matched AS (
		SELECT l.id AS line, max(i.office) AS office, min(CASE WHEN i.relative THEN 1 ELSE 0 END) AS relative
		FROM insider i CROSS JOIN bank_line_party p CROSS JOIN bank_line l CROSS JOIN bank_account a
		WHERE p.home = {home} AND p.find = i.name_find AND l.id = p.line AND a.home = {home} AND a.id = l.account
			AND a.organisation = i.organisation AND i.since <= l.day AND i.until > l.day
			AND l.home = {home} AND l.day > {today-12m} AND l.day <= {today}
			AND NOT EXISTS (SELECT 1 FROM bank_withdrawal w WHERE w.home = {home} AND w.statement = l.statement)
		GROUP BY l.id
	)
	SELECT {home} AS home, a.organisation, a.place,
		CAST(a.id AS TEXT) || '/' || CAST(l.id AS TEXT) AS key, a.bank || ' ' || a.tail AS account, l.day,
		CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END AS received,
		CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END AS paid, m.relative = 1 AS relative, m.office
	FROM matched m CROSS JOIN bank_line l CROSS JOIN bank_account a
	WHERE l.home = {home} AND l.id = m.line AND a.home = {home} AND a.id = l.account
		AND {organisations a.organisation}
