-- +goose Up

-- The list of a form and period in its order, with what its filters look at.
CREATE INDEX report_list ON report (form, period, home, id, stage, submitted, due);
