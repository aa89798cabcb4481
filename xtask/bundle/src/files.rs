//! Names by content, copies, compressed siblings.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;

/// Characters of a content hash in a name: 80 bits.
const HASH_LENGTH: usize = 20;
/// Formats that are compressed already.
const COMPRESSED: [&str; 10] = ["br", "gz", "woff2", "png", "jpg", "jpeg", "webp", "avif", "gif", "zip"];

/// SHA-256 over several inputs, each with its length, so that no two lists of inputs look alike.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(crate) fn add_file(&mut self, file: &Path) -> Result<()> {
        let bytes = fs::read(file).map_err(|error| format!("{} could not be read: {error}", file.display()))?;
        self.add(&bytes);
        Ok(())
    }

    /// Names and contents of a folder and those below it. A missing folder counts as empty.
    pub(crate) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        for file in list(folder)? {
            self.add(file.as_os_str().as_encoded_bytes());
            self.add_file(&file)?;
        }
        Ok(())
    }

    /// Lower-case hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The hash that stands in the name of a file with this content.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(bytes);
    let mut digits = fingerprint.finish();
    digits.truncate(HASH_LENGTH);
    digits
}

/// Writes `NAME.HASH.EXTENSION` and returns the hash.
pub(crate) fn write_hashed(folder: &Path, name: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let hash = content_hash(bytes);
    fs::write(folder.join(format!("{name}.{hash}.{extension}")), bytes)?;
    Ok(hash)
}

/// Copies a folder with all below it. A missing one counts as empty.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in list(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&file, &target).map_err(|error| format!("{} could not be copied: {error}", file.display()))?;
    }
    Ok(())
}

/// Writes `FILE.br` and `FILE.gz` beside each file that gets smaller by it.
pub(crate) fn compress_folder(folder: &Path) -> Result<()> {
    for file in list(folder)? {
        let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        if COMPRESSED.contains(&extension.as_str()) {
            continue;
        }
        let plain = fs::read(&file)?;
        for (extension, compressed) in [("br", brotli(&plain)?), ("gz", gzip(&plain)?)] {
            if compressed.len() < plain.len() {
                fs::write(with_suffix(&file, extension), compressed)?;
            }
        }
    }
    Ok(())
}

/// Removes a folder if it is there.
pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{} could not be removed: {error}", folder.display()))?;
    }
    Ok(())
}

/// All files below a folder, sorted; none when the folder is missing.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    Ok(files)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    // The whole file fits into the window, which costs nothing here and saves bytes with large wasm.
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_content() {
        assert_eq!(content_hash(b"a"), content_hash(b"a"));
        assert_ne!(content_hash(b"a"), content_hash(b"b"));
        assert_eq!(content_hash(b"a").len(), HASH_LENGTH);
    }

    #[test]
    fn borders_between_inputs_count() {
        let of = |parts: &[&[u8]]| {
            let mut fingerprint = Fingerprint::default();
            parts.iter().for_each(|part| fingerprint.add(part));
            fingerprint.finish()
        };
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
    }

    #[test]
    fn compressed_files_stand_beside_what_they_shorten() {
        let folder = std::env::temp_dir().join(format!("leitnetz-bundle-{}", std::process::id()));
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/long.txt"), "word ".repeat(200)).unwrap();
        fs::write(folder.join("short.txt"), "x").unwrap();
        fs::write(folder.join("picture.png"), "word ".repeat(200)).unwrap();
        compress_folder(&folder).unwrap();
        let names: Vec<_> = list(&folder)
            .unwrap()
            .iter()
            .map(|file| file.strip_prefix(&folder).unwrap().display().to_string())
            .collect();
        remove_folder(&folder).unwrap();
        assert_eq!(
            names,
            [
                "picture.png",
                "short.txt",
                "sub/long.txt",
                "sub/long.txt.br",
                "sub/long.txt.gz"
            ]
        );
    }
}
