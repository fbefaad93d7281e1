-- +goose Up

-- A run of an index. What it was made of and what came out stand in evaluation_content.
CREATE TABLE evaluation_run (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    title        TEXT   NOT NULL,
    scheme       TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    edition      TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    areas        BIGINT NOT NULL,
    times        TEXT   NOT NULL,
    indicators   BIGINT NOT NULL,
    seed         BIGINT NOT NULL,
    replications BIGINT NOT NULL,
    machine      TEXT   NOT NULL,
    scheme_hash  TEXT   NOT NULL,
    figures_hash TEXT   NOT NULL,
    result_hash  TEXT   NOT NULL,
    author       BIGINT NOT NULL,
    made         BIGINT NOT NULL,
    publisher    BIGINT NOT NULL,
    published    BIGINT NOT NULL,
    event        BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX evaluation_run_made ON evaluation_run (home, state, made);

CREATE TABLE evaluation_content (
    home    BIGINT NOT NULL,
    run     BIGINT NOT NULL,
    part    TEXT   NOT NULL,
    version BIGINT NOT NULL,
    content TEXT   NOT NULL,
    PRIMARY KEY (home, run, part)
);
