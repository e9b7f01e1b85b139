//! All integration tests in one binary, one module a subject. A module brings what it
//! needs; nothing is shared but the library.

mod policies;
