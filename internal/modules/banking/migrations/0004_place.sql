-- +goose Up

-- The accounts of a village, found from its place.
CREATE INDEX bank_account_place ON bank_account (place, home, id);
