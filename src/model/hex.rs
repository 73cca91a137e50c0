//! Bytes as people compare them: digests in plan files, pseudonyms, the ends of long names.

/// Two lower-case hexadecimal digits a byte.
pub fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes = bytes.into_iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}
