-- +goose Up

-- A file being taken in: staging, not business data.
CREATE TABLE intake (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    place        BIGINT NOT NULL,
    actor        BIGINT NOT NULL,
    file         TEXT   NOT NULL, -- SHA-256
    attempt      BIGINT NOT NULL, -- of the same file; a cancelled one may be sent again
    name         TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    sheet        TEXT   NOT NULL,
    columns      TEXT   NOT NULL, -- letters of the columns, by field
    form         TEXT   NOT NULL,
    form_version BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    line         BIGINT NOT NULL, -- row of the file up to which the present step has come
    rows         BIGINT NOT NULL,
    applied      BIGINT NOT NULL,
    repeated     BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    errors       BIGINT NOT NULL,
    warnings     BIGINT NOT NULL,
    notes        BIGINT NOT NULL,
    explanation  TEXT   NOT NULL,
    refusal      TEXT   NOT NULL,
    created      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX intake_file ON intake (home, kind, subject, file, attempt);
CREATE INDEX intake_subject ON intake (home, subject, id);

-- Its rows, as the file has them. Cells are removed once a row has been applied.
CREATE TABLE intake_row (
    home      BIGINT NOT NULL,
    intake    BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    ref       TEXT   NOT NULL,
    cells     BYTEA  NOT NULL,
    told      TEXT   NOT NULL,
    operation TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    PRIMARY KEY (home, intake, line)
);

-- What was found, in the file (phase 1), in its rows (2), across rows (3), while applying (4).
CREATE TABLE intake_finding (
    home     BIGINT   NOT NULL,
    intake   BIGINT   NOT NULL,
    phase    SMALLINT NOT NULL,
    line     BIGINT   NOT NULL,
    n        BIGINT   NOT NULL,
    severity SMALLINT NOT NULL,
    key      TEXT     NOT NULL,
    args     TEXT     NOT NULL,
    sheet    TEXT     NOT NULL,
    spot     TEXT     NOT NULL, -- column of the file
    value    TEXT     NOT NULL,
    PRIMARY KEY (home, intake, phase, line, n)
);
CREATE INDEX intake_finding_line ON intake_finding (home, intake, severity, line, phase, n);

-- Operations that took effect, so that none does twice.
CREATE TABLE intake_operation (
    home      BIGINT NOT NULL,
    operation TEXT   NOT NULL,
    intake    BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    PRIMARY KEY (home, operation)
);
