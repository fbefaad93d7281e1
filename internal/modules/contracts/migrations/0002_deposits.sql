-- +goose Up

-- A deposit that came in, went back, or was kept.
CREATE TABLE contract_deposit (
    home     BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    day      TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    amount   BIGINT NOT NULL,
    manner   TEXT   NOT NULL,
    voucher  BIGINT NOT NULL,
    document TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX contract_deposit_contract ON contract_deposit (home, contract, id);

-- Contracts under which the collective pays: what falls due under them it owes. Derived from their kind.
CREATE TABLE contract_paying (
    home     BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    PRIMARY KEY (home, contract)
);
INSERT INTO contract_paying (home, contract)
    SELECT home, id FROM contract WHERE kind IN ('purchase', 'construction');

-- What an ageing adds up, contract by contract.
CREATE INDEX contract_due_age ON contract_due (home, contract, day, amount, paid, written)
    WHERE paid + written < amount;
