-- +goose Up

-- Who may sign in. Accounts and posts are reference tables: every part of the program names them.
CREATE TABLE account (
    id          BIGINT  NOT NULL,
    version     BIGINT  NOT NULL,
    login       TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    phone       BYTEA   NOT NULL, -- sealed
    phone_find  BYTEA   NOT NULL, -- keyed hash
    place       BIGINT  NOT NULL, -- whose administrators look after it; 0: the installation's
    language    TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- active, locked, closed
    must_change BOOLEAN NOT NULL,
    subject     TEXT    NOT NULL, -- at the OIDC provider: issuer and subject; '' none
    created     BIGINT  NOT NULL,
    created_by  BIGINT  NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_subject ON account (subject) WHERE subject <> '';
CREATE INDEX account_phone ON account (phone_find);
CREATE INDEX account_place ON account (place);

-- A role at a place, in an area or at the installation, from a day to a day.
CREATE TABLE post (
    id          BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    role        TEXT   NOT NULL,
    place       BIGINT NOT NULL,
    area        BIGINT NOT NULL,
    since       TEXT   NOT NULL,
    until       TEXT   NOT NULL, -- the first day it no longer holds
    document    TEXT   NOT NULL,
    former      BIGINT NOT NULL, -- the post it succeeds when a place was abolished; 0 none
    state       TEXT   NOT NULL, -- proposed, approved, refused
    proposed_by BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_by  BIGINT NOT NULL,
    decided_at  BIGINT NOT NULL,
    ended_by    BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    reason      TEXT   NOT NULL, -- of refusing or ending it
    PRIMARY KEY (id)
);
CREATE INDEX post_account ON post (account, state, id);
CREATE INDEX post_place ON post (place, state);
CREATE INDEX post_state ON post (state, id);

-- What proves that somebody is who they say.
CREATE TABLE account_secret (
    home           BIGINT NOT NULL,
    account        BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    password       TEXT   NOT NULL, -- argon2id, PHC string
    changed        BIGINT NOT NULL,
    one_time_until BIGINT NOT NULL, -- an administrator's password holds until then; 0: the person's own
    former         TEXT   NOT NULL, -- earlier passwords, newest first, one a line
    totp           BYTEA  NOT NULL, -- sealed
    totp_since     BIGINT NOT NULL, -- 0: not in use
    recovery       TEXT   NOT NULL, -- keyed hashes of unused codes, one a line
    PRIMARY KEY (home, account)
);

-- A program acting for a person.
CREATE TABLE api_token (
    home    BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    version BIGINT NOT NULL,
    account BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    hash    BYTEA  NOT NULL,
    permits TEXT   NOT NULL, -- separated by spaces
    created BIGINT NOT NULL,
    until   TEXT   NOT NULL, -- the first day it no longer holds
    revoked BIGINT NOT NULL, -- 0: not
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX api_token_hash ON api_token (home, hash);
CREATE INDEX api_token_account ON api_token (home, account);

-- Machinery, not sealed.

CREATE TABLE session (
    home    BIGINT   NOT NULL,
    id      BIGINT   NOT NULL,
    token   BYTEA    NOT NULL, -- SHA-256
    account BIGINT   NOT NULL,
    method  TEXT     NOT NULL, -- password, oidc
    factors SMALLINT NOT NULL, -- 1, 2
    waiting BOOLEAN  NOT NULL, -- for the second factor
    created BIGINT   NOT NULL,
    seen    BIGINT   NOT NULL,
    expires BIGINT   NOT NULL,
    address TEXT     NOT NULL,
    agent   TEXT     NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX session_token ON session (home, token);
CREATE INDEX session_account ON session (home, account);

-- Tries to sign in, by keyed hash of the login, whether there is such an account or not.
CREATE TABLE sign_in_guard (
    home         BIGINT NOT NULL,
    login        BYTEA  NOT NULL,
    tries        BIGINT NOT NULL,
    last         BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (home, login)
);

-- What changes with each use of an account.
CREATE TABLE account_use (
    home      BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    signed_in BIGINT NOT NULL,
    totp_step BIGINT NOT NULL, -- the last 30-second step whose code was used
    PRIMARY KEY (home, account)
);

CREATE TABLE api_token_use (
    home  BIGINT NOT NULL,
    token BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (home, token)
);
