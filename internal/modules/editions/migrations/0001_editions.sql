-- +goose Up
-- Reference tables like those of the territory: without a home. Changes are events of the city.

CREATE TABLE place_edition (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scheme TEXT NOT NULL,
    effective TEXT NOT NULL,
    hash TEXT NOT NULL,
    file TEXT NOT NULL,
    encoding TEXT NOT NULL,
    state TEXT NOT NULL,
    lines BIGINT NOT NULL,
    counts TEXT NOT NULL,
    errors BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    notes BIGINT NOT NULL,
    first_place BIGINT NOT NULL,
    first_event BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX place_edition_effective ON place_edition (effective, id);

-- The plan of an edition while it is applied, in pieces; and what was odd about its rows. Both can be
-- made again from the file, whose hash the edition holds.
CREATE TABLE place_edition_plan (
    edition BIGINT NOT NULL,
    number BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (edition, number)
);

CREATE TABLE place_edition_finding (
    edition BIGINT NOT NULL,
    number BIGINT NOT NULL,
    line BIGINT NOT NULL,
    field TEXT NOT NULL,
    severity TEXT NOT NULL,
    subject TEXT NOT NULL,
    args TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (edition, number)
);
CREATE INDEX place_edition_finding_subject ON place_edition_finding (edition, subject, number);

CREATE TABLE place_suggestion (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    effective TEXT NOT NULL,
    state TEXT NOT NULL,
    event BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    decided BIGINT NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX place_suggestion_state ON place_suggestion (state, id);

CREATE TABLE place_suggestion_part (
    suggestion BIGINT NOT NULL,
    number BIGINT NOT NULL,
    from_place BIGINT NOT NULL,
    to_place BIGINT NOT NULL,
    basis TEXT NOT NULL,
    share BIGINT NOT NULL,
    PRIMARY KEY (suggestion, number)
);
