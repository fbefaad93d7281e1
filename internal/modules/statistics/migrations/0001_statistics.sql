-- +goose Up

-- A file that was taken in.
CREATE TABLE statistic_import (
    home     BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    name     TEXT   NOT NULL,
    hash     TEXT   NOT NULL,
    mapping  TEXT   NOT NULL,
    added    BIGINT NOT NULL,
    revised  BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    reason   TEXT   NOT NULL,
    author   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);

-- A revision of a series at a place in a year; the last one counts.
CREATE TABLE statistic_figure (
    home     BIGINT  NOT NULL,
    series   TEXT    NOT NULL,
    place    BIGINT  NOT NULL,
    year     BIGINT  NOT NULL,
    revision BIGINT  NOT NULL,
    version  BIGINT  NOT NULL,
    known    BOOLEAN NOT NULL, -- false: the figure was taken back
    amount   BIGINT  NOT NULL,
    import   BIGINT  NOT NULL, -- 0: entered by hand
    reason   TEXT    NOT NULL,
    author   BIGINT  NOT NULL,
    at       BIGINT  NOT NULL,
    PRIMARY KEY (home, series, place, year, revision)
);
