//! What prints on this machine. Linux: the spooler's own command, which takes a PDF. Windows: the print verb of the program
//! Word files belong to, Word or WPS. `KEBAO_PRINT` names another program; it is given a PDF.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A way to paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printer {
    /// A command that takes the file and comes back when it has it.
    Spooler(PathBuf),
    /// The print verb of Windows.
    Verb,
}

/// In what a page is kept that nobody took: every Linux desktop shows PDFs, every Windows office has Word or WPS.
pub const READABLE: &str = if cfg!(windows) { "docx" } else { "pdf" };

impl Printer {
    /// What there is here. `None`: nothing.
    pub fn here() -> Option<Self> {
        #[cfg(test)]
        return fake::here();
        #[cfg(not(test))]
        match std::env::var_os("KEBAO_PRINT").filter(|named| !named.is_empty()) {
            Some(named) => Some(Self::Spooler(named.into())),
            None if cfg!(windows) => Some(Self::Verb),
            None => Self::on(&std::env::var_os("PATH")?),
        }
    }

    /// The spooler's command in one of these folders.
    pub fn on(paths: &OsStr) -> Option<Self> {
        let folders: Vec<PathBuf> = std::env::split_paths(paths).collect();
        let named = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
        named("lp").or_else(|| named("lpr")).map(Self::Spooler)
    }

    /// The format it takes.
    pub fn ending(&self) -> &'static str {
        match self {
            Self::Spooler(_) => "pdf",
            Self::Verb => "docx",
        }
    }

    /// Whether the file may go once [`Printer::print`] is back.
    pub fn has_read(&self) -> bool {
        matches!(self, Self::Spooler(_))
    }

    fn command(&self, file: &Path) -> Command {
        match self {
            Self::Spooler(program) => {
                let mut command = Command::new(program);
                command.arg(file);
                command
            }
            Self::Verb => {
                // In single quotes nothing has a meaning but the quote itself.
                let quoted = file.display().to_string().replace('\'', "''");
                let script = format!(
                    "try {{ Start-Process -FilePath '{quoted}' -Verb Print -WindowStyle Hidden -ErrorAction Stop }} catch {{ exit 1 }}"
                );
                let mut command = Command::new("powershell");
                command.args(["-NoProfile", "-NonInteractive", "-Command", &script]);
                command
            }
        }
    }

    /// Hands a file over.
    ///
    /// # Errors
    /// What the program said, perhaps nothing, where it did not take it.
    pub fn print(&self, file: &Path) -> Result<(), String> {
        let mut command = self.command(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt;
            /// No black window for a moment.
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NO_WINDOW);
        }
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        // Windows speaks in its own code page there, and of a script nobody wrote.
        let said =
            if *self == Self::Verb { String::new() } else { String::from_utf8_lossy(&output.stderr).into_owned() };
        Err(said.lines().next().unwrap_or_default().trim().to_owned())
    }
}

/// A spooler for tests: a real script that keeps what it was given.
#[cfg(test)]
pub mod fake {
    use std::cell::RefCell;

    use super::*;

    thread_local! {
        static HERE: RefCell<Option<Printer>> = const { RefCell::new(None) };
    }

    /// What this test's machine prints with; nothing unless [`put`] said otherwise.
    pub fn here() -> Option<Printer> {
        HERE.with_borrow(Clone::clone)
    }

    /// From now on this test's machine prints with it.
    pub fn put(printer: Printer) {
        HERE.set(Some(printer));
    }

    /// An `lp` in a folder that ends with this code.
    #[cfg(unix)]
    pub fn lp(folder: &Path, code: u8) -> Printer {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join("lp");
        let script = format!(
            "#!/bin/sh\nn=$(ls \"{0}\" | wc -l)\nprintf %s \"$1\" > \"{0}/name$n\"\ncp \"$1\" \"{0}/page$n\"\necho 没有缺省打印机 >&2\nexit {code}\n",
            folder.display()
        );
        std::fs::write(&path, script).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("made a program");
        Printer::Spooler(path)
    }

    /// Names and contents it was given, in order.
    pub fn given(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<(usize, String, Vec<u8>)> = std::fs::read_dir(folder)
            .expect("the folder")
            .flatten()
            .filter_map(|entry| {
                let n = entry.file_name().to_string_lossy().strip_prefix("name")?.to_owned();
                let page = std::fs::read(folder.join(format!("page{n}"))).expect("its page");
                Some((n.parse().ok()?, std::fs::read_to_string(entry.path()).expect("its name"), page))
            })
            .collect();
        all.sort();
        all.into_iter().map(|(_, name, page)| (name, page)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_is_asked_for_the_print_verb_of_the_file_whatever_its_name() {
        let command = Printer::Verb.command(Path::new("C:/李's/补正 通知.docx"));
        let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        assert_eq!(command.get_program(), "powershell");
        assert!(args[3].contains("-FilePath 'C:/李''s/补正 通知.docx' -Verb Print"), "{args:?}");
        assert_eq!((Printer::Verb.ending(), Printer::Verb.has_read()), ("docx", false));
    }

    #[test]
    fn where_no_spooler_is_installed_there_is_no_printer() {
        assert_eq!(Printer::on(OsStr::new("/nowhere:/nowhere/else")), None);
        assert!(Printer::Spooler("/nowhere/lp".into()).print(Path::new("/nowhere/page.pdf")).is_err());
    }
}
