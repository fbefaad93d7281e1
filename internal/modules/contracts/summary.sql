SELECT
		coalesce(CAST(sum(CASE WHEN c.state = 'in_force' THEN 1 ELSE 0 END) AS BIGINT), 0) AS running,
		coalesce(CAST(sum(CASE WHEN c.state = 'expired_in_use' THEN 1 ELSE 0 END) AS BIGINT), 0) AS expired,
		coalesce(CAST(sum(CASE WHEN c.state = 'in_force' THEN c.yearly ELSE 0 END) AS BIGINT), 0) AS yearly,
		coalesce(CAST(sum(CASE WHEN c.next_due <= ? THEN 1 ELSE 0 END) AS BIGINT), 0) AS upcoming,
		(SELECT coalesce(CAST(sum(d.amount - d.paid - d.written) AS BIGINT), 0) FROM contract_due d
			WHERE d.home = ? AND d.organisation = ? AND d.day < ? AND d.paid + d.written < d.amount
			AND NOT EXISTS (SELECT 1 FROM contract_paying p WHERE p.home = d.home AND p.contract = d.contract)) AS overdue,
		(SELECT count(DISTINCT d.contract) FROM contract_due d
			WHERE d.home = ? AND d.organisation = ? AND d.day < ? AND d.paid + d.written < d.amount
			AND NOT EXISTS (SELECT 1 FROM contract_paying p WHERE p.home = d.home AND p.contract = d.contract)) AS debtors
		FROM contract c WHERE c.home = ? AND c.organisation = ?
