-- One schema for SQLite and PostgreSQL. A column "sealed" is encrypted with a key that is not in
-- the database. Cookies and tokens of this service are stored as hashes. The same key
-- authenticates the plain columns of each row: as associated data of "sealed", or by "mac".
--
-- Every id begins with the second in which its login or session began. Rows are therefore added
-- and removed in the order of the indexes, and each operation touches few pages.

-- Logins that were begun.
CREATE TABLE attempts (
    -- The second of the start, and a hash of the state.
    id         TEXT PRIMARY KEY,
    -- The browser or app that began the login. Only it can complete the login.
    initiator  TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    -- When the row may be removed, in seconds since the epoch.
    remove_at  BIGINT NOT NULL,
    key_name   TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX attempts_remove_at ON attempts (remove_at);

-- The provider's tokens, and the state of their refresh.
CREATE TABLE grants (
    -- The id of the attempt that the grant came from.
    id         TEXT PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    -- A keyed hash of the subject of an onboarded person, once the subject is known.
    subject    TEXT,
    -- The number of the change: of two writers that read the same row, only one changes it.
    generation BIGINT NOT NULL,
    remove_at  BIGINT NOT NULL,
    key_name   TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX grants_remove_at ON grants (remove_at);
CREATE INDEX grants_subject ON grants (subject, purpose) WHERE subject IS NOT NULL;

-- Sessions: each opens a grant with a cookie, or with the tokens of an app.
CREATE TABLE sessions (
    id                         TEXT PRIMARY KEY,
    grant_id                   TEXT    NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation                 BIGINT  NOT NULL,
    remove_at                  BIGINT  NOT NULL,
    -- The hash of the cookie or of the access token.
    access_hash                BYTEA   NOT NULL,
    access_expires_at          BIGINT  NOT NULL,
    -- The access token before it, which is valid until it expires.
    previous_access_hash       BYTEA,
    previous_access_expires_at BIGINT,
    -- The hashes of the app's refresh token and of the one before it. NULL for a cookie.
    refresh_hash               BYTEA,
    previous_refresh_hash      BYTEA,
    -- Whether the current cookie or tokens were used. The answer has arrived then, and the
    -- previous tokens are spent.
    is_used                    BOOLEAN NOT NULL,
    -- The grant of an older login that ends when this session is used for the first time.
    replaces                   TEXT,
    -- The key and the HMAC of all columns above.
    key_name                   TEXT    NOT NULL,
    mac                        BYTEA   NOT NULL
);
CREATE INDEX sessions_grant_id ON sessions (grant_id);
CREATE INDEX sessions_remove_at ON sessions (remove_at);
