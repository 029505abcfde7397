//! SECURITY.md: what it promises about versions, read line by line.
