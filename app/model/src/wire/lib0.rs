//! lib0's encoding, as far as y-protocols and Yjs' first update format need it: variable-length integers, strings and
//! byte buffers.
//!
//! Source: npm `lib0`, `encoding.js` and `decoding.js`. Every read is bounded by the input: a declared length is
//! compared with what is there before anything is taken or reserved, so arbitrary bytes never panic and never cost
//! more memory than they have themselves.

/// The bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the bytes end too early")]
    Truncated,
    #[error("a number is longer than 64 bits")]
    Overlong,
    #[error("a text is not UTF-8")]
    Utf8,
    #[error("a JSON payload has another shape")]
    Json,
    #[error("bytes are left over")]
    Trailing,
}

/// Reads forward over borrowed bytes.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Bytes not read yet.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// # Errors
    /// [`DecodeError::Trailing`] unless everything was read.
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Trailing)
        }
    }

    /// # Errors
    /// [`DecodeError::Truncated`] at the end.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// An unsigned variable-length integer: seven bits a byte, the lowest first, the eighth bit says that more follow.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::Overlong`].
    pub fn var_uint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(DecodeError::Overlong);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::Overlong)
    }

    /// Skips a signed variable-length integer (lib0's `varInt`: six bits and the sign in the first byte). Its value is
    /// never needed here.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::Overlong`].
    pub fn skip_var_int(&mut self) -> Result<(), DecodeError> {
        for _ in 0..10 {
            if self.u8()? & 0x80 == 0 {
                return Ok(());
            }
        }
        Err(DecodeError::Overlong)
    }

    /// The next `length` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`].
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A byte buffer: its length, then its bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::Overlong`].
    pub fn var_bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = usize::try_from(self.var_uint()?).map_err(|_| DecodeError::Truncated)?;
        self.take(length)
    }

    /// A text: its length in bytes, then UTF-8.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::Overlong`], [`DecodeError::Utf8`].
    pub fn var_string(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.var_bytes()?).map_err(|_| DecodeError::Utf8)
    }
}

/// Appends `value` as an unsigned variable-length integer.
pub fn put_var_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a byte buffer: its length, then its bytes.
pub fn put_var_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_var_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a text: its length in bytes, then UTF-8.
pub fn put_var_string(out: &mut Vec<u8>, text: &str) {
    put_var_bytes(out, text.as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn integers_come_back(value: u64) {
            let mut bytes = Vec::new();
            put_var_uint(&mut bytes, value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.var_uint(), Ok(value));
            prop_assert_eq!(reader.finish(), Ok(()));
        }

        #[test]
        fn texts_come_back(text: String) {
            let mut bytes = Vec::new();
            put_var_string(&mut bytes, &text);
            prop_assert_eq!(Reader::new(&bytes).var_string(), Ok(text.as_str()));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            let _ = reader.clone().var_uint();
            let _ = reader.clone().skip_var_int();
            let _ = reader.clone().var_bytes();
            let _ = reader.var_string();
        }
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        let mut bytes = [0xff_u8; 10];
        bytes[9] = 0x01;
        assert_eq!(Reader::new(&bytes).var_uint(), Ok(u64::MAX));
        bytes[9] = 0x02;
        assert_eq!(Reader::new(&bytes).var_uint(), Err(DecodeError::Overlong));
        assert_eq!(Reader::new(&[0xff; 11]).var_uint(), Err(DecodeError::Overlong));
    }

    #[test]
    fn a_declared_length_beyond_the_end_reserves_nothing() {
        let mut bytes = Vec::new();
        put_var_uint(&mut bytes, u64::MAX);
        bytes.push(b'x');
        assert_eq!(Reader::new(&bytes).var_bytes(), Err(DecodeError::Truncated));
    }

    #[test]
    fn the_bytes_are_those_of_lib0() {
        let mut bytes = Vec::new();
        put_var_uint(&mut bytes, 300);
        put_var_string(&mut bytes, "ä");
        assert_eq!(bytes, [0xac, 0x02, 2, 0xc3, 0xa4]);
    }
}
