-- +goose Up

-- The chart under which the account of the deposits was said. Under other charts of the same books it is
-- what the conversions between them make of it. Accounts from before this have no row.
CREATE TABLE bank_account_chart (
    home    BIGINT NOT NULL,
    account BIGINT NOT NULL,
    chart   TEXT   NOT NULL,
    PRIMARY KEY (home, account)
);
