"""The contract's DDL as numbered migrations, and what installs and checks it."""
