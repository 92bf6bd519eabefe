//! Long work on a thread of its own, so that the window stays awake.

use std::thread;

use futures_channel::oneshot;

use crate::domain::{Problem, Result};

/// Does a job elsewhere and waits for what comes of it.
///
/// # Errors
/// What the job says; io where the system has no thread left.
pub async fn away<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (send, receive) = oneshot::channel();
    let started = thread::Builder::new().name("away".to_owned()).spawn(move || {
        // Nobody waits any more when the window was closed meanwhile.
        let _ = send.send(job());
    });
    match started {
        Ok(_) => receive.await.unwrap_or_else(|_| Err(Problem::bug("a thread of long work ended"))),
        Err(error) => Err(Problem::io("系统资源不足，这一步没有做。").next("请关闭其他程序后重试。").detail(error)),
    }
}
