//! Many updates in one record: what the database does for a record costs far more than the record's bytes.
//!
//! For each update: `seq` and milliseconds since 1970 as variable-length integers, the participant as text, the update
//! as bytes, all in lib0's encoding, one behind the other.

use model::wire::lib0::{DecodeError, Reader, put_var_bytes, put_var_string, put_var_uint};

use crate::{StoreError, StoredUpdate};

pub(crate) fn pack(updates: &[StoredUpdate]) -> Vec<u8> {
    let mut out = Vec::with_capacity(updates.iter().map(|row| row.update.len() + row.by.len() + 20).sum());
    for row in updates {
        put_var_uint(&mut out, row.seq);
        // A clock before 1970 is taken for 1970.
        put_var_uint(&mut out, u64::try_from(row.at_ms).unwrap_or(0));
        put_var_string(&mut out, &row.by);
        put_var_bytes(&mut out, &row.update);
    }
    out
}

pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<StoredUpdate>, StoreError> {
    let unreadable = |error: DecodeError| StoreError::Unreadable(format!("updates of a commit: {error}"));
    let mut reader = Reader::new(bytes);
    let mut updates = Vec::new();
    while reader.remaining() > 0 {
        updates.push(StoredUpdate {
            seq: reader.var_uint().map_err(unreadable)?,
            at_ms: i64::try_from(reader.var_uint().map_err(unreadable)?).unwrap_or(i64::MAX),
            by: reader.var_string().map_err(unreadable)?.to_owned(),
            update: reader.var_bytes().map_err(unreadable)?.to_vec(),
        });
    }
    Ok(updates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_come_back_and_damage_is_noticed() {
        let updates: Vec<StoredUpdate> = (1..=3)
            .map(|seq| StoredUpdate {
                seq: seq * 1_000,
                update: vec![seq as u8; seq as usize * 100],
                by: format!("participant {seq}"),
                at_ms: 1_700_000_000_000 + seq as i64,
            })
            .collect();
        let packed = pack(&updates);
        assert_eq!(unpack(&packed).ok(), Some(updates));
        assert!(unpack(&packed[..packed.len() - 1]).is_err());
        assert_eq!(unpack(&[]).ok(), Some(Vec::new()));
    }
}
