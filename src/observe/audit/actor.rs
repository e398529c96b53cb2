//! Who does what is recorded.

use std::fs;

use crate::domain::audit::Actor;

/// The account of this process, and the job run that it is part of.
pub fn actor(job: Option<&str>, run: Option<i64>) -> Actor {
    let uid = rustix::process::geteuid().as_raw();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    Actor { uid, user: name_of(&users, uid), job: job.map(str::to_owned), run }
}

/// The name that a passwd file gives to a user id. Names from a directory service are left out: asking for them can take
/// seconds and fail, and the id is what counts.
fn name_of(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, id) = (fields.next()?, fields.next()?, fields.next()?);
        (id.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_goes_with_the_id() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\n# comment\n\nprovider:x:990:990::/var/lib/provider:/usr/sbin/nologin\n";
        assert_eq!(name_of(users, 990), Some("provider".into()));
        assert_eq!(name_of(users, 99), None);
        let this = actor(Some("bid-run"), Some(7));
        assert_eq!((this.job.as_deref(), this.run), (Some("bid-run"), Some(7)));
    }
}
