WITH insider (organisation, name, office, relative, since, until) AS (VALUES {table insiders}),
	named AS (
		SELECT c.id AS contract FROM contract c JOIN insider i ON i.organisation = CAST(c.organisation AS TEXT)
			AND i.name = c.party AND i.until > c.begins AND i.since <= c.ends
		WHERE c.home = {home} AND {organisations c.organisation} GROUP BY c.id
	), household AS (
		SELECT o.contract AS contract, min(h.ends) AS ends FROM contract c
		JOIN contract_object o ON o.home = c.home AND o.contract = c.id
		JOIN contract_object p ON p.home = o.home AND p.object = o.object AND p.contract <> o.contract AND p.live
		JOIN contract h ON h.home = p.home AND h.id = p.contract AND h.kind = 'household_land'
			AND h.state IN ('in_force', 'expired_in_use')
		WHERE c.home = {home} AND {organisations c.organisation} AND o.home = {home} AND p.home = {home}
			AND h.home = {home} AND o.live GROUP BY o.contract
	), priced AS (
		SELECT price_class, unit_price, row_number() OVER (PARTITION BY price_class ORDER BY unit_price) AS place,
			count(*) OVER (PARTITION BY price_class) AS peers
		FROM contract WHERE home = {home} AND signed >= {today-24m} AND unit_price > 0 AND price_class <> ''
	), median AS (
		SELECT price_class, unit_price, peers FROM priced WHERE place = (peers + 1) / 2
	), owed AS (
		SELECT contract, CAST(sum(amount - paid - written) AS BIGINT) AS overdue, min(day) AS since
		FROM contract_due d WHERE home = {home} AND {organisations organisation} AND day < {today} AND paid + written < amount
			AND NOT EXISTS (SELECT 1 FROM contract_paying p WHERE p.home = {home} AND p.contract = d.contract)
		GROUP BY contract
	), twice AS (
		SELECT a.contract AS contract, count(*) AS others FROM contract c
		JOIN contract_object a ON a.home = c.home AND a.contract = c.id
		JOIN contract_object b ON b.home = a.home AND b.object = a.object AND b.contract <> a.contract
			AND b.begins <= a.ends AND b.ends >= a.begins AND a.share + b.share > 10000
		WHERE c.home = {home} AND {organisations c.organisation} AND a.home = {home} AND b.home = {home} AND a.live AND b.live GROUP BY a.contract
	)
	SELECT c.home AS home, c.organisation AS organisation, c.place AS place, c.id AS key, c.number AS number,
		c.name AS name, c.kind AS kind, c.party AS party, c.party_kind AS party_kind, c.related AS related,
		n.contract IS NOT NULL AS insider,
		c.state AS state, c.begins AS begins, c.ends AS ends, c.signed AS signed, c.area AS area,
		c.price_class AS price_class, c.unit_price AS unit_price,
		coalesce(m.unit_price, 0) AS median_price, coalesce(m.peers, 0) AS peers, c.yearly AS yearly,
		c.total AS total, c.prepaid AS prepaid, coalesce(o.overdue, 0) AS overdue,
		coalesce(o.since, '') AS overdue_since, c.manner AS manner, c.project AS project,
		c.decision AS decision, c.decided AS decided, c.decision_valid AS decision_valid,
		c.decision_share AS decision_share, c.approval AS approval, c.approved AS approved,
		CASE WHEN c.household_end <> '' OR c.kind = 'household_land' THEN c.household_end
			ELSE coalesce(hh.ends, '') END AS household_end, c.buy_back AS buy_back, c.paper AS paper,
		c.attachments AS attachments, coalesce(t.others, 0) AS overlaps
	FROM contract c LEFT JOIN median m ON m.price_class = c.price_class
	LEFT JOIN owed o ON o.contract = c.id LEFT JOIN twice t ON t.contract = c.id
	LEFT JOIN named n ON n.contract = c.id LEFT JOIN household hh ON hh.contract = c.id
	WHERE c.home = {home} AND c.state IN ('in_force', 'expired_in_use') AND {organisations c.organisation}
