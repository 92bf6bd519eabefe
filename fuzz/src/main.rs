//! The fuzzer of the package reader. The first byte of an input chooses what the rest is given to; README.md says how to run
//! it and what each of them reaches.
#![no_main]

mod deeds;
mod office;
mod seal;
mod settled;
mod texts;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use kebao::exchange::package::Package;
use kebao::exchange::package::age::Opener;
use libfuzzer_sys::fuzz_target;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use office::{Office, READER_SEAL};
use seal::Mend;

/// What one input may ask for on top of what the offices take: far less than a machine has, far more than it needs.
const MEMORY: u64 = 256 << 20;

static OFFICE: OnceLock<Mutex<Office>> = OnceLock::new();

fn office() -> &'static Mutex<Office> {
    OFFICE.get_or_init(|| {
        let folder = std::env::var_os("KEBAO_FUZZ_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
        let mut office = Office::new(folder.join(format!("kebao-fuzz-{}", std::process::id())));
        // Once open, so that what opening takes is not counted.
        drop(office.reader());
        office.close();
        limit_memory();
        Mutex::new(office)
    })
}

/// The system refuses what goes beyond, and the program ends there.
fn limit_memory() {
    let taken = fs::read_to_string("/proc/self/statm").expect("a Linux system");
    let pages: u64 = taken.split(' ').next().and_then(|pages| pages.parse().ok()).expect("a number of pages");
    let most = Rlimit { current: Some(pages * 4096 + MEMORY), ..getrlimit(Resource::As) };
    setrlimit(Resource::As, most).expect("a limit");
}

/// Writes what people really send into the folder the inputs are in.
fn sow(folder: &Path) {
    let office = office().lock().unwrap_or_else(PoisonError::into_inner);
    let mut all: Vec<Vec<u8>> = Vec::new();
    for package in &office.packages {
        all.push([&[0][..], package].concat());
        let mut inside = Vec::new();
        let mut opener = Opener::new(&package[seal::FIRST_LINE.len()..], &[READER_SEAL]).expect("it opens");
        opener.read_to_end(&mut inside).expect("a good package");
        all.push([&[2][..], &inside].concat());
        for mend in [0, 1, 15] {
            all.push([&[3, mend][..], &inside].concat());
        }
    }
    all.push(b"\x01-> scrypt bBjlhJVYZeE4aqUdmtRHfw 15\nZV/AhotwSGqaPCU43cepl4WYUouAa17a3xpu4G2yi5k\n".to_vec());
    all.push(
        b"\x01-> X25519 8hWaIUmk67IuRZ41zMk2V9f/w3f5qUnXLL7MGPA+zE8\ntXgpAxKgqyu1jl9I/ATwFgV42ZbNgeAlvCTJ0WgvfEo\n"
            .to_vec(),
    );
    all.extend(deeds::seeds(&office).into_iter().map(|seed| [&[4][..], &seed].concat()));
    all.extend(texts::seeds(&office).into_iter().map(|seed| [&[5][..], &seed].concat()));
    for (n, seed) in all.iter().enumerate() {
        fs::write(folder.join(format!("seed-{n:03}")), seed).expect("a seed");
    }
}

fuzz_target!(
    init: {
        match std::env::var_os("KEBAO_SEEDS") {
            Some(folder) => sow(Path::new(&folder)),
            None => drop(office().lock()),
        }
    },
    |data: &[u8]| {
        let Some((choice, data)) = data.split_first() else { return };
        let office = &mut *office().lock().unwrap_or_else(PoisonError::into_inner);
        match choice % 6 {
            0 => whole(office, data),
            1 => header(data),
            2 => whole(office, &seal::seal(data)),
            3 => {
                let Some((mend, data)) = data.split_first() else { return };
                whole(office, &seal::seal(&seal::signed(data, Mend(*mend))));
            }
            4 => {
                let inside = deeds::package(office, data);
                whole(office, &seal::seal(&inside));
            }
            _ => texts::read(office, data),
        }
    }
);

/// The whole reader; what opens is taken in.
fn whole(office: &mut Office, bytes: &[u8]) {
    let path = office.folder.join("input.kbp");
    fs::write(&path, bytes).expect("memory");
    // First without a database: a refusal would be logged, and there are many.
    match Package::open(&path, &office.keys, None) {
        Ok(_) => settled::take(office, &path),
        Err(problem) => assert!(problem.kind != kebao::domain::Kind::Bug && !problem.says.is_empty(), "{problem}"),
    }
}

/// The header alone, authenticated by whoever made it up.
fn header(lines: &[u8]) {
    let sealed = seal::with_header(lines);
    if let Ok(mut opener) = Opener::new(&sealed[..], &[READER_SEAL]) {
        let mut inside = Vec::new();
        opener.read_to_end(&mut inside).expect("what was sealed opens");
        assert_eq!(inside, b"inside");
    }
}
