-- +goose Up

-- A measure at a place in a period. total: of the whole subtree, made by the roll-up; else its own.
CREATE TABLE figure (
    home        BIGINT  NOT NULL,
    measure     TEXT    NOT NULL,
    place       BIGINT  NOT NULL,
    period      TEXT    NOT NULL,
    total       BOOLEAN NOT NULL,
    numerator   BIGINT  NOT NULL,
    denominator BIGINT  NOT NULL, -- 0: an amount
    covered     BIGINT  NOT NULL,
    expected    BIGINT  NOT NULL,
    source      TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    PRIMARY KEY (home, measure, place, period, total)
);
-- Boards cross homes.
CREATE INDEX figure_board ON figure (measure, period, place);
