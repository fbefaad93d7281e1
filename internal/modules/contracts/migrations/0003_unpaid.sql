-- +goose Up

-- Instalments of which something is owed: derived from contract_due. An ageing adds up what is open only.
CREATE TABLE contract_unpaid (
    home     BIGINT  NOT NULL,
    contract BIGINT  NOT NULL,
    number   BIGINT  NOT NULL,
    paying   BOOLEAN NOT NULL,
    day      TEXT    NOT NULL,
    owed     BIGINT  NOT NULL,
    PRIMARY KEY (home, contract, number)
);
INSERT INTO contract_unpaid (home, contract, number, paying, day, owed)
    SELECT d.home, d.contract, d.number, EXISTS (SELECT 1 FROM contract_paying p
        WHERE p.home = d.home AND p.contract = d.contract), d.day, d.amount - d.paid - d.written
    FROM contract_due d WHERE d.paid + d.written < d.amount;
CREATE INDEX contract_unpaid_age ON contract_unpaid (paying, home, contract, day, owed);
DROP INDEX contract_due_age;

-- What the filters of the list look at, in its order, so that no row is read to be passed over.
DROP INDEX contract_list;
CREATE INDEX contract_list ON contract (home, id, state, kind, next_due, ends);
CREATE INDEX contract_text ON contract (home, id, number, name, party);
CREATE INDEX contract_undecided ON contract (home, id)
    WHERE state <> 'draft' AND (decision = '' OR NOT decision_valid OR decided = '' OR decided > signed);
DROP INDEX contract_place;
CREATE INDEX contract_place ON contract (place, home, id);
