WITH role (chart, account, detail, does) AS (VALUES {table roles}),
	touched AS (
		SELECT p.voucher AS of_voucher, p.book AS of_book, r.does, p.amount, p.asset, p.member, p.fund
		FROM ledger_book b CROSS JOIN role r CROSS JOIN ledger_posting p -- in this order: a book's postings by their index
		WHERE b.home = {home} AND b.ends > {today} AND {organisations b.organisation} AND r.chart = b.chart
			AND p.home = {home} AND p.book = b.id
			AND p.account = r.account AND p.date > {today-12m} AND p.date <= {today}
			AND (r.detail = '*' OR r.detail = p.counterparty) AND NOT p.closing AND NOT p.red
	), summed AS (
		SELECT of_voucher, of_book,
			sum(CASE WHEN does = 'earmarked' AND amount > 0 THEN amount ELSE 0 END) AS earmarked,
			sum(CASE WHEN does = 'subsidy' AND amount > 0 THEN amount ELSE 0 END) AS subsidy,
			sum(CASE WHEN amount < 0 AND (does = 'household' OR does = 'payable' AND member <> '')
				THEN -amount ELSE 0 END) AS credited,
			sum(CASE WHEN does = 'distributed' AND amount > 0 THEN amount ELSE 0 END) AS distributed,
			sum(CASE WHEN does = 'tangible' AND amount > 0 AND asset = '' THEN amount ELSE 0 END) AS uncarded,
			max(fund) AS fund
		FROM touched GROUP BY of_voucher, of_book
	)
	SELECT {home} AS home, b.organisation, b.place, v.id AS key, b.chart, v.date, v.summary, v.total,
		s.earmarked, s.subsidy, s.credited, s.distributed, s.uncarded, s.fund
	FROM summed s CROSS JOIN ledger_voucher v CROSS JOIN ledger_book b -- in this order: by their keys
	WHERE v.home = {home} AND v.id = s.of_voucher AND b.home = {home} AND b.id = s.of_book
		AND (s.earmarked > 0 OR s.subsidy > 0 OR s.distributed > 0 OR s.uncarded > 0)
		AND v.reverses = 0 AND v.reversed_by = 0 AND {organisations b.organisation}
