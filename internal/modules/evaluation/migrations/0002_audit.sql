-- +goose Up

-- What an audit of a run answered: which choices move its ranks. A row is made when the audit is ordered, and
-- filled by the job.
CREATE TABLE evaluation_audit (
    home    BIGINT NOT NULL,
    run     BIGINT NOT NULL,
    version BIGINT NOT NULL,
    design  BIGINT NOT NULL,
    job     BIGINT NOT NULL,
    account BIGINT NOT NULL,
    ordered BIGINT NOT NULL,
    answer  TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    PRIMARY KEY (home, run)
);
