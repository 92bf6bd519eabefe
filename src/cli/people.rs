//! `kebao passwd` sets one's own password without a window.

use super::output::Output;
use super::session::{Session, read_password};
use super::{Common, Done};

/// Both come from the environment or a line of the input each; never from the command line, where others could read them.
pub fn passwd(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let user = session.named(common)?;
    let from = |name: &str| std::env::var(name).map_or_else(|_| read_password(), Ok);
    let (old, new) = (from("KEBAO_PASSWORD")?, from("KEBAO_NEW_PASSWORD")?);
    let entry = session.db.change_password(user.id, &old, &new).wait()?;
    if let Some(problem) = entry.problem() {
        return Err(problem);
    }
    output.result(|| vec![format!("{}的密码已改。", user.name)], &serde_json::json!({ "user": user.name }));
    Ok(0)
}
