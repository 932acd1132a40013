-- The client that the database belongs to: at most one row. Only this client can use the tokens in
-- the database, because the provider issued them to it (RFC 6749 section 10.4).
CREATE TABLE client (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    -- The provider's id and base URL, and the client id there.
    provider  TEXT NOT NULL,
    base_url  TEXT NOT NULL,
    client_id TEXT NOT NULL
);
