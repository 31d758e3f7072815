//! Real servers of the tests.
