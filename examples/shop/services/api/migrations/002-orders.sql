CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, product bigint REFERENCES products, placed timestamptz NOT NULL);
