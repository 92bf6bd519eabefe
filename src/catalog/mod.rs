//! Policy as data: programs, certificates, calendars, regions and industries, built in from `assets/` and checked when read.
//! Everything here is read-only; the office's own edits come in as text and give a new catalog.
//! No database, no window, no file is written or looked for: whoever has a file hands over its text.

pub mod calendars;
pub mod certificates;
pub mod forms;
pub mod industries;
pub mod programs;
pub mod regions;

use std::sync::LazyLock;

use crate::domain::problem::{Problem, Result};
use crate::domain::program::Program;
use certificates::CertificateKind;

/// The programs of the bureau and the certificates they lead to.
#[derive(Debug, Clone)]
pub struct Catalog {
    programs: Vec<Program>,
    certificates: Vec<CertificateKind>,
}

static BUILTIN: LazyLock<Catalog> = LazyLock::new(|| {
    // The files are part of the program, and the tests below read every one of them.
    Catalog::read(programs::FILES, certificates::FILE).expect("embedded catalog")
});

impl Catalog {
    /// What the program was built with.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a catalog from program files (name and text) and the file of certificates.
    ///
    /// # Errors
    /// Names the file and the field that does not fit.
    pub fn read<'a>(
        programs: impl IntoIterator<Item = &'a (&'a str, &'a str)>,
        certificates: (&str, &str),
    ) -> Result<Self> {
        let certificates = certificates::read(certificates.0, certificates.1)?;
        let programs =
            programs.into_iter().map(|(file, text)| programs::read(file, text)).collect::<Result<Vec<_>>>()?;
        Self { programs, certificates }.checked()
    }

    /// The same catalog with one program added, or replaced where the id is known: the office's own edit.
    ///
    /// # Errors
    /// As [`Catalog::read`].
    pub fn with_program(&self, file: &str, text: &str) -> Result<Self> {
        let program = programs::read(file, text)?;
        let mut catalog = self.clone();
        match catalog.programs.iter_mut().find(|known| known.id == program.id) {
            Some(known) => *known = program,
            None => catalog.programs.push(program),
        }
        catalog.checked()
    }

    /// The programs, in the order an office lists them.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// A program by its id.
    pub fn program(&self, id: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.id == id)
    }

    /// The kinds of certificate.
    pub fn certificates(&self) -> &[CertificateKind] {
        &self.certificates
    }

    /// A kind of certificate by its id.
    pub fn certificate(&self, id: &str) -> Option<&CertificateKind> {
        self.certificates.iter().find(|kind| kind.id == id)
    }

    /// What kinds of certificate a list with this title may hold, likeliest first.
    pub fn certificates_in_title(&self, title: &str) -> Vec<&CertificateKind> {
        certificates::in_title(&self.certificates, title)
    }

    /// What no single file can see.
    fn checked(self) -> Result<Self> {
        for (i, program) in self.programs.iter().enumerate() {
            if let Some(twin) = self.programs[..i].iter().find(|p| p.id == program.id || p.mark == program.mark) {
                let says = format!("事项“{}”与“{}”的编号或字头重复。", program.name, twin.name);
                return Err(Problem::damaged(says).detail(format!("{}.toml: id, mark", program.id)));
            }
            if let Some(kind) = program.certificate.as_deref().filter(|id| self.certificate(id).is_none()) {
                let says = format!("事项“{}”指向不存在的证书种类“{kind}”。", program.name);
                return Err(Problem::damaged(says).detail(format!("{}.toml: certificate", program.id)));
            }
        }
        for kind in &self.certificates {
            if let Some(program) = kind.program.as_deref().filter(|id| self.program(id).is_none()) {
                let says = format!("证书“{}”指向不存在的事项“{program}”。", kind.name);
                return Err(Problem::damaged(says).detail(format!("certificates.toml: {}.program", kind.id)));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_catalog_is_whole() {
        let catalog = Catalog::builtin();
        let ids: Vec<_> = catalog.programs().iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["gaoqi", "kexiao", "taishan_startup", "zckj_province"]);
        for program in catalog.programs() {
            let kind = program.certificate.as_deref().expect("all four lead to one");
            assert_eq!(catalog.certificate(kind).and_then(|k| k.program.as_deref()), Some(program.id.as_str()));
        }
    }

    #[test]
    fn the_office_can_replace_a_program() {
        let text = programs::FILES[0].1.replace("name = \"高新技术企业认定\"", "name = \"高新技术企业认定（试点）\"");
        let catalog = Catalog::builtin().with_program("gaoqi.toml", &text).expect("still whole");
        assert_eq!(catalog.programs().len(), 4);
        assert_eq!(catalog.program("gaoqi").map(|p| p.name.as_str()), Some("高新技术企业认定（试点）"));
        let twin = Catalog::builtin().with_program("gaoqi_b.toml", &text).expect_err("same mark");
        assert!(twin.says.contains("重复"), "{twin}");
        let lost = text.replace("certificate = \"gaoqi\"", "certificate = \"nothing\"");
        let lost = Catalog::builtin().with_program("gaoqi.toml", &lost).expect_err("no such kind");
        assert!(lost.says.contains("nothing") && lost.detail.is_some(), "{lost}");
    }
}
