-- +goose Up

-- Every attempt to sign in. Rows are only added, each finished day is sealed by an event, and
-- whole days are removed when they have been kept long enough.
CREATE TABLE sign_in (
    home    BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    account BIGINT NOT NULL, -- 0: there is none with this login
    place   BIGINT NOT NULL, -- where the account was looked after
    login   BYTEA  NOT NULL, -- keyed hash of what was entered
    address TEXT   NOT NULL,
    network TEXT   NOT NULL, -- the address, of IPv6 its first 64 bits: what failures are counted by
    agent   TEXT   NOT NULL,
    method  TEXT   NOT NULL,
    result  TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX sign_in_at ON sign_in (home, at);
CREATE INDEX sign_in_account ON sign_in (home, account, id);
CREATE INDEX sign_in_network ON sign_in (home, network, at);

-- Personal data shown whole to somebody, and why.
CREATE TABLE unmasking (
    home    BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    account BIGINT NOT NULL,
    place   BIGINT NOT NULL,
    subject TEXT   NOT NULL,
    field   TEXT   NOT NULL,
    reason  TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX unmasking_account ON unmasking (account, at);

-- Who has seen something: the row on which two requests of one person at once wait for each other.
CREATE TABLE unmasking_viewer (
    home    BIGINT NOT NULL,
    account BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (home, account)
);
