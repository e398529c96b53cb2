//! The files of a container that says hello: this machine's own shell and what it is linked with, for nothing is fetched.

use std::collections::BTreeSet;
use std::process::Command;
use std::{fs, io};

/// What the demonstration's manifest runs.
const PROGRAMS: [&str; 2] = ["/bin/sh", "/bin/sleep"];

/// The length of a block of a tar archive.
const BLOCK: usize = 512;

/// The files, as a tar archive.
pub(super) fn archive() -> io::Result<Vec<u8>> {
    let mut paths: BTreeSet<String> = PROGRAMS.map(str::to_owned).into();
    for program in PROGRAMS {
        // It says nothing of a program that is linked with nothing.
        let said = Command::new("ldd").arg(program).output()?;
        paths.extend(libraries(&String::from_utf8_lossy(&said.stdout)));
    }
    let mut archive = vec![];
    for path in paths {
        append(&mut archive, path.trim_start_matches('/'), &fs::read(&path)?);
    }
    archive.resize(archive.len().saturating_add(2 * BLOCK), 0);
    Ok(archive)
}

/// The paths that `ldd` names: `libc.so.6 => /lib/libc.so.6 (0x7f…)`.
fn libraries(said: &str) -> Vec<String> {
    let path = |line: &str| line.split_whitespace().find(|word| word.starts_with('/')).map(str::to_owned);
    said.lines().filter_map(path).collect()
}

/// Appends a file that all may run.
fn append(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let blank = header(name, content.len(), "        ");
    let sum: u32 = blank.iter().copied().map(u32::from).sum();
    archive.extend(header(name, content.len(), &format!("{sum:06o}\0 ")));
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(BLOCK), 0);
}

/// The header of a file, as POSIX's ustar has it; a name is cut at 100 bytes.
fn header(name: &str, length: usize, sum: &str) -> Vec<u8> {
    let length = format!("{length:011o}");
    let fields = [
        (name, 100),
        ("0000755", 8),
        ("0000000", 8),
        ("0000000", 8),
        (&length, 12),
        ("00000000000", 12),
        (sum, 8),
        ("0", 1),
        ("", 100),
        ("ustar", 6),
        ("00", 2),
        ("", 247),
    ];
    let mut header = vec![];
    for (text, width) in fields {
        let end = header.len().saturating_add(width);
        header.extend(text.bytes().take(width));
        header.resize(end, 0);
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_found_in_what_ldd_says() {
        let said =
            "\tlinux-vdso.so.1 (0x00007ffc)\n\tlibc.so.6 => /lib/x/libc.so.6 (0x00007f)\n\t/lib64/ld.so.2 (0x1)\n";
        assert_eq!(libraries(said), ["/lib/x/libc.so.6", "/lib64/ld.so.2"]);
        assert_eq!(libraries("\tnot a dynamic executable\n"), Vec::<String>::new());
    }

    #[test]
    fn tar_itself_reads_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("root.tar");
        fs::write(&file, archive().unwrap()).unwrap();
        let tar = Command::new("tar").args(["-xf", "root.tar"]).current_dir(folder.path()).output().unwrap();
        assert!(tar.status.success() && tar.stderr.is_empty(), "{tar:?}");
        for program in PROGRAMS {
            let unpacked = folder.path().join(program.trim_start_matches('/'));
            assert_eq!(fs::read(unpacked).unwrap(), fs::read(program).unwrap());
        }
    }
}
