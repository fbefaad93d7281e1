-- +goose Up

-- One run of a procedure on one subject. Derived from procedure_act.
CREATE TABLE procedure_case (
    home         BIGINT   NOT NULL,
    id           BIGINT   NOT NULL,
    version      BIGINT   NOT NULL,
    procedure    TEXT     NOT NULL,
    subject      TEXT     NOT NULL,
    place        BIGINT   NOT NULL,
    title_zh     TEXT     NOT NULL,
    title_en     TEXT     NOT NULL,
    year         BIGINT   NOT NULL,
    status       TEXT     NOT NULL,
    step         TEXT     NOT NULL,
    step_index   BIGINT   NOT NULL,
    steps        BIGINT   NOT NULL,
    round        BIGINT   NOT NULL,
    task_place   BIGINT   NOT NULL,
    permit       TEXT     NOT NULL,
    holder       BIGINT   NOT NULL,
    opener       BIGINT   NOT NULL,
    opened       BIGINT   NOT NULL,
    entered      BIGINT   NOT NULL,
    ended        BIGINT   NOT NULL,
    due          TEXT     NOT NULL,
    notice_ends  TEXT     NOT NULL,
    urged        BIGINT   NOT NULL,
    raised_place BIGINT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX procedure_case_task ON procedure_case (task_place, status, due);
CREATE INDEX procedure_case_raised ON procedure_case (raised_place, status, due);
CREATE INDEX procedure_case_holder ON procedure_case (holder, status, due);
CREATE INDEX procedure_case_subject ON procedure_case (home, subject);
CREATE INDEX procedure_case_clock ON procedure_case (status, due);
CREATE INDEX procedure_case_kind ON procedure_case (home, procedure, year, status, due, round, place);
CREATE INDEX procedure_case_returned ON procedure_case (procedure, home)
    WHERE status = 'running' AND round > 1;

-- Who is asked to sign a running step besides its own signers. Derived from procedure_act.
CREATE TABLE procedure_signer (
    home    BIGINT NOT NULL,
    kase    BIGINT NOT NULL,
    account BIGINT NOT NULL,
    PRIMARY KEY (home, kase, account)
);
CREATE INDEX procedure_signer_account ON procedure_signer (account);

-- What was done: the truth of every case.
CREATE TABLE procedure_act (
    home   BIGINT NOT NULL,
    kase   BIGINT NOT NULL,
    number BIGINT NOT NULL,
    verb   TEXT   NOT NULL,
    step   TEXT   NOT NULL,
    round  BIGINT NOT NULL,
    actor  BIGINT NOT NULL,
    behalf BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    reason TEXT   NOT NULL,
    act    TEXT   NOT NULL,
    PRIMARY KEY (home, kase, number)
);
CREATE INDEX procedure_act_actor ON procedure_act (actor, at);

-- What is or was on public notice.
CREATE TABLE procedure_notice (
    home      BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    kase      BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    title_zh  TEXT   NOT NULL,
    title_en  TEXT   NOT NULL,
    content   TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    posted    TEXT   NOT NULL,
    ends      TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX procedure_notice_kase ON procedure_notice (home, kase, id);
CREATE INDEX procedure_notice_public ON procedure_notice (state, ends);

-- Objections to notices. Who objected is sealed.
CREATE TABLE procedure_objection (
    home        BIGINT  NOT NULL,
    kase        BIGINT  NOT NULL,
    number      BIGINT  NOT NULL,
    version     BIGINT  NOT NULL,
    name        BYTEA   NOT NULL,
    contact     BYTEA   NOT NULL,
    body        TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    account     BIGINT  NOT NULL,
    due         TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    answered_at BIGINT  NOT NULL,
    answered_by BIGINT  NOT NULL,
    upheld      BOOLEAN NOT NULL,
    PRIMARY KEY (home, kase, number)
);

-- Who acts for whom, for a time.
CREATE TABLE procedure_delegation (
    home      BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    giver     BIGINT NOT NULL,
    taker     BIGINT NOT NULL,
    since     TEXT   NOT NULL,
    until     TEXT   NOT NULL,
    procedure TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX procedure_delegation_taker ON procedure_delegation (taker, until);
CREATE INDEX procedure_delegation_giver ON procedure_delegation (giver, until);
