-- +goose Up

-- What a rule hit, and how far the answer is.
CREATE TABLE finding (
    home         BIGINT   NOT NULL,
    id           BIGINT   NOT NULL,
    version      BIGINT   NOT NULL,
    organisation BIGINT   NOT NULL,
    place        BIGINT   NOT NULL,
    rule         TEXT     NOT NULL,
    rule_version BIGINT   NOT NULL,
    severity     TEXT     NOT NULL,
    severity_rank SMALLINT NOT NULL,
    subject      TEXT     NOT NULL,
    subject_key  TEXT     NOT NULL,
    state        TEXT     NOT NULL,
    outcome      TEXT     NOT NULL,
    answer       TEXT     NOT NULL,
    evidence     TEXT     NOT NULL,
    procedure_case BIGINT NOT NULL,
    first_hit    TEXT     NOT NULL,
    last_hit     TEXT     NOT NULL,
    times        BIGINT   NOT NULL,
    gone         TEXT     NOT NULL,
    closed       TEXT     NOT NULL,
    text_zh      TEXT     NOT NULL,
    text_en      TEXT     NOT NULL,
    content      TEXT     NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX finding_thing ON finding (home, rule, subject, subject_key);
CREATE INDEX finding_open ON finding (home, state, organisation, severity_rank);
CREATE INDEX finding_place ON finding (place, state);

-- How findings ended, once for each time they were open.
CREATE TABLE finding_end (
    home         BIGINT NOT NULL,
    finding      BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    rule         TEXT   NOT NULL,
    rule_version BIGINT NOT NULL,
    outcome      TEXT   NOT NULL,
    ended        TEXT   NOT NULL,
    PRIMARY KEY (home, finding, number)
);
CREATE INDEX finding_end_rule ON finding_end (home, rule, rule_version, outcome);

-- How far the log of a county has been looked at, and what the last run of all its organisations found.
CREATE TABLE supervision_run (
    home      BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    watermark BIGINT NOT NULL,
    whole     TEXT   NOT NULL,
    hits      BIGINT NOT NULL,
    raised    BIGINT NOT NULL,
    reopened  BIGINT NOT NULL,
    gone      BIGINT NOT NULL,
    failed    BIGINT NOT NULL,
    PRIMARY KEY (home)
);
