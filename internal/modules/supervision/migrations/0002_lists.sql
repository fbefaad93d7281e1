-- +goose Up

-- The list in its order: by state, by rule, below a place.
CREATE INDEX finding_list ON finding (home, state, id, rule, severity, gone);
CREATE INDEX finding_rule ON finding (home, rule, id);
DROP INDEX finding_place;
CREATE INDEX finding_place ON finding (place, home, id, state);

-- All that the board of a city counts, so that no finding is read.
CREATE INDEX finding_count ON finding (home, rule, severity_rank, gone) WHERE state = 'open';
CREATE INDEX finding_month ON finding (home, (substr(first_hit, 1, 7)));
CREATE INDEX finding_end_month ON finding_end (home, (substr(ended, 1, 7)), outcome);
