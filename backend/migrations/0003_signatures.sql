-- Documents that people sign: the request of the service's own code, and the signature once it was
-- made. The signature does not depend on the row of its grant: it stays if the grant ends.
CREATE TABLE signatures (
    -- The second of the request, and a hash of the id by which the service's own code knows it. A
    -- reader of the database cannot begin the signing.
    id         TEXT PRIMARY KEY,
    generation BIGINT NOT NULL,
    -- When the row may be removed, in seconds since the epoch.
    remove_at  BIGINT NOT NULL,
    -- When the service continues with an unfinished signature. NULL: nothing is left to do, or the
    -- person has not signed.
    retry_at   BIGINT,
    key_name   TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX signatures_remove_at ON signatures (remove_at);
CREATE INDEX signatures_retry_at ON signatures (retry_at) WHERE retry_at IS NOT NULL;
