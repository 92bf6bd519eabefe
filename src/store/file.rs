//! The data folder: where it may lie, who holds it, and what kind of file stands in it before anything is written.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::schema;
use crate::domain::{Kind, Problem, Result};

/// The office's one file.
pub const DATABASE_FILE: &str = "kebao.db";
const LOCK_FILE: &str = "kebao.lock";

/// Where the data lies when nobody says otherwise: the user's local application data.
pub fn default_folder() -> Result<PathBuf> {
    directories::ProjectDirs::from("", "", "kebao")
        .map(|dirs| dirs.data_local_dir().to_owned())
        .ok_or_else(|| Problem::io("找不到存放数据的用户文件夹。").next("请用 --data 指定一个文件夹再启动。"))
}

/// Makes the folder if needed and refuses places where a database breaks.
pub fn prepare(folder: &Path) -> Result<()> {
    if let Some(why) = unsuitable(folder) {
        return Err(Problem::new(Kind::Refused, format!("数据不能放在{why}上，断线或拔出会损坏数据库。"))
            .next("请把数据放在本机硬盘；U 盘和共享文件夹只用来传离线包和备份。")
            .detail(folder.display()));
    }
    fs::create_dir_all(folder).map_err(|error| {
        Problem::io("数据文件夹建不起来。")
            .next("请检查权限和磁盘空间，或用 --data 换一个位置。")
            .detail(format!("{}: {error}", folder.display()))
    })
}

/// Takes the folder for this process until the returned file is dropped.
///
/// # Errors
/// [`Kind::Busy`] when another 科报 has it.
pub fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| {
        Problem::io("数据文件夹不能写入。")
            .next("请检查文件夹权限，或用 --data 换一个位置启动。")
            .detail(format!("{}: {error}", path.display()))
    })?;
    // A program started by this one holds its files for a moment, until it becomes another program: that is nobody.
    let mut patience = 20;
    let locked = loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if patience > 0 => patience -= 1,
            other => break other,
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    match locked {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Problem::new(Kind::Busy, "科报已经打开着这份数据，不用再开一个。")
            .next("请切换到已经打开的窗口；如果看不到，请等几秒或重新登录电脑后再试。")),
        Err(TryLockError::Error(error)) => {
            Err(Problem::io("不能确认这份数据没有被别人打开。").next("请把数据放在本机硬盘上再启动。").detail(error))
        }
    }
}

/// Looks at the file's header before SQLite touches it.
///
/// # Errors
/// Foreign, damaged or too new files, each with its own sentence; an absent or empty file is fine.
pub fn inspect(path: &Path) -> Result<()> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(Problem::io("数据库文件打不开。")
                .next("请检查文件权限。")
                .detail(format!("{}: {error}", path.display())));
        }
    };
    let mut header = [0_u8; 100];
    let mut read = 0;
    while read < header.len() {
        match file.read(&mut header[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(Problem::io("数据库文件读不出来。")
                    .next("磁盘可能有故障，请先备份整个文件夹。")
                    .detail(error));
            }
        }
    }
    if read == 0 || header[..read].iter().all(|byte| *byte == 0) && was_interrupted(path) {
        return Ok(());
    }
    if read < header.len() {
        return Err(damaged(path, "文件不完整"));
    }
    if &header[..16] != b"SQLite format 3\0" {
        return Err(damaged(path, "文件头不是数据库"));
    }
    let number = |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    // Pages in the header: a file that was just made has none counted yet.
    let empty = number(28) == 0;
    schema::judge(number(68), number(60), empty)
}

/// Whether a journal lies beside the file: SQLite will first put back what was there before. The power may go while an office
/// is being founded, with later parts of the file on the disk and its beginning not.
fn was_interrupted(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    fs::metadata(PathBuf::from(journal)).is_ok_and(|journal| journal.len() > 0)
}

fn damaged(path: &Path, why: &str) -> Problem {
    Problem::damaged("数据库文件已损坏，或不是科报的数据，没有打开，也没有改动。")
        .next("请不要删除它；先把整个文件夹复制一份，再从备份恢复。")
        .detail(format!("{}: {why}", path.display()))
}

/// Why a folder is no place for a database: `网络盘`, `移动盘`. `None` where it is fine or nothing is known.
fn unsuitable(folder: &Path) -> Option<&'static str> {
    let text = folder.to_string_lossy();
    if text.starts_with(r"\\") && !text.starts_with(r"\\?\") && !text.starts_with(r"\\.\")
        || text.starts_with(r"\\?\UNC\")
    {
        return Some("网络盘");
    }
    mounted_on(folder)
}

#[cfg(target_os = "linux")]
fn mounted_on(folder: &Path) -> Option<&'static str> {
    let absolute = std::path::absolute(folder).ok()?;
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    match mount_of(&absolute, &mounts)?.0 {
        "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "ncpfs" | "afs" | "9p" | "fuse.sshfs" | "fuse.gvfsd-fuse"
        | "fuse.rclone" => Some("网络盘"),
        "vfat" | "exfat" | "msdos" | "iso9660" | "udf" => Some("移动盘"),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn mounted_on(_: &Path) -> Option<&'static str> {
    None
}

/// File system and mount point that hold a path, by the longest matching mount.
#[cfg(target_os = "linux")]
fn mount_of<'m>(path: &Path, mounts: &'m str) -> Option<(&'m str, PathBuf)> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let point = words.nth(1)?.replace("\\040", " ");
            Some((words.next()?, PathBuf::from(point)))
        })
        .filter(|(_, point)| path.starts_with(point))
        .max_by_key(|(_, point)| point.as_os_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_longest_mount_decides() {
        let mounts =
            "rootfs / ext4 rw 0 0\nserver:/share /mnt/office nfs4 rw 0 0\n/dev/sdb1 /media/usb\\040stick vfat rw 0 0\n";
        assert_eq!(mount_of(Path::new("/mnt/office/data"), mounts).unwrap().0, "nfs4");
        assert_eq!(mount_of(Path::new("/media/usb stick/data"), mounts).unwrap().0, "vfat");
        assert_eq!(mount_of(Path::new("/mnt/officer"), mounts).unwrap().0, "ext4");
    }

    #[test]
    fn a_network_path_is_refused_with_the_reason() {
        let refused = prepare(Path::new(r"\\server\share\kebao")).unwrap_err();
        assert_eq!(refused.kind, Kind::Refused);
        assert!(refused.says.contains("网络盘"));
    }
}
