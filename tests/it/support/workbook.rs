//! Workbooks written for a test.
