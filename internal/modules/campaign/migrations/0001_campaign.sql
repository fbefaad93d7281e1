-- +goose Up

-- A county's check of one year.
CREATE TABLE campaign (
    home         BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    reference    TEXT   NOT NULL,
    opened       TEXT   NOT NULL,
    opener       BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    procedure_case BIGINT NOT NULL,
    sample_share BIGINT NOT NULL,
    sample_seed  TEXT   NOT NULL,
    sampled      TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    PRIMARY KEY (home, year)
);
