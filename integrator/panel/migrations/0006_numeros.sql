-- Since when each number is in the state that the panel last saw.
CREATE TABLE number_state (
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (shop, name)
);
