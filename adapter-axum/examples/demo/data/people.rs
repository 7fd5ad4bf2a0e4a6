//! The people who can sign in.

/// A person with a password. The demo shows the passwords on its page, so it keeps them in plain text.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Member,
    Keeper,
}

pub(crate) const PEOPLE: [Person; 2] = [
    Person { name: "ines", password: "ginger-cake", role: Role::Member },
    Person { name: "keeper", password: "orange-buoy", role: Role::Keeper },
];
