//! A `dev.sigstore.rekor.v1.TransparencyLogEntry` in Protocol Buffers, as gitsign keeps it, put into the JSON of a bundle.
//!
//! The rule that must not be broken: nothing is skipped. A field that is there twice, of another type or not known makes
//! the entry unreadable.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

/// Most hashes of an inclusion proof: trees have at most 2^63 leaves.
const MAX_HASHES: usize = 64;

/// Why bytes are no log entry.
type Malformed = &'static str;

/// The entry as JSON. `body` is what was logged: gitsign leaves that out, for it follows from the signature.
pub(super) fn to_json(entry: &[u8], body: &[u8]) -> Result<Value, Malformed> {
    let fields = Fields::read(entry)?;
    fields.refuse_others(&[1, 2, 3, 4, 5, 6, 7])?;
    let log_id = Fields::read(fields.bytes(2)?.ok_or("it names no log")?)?;
    log_id.refuse_others(&[1])?;
    let kind = Fields::read(fields.bytes(3)?.ok_or("it has no kind")?)?;
    kind.refuse_others(&[1, 2])?;
    let mut json = Map::new();
    json.insert("logIndex".into(), json!(fields.number(1)?.to_string()));
    json.insert("logId".into(), json!({"keyId": base64(log_id.bytes(1)?.unwrap_or_default())}));
    json.insert(
        "kindVersion".into(),
        json!({"kind": text(kind.bytes(1)?)?, "version": text(kind.bytes(2)?)?}),
    );
    json.insert("integratedTime".into(), json!(fields.number(4)?.to_string()));
    if let Some(promise) = fields.bytes(5)? {
        let promise = Fields::read(promise)?;
        promise.refuse_others(&[1])?;
        let timestamp = promise.bytes(1)?.unwrap_or_default();
        json.insert("inclusionPromise".into(), json!({"signedEntryTimestamp": base64(timestamp)}));
    }
    if let Some(proof) = fields.bytes(6)? {
        json.insert("inclusionProof".into(), inclusion_proof(&Fields::read(proof)?)?);
    }
    let body = fields.bytes(7)?.filter(|logged| !logged.is_empty()).unwrap_or(body);
    json.insert("canonicalizedBody".into(), json!(base64(body)));
    Ok(Value::Object(json))
}

fn inclusion_proof(proof: &Fields<'_>) -> Result<Value, Malformed> {
    proof.refuse_others(&[1, 2, 3, 4, 5])?;
    let hashes = proof.repeated(4)?;
    if hashes.len() > MAX_HASHES {
        return Err("its inclusion proof has too many hashes");
    }
    let checkpoint = Fields::read(proof.bytes(5)?.ok_or("its inclusion proof has no checkpoint")?)?;
    checkpoint.refuse_others(&[1])?;
    Ok(json!({
        "logIndex": proof.number(1)?.to_string(),
        "rootHash": base64(proof.bytes(2)?.unwrap_or_default()),
        "treeSize": proof.number(3)?.to_string(),
        "hashes": hashes.into_iter().map(base64).collect::<Vec<_>>(),
        "checkpoint": {"envelope": text(checkpoint.bytes(1)?)?},
    }))
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn text(bytes: Option<&[u8]>) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes.unwrap_or_default()).map_err(|_| "a text in it is not UTF-8")
}

/// A value of a message, by its wire type.
#[derive(Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of one message, in the order in which they stand.
struct Fields<'a>(Vec<(u64, Field<'a>)>);

impl<'a> Fields<'a> {
    fn read(mut bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let (key, rest) = varint(bytes)?;
            let (value, rest) = varint(rest)?;
            bytes = rest;
            fields.push(match key & 7 {
                0 => (key >> 3, Field::Number(value)),
                2 => {
                    let length = usize::try_from(value).map_err(|_| "it is cut short")?;
                    let (inner, after) = rest.split_at_checked(length).ok_or("it is cut short")?;
                    bytes = after;
                    (key >> 3, Field::Bytes(inner))
                }
                _ => return Err("a field of it is of a type that no field has"),
            });
        }
        Ok(Self(fields))
    }

    fn refuse_others(&self, known: &[u64]) -> Result<(), Malformed> {
        if self.0.iter().all(|(number, _)| known.contains(number)) {
            Ok(())
        } else {
            Err("a field of it is not known")
        }
    }

    fn repeated(&self, number: u64) -> Result<Vec<&'a [u8]>, Malformed> {
        let of_number = self.0.iter().filter(|(n, _)| *n == number);
        of_number
            .map(|(_, field)| match field {
                Field::Bytes(bytes) => Ok(*bytes),
                Field::Number(_) => Err("a field of it is of another type"),
            })
            .collect()
    }

    fn bytes(&self, number: u64) -> Result<Option<&'a [u8]>, Malformed> {
        match self.repeated(number)?.as_slice() {
            [] => Ok(None),
            [bytes] => Ok(Some(bytes)),
            _ => Err("a field of it is there twice"),
        }
    }

    /// A number that is not negative; zero is what is left out.
    fn number(&self, number: u64) -> Result<i64, Malformed> {
        let values: Vec<Field<'_>> =
            self.0.iter().filter(|(n, _)| *n == number).map(|(_, field)| *field).collect();
        match values.as_slice() {
            [] => Ok(0),
            [Field::Number(value)] => i64::try_from(*value).map_err(|_| "a number in it is negative"),
            [Field::Bytes(_)] => Err("a field of it is of another type"),
            _ => Err("a field of it is there twice"),
        }
    }
}

/// A base-128 number, lowest part first.
fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        let part = u64::from(byte & 0x7f);
        if at == 9 && part > 1 {
            return Err("a number in it is too large");
        }
        value |= part << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[at + 1..]));
        }
    }
    Err("it is cut short")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_46_a_field_that_is_missing_twice_or_unknown_is_an_error_and_no_panic() {
        let id = [0x12, 3, 0x0a, 1, 7];
        let kind = [0x1a, 6, 0x0a, 1, b'h', 0x12, 1, b'1'];
        let good = [&[0x08, 5][..], &id, &kind, &[0x20, 0x80, 1]].concat();
        let json = to_json(&good, b"body").unwrap();
        assert_eq!(json["logIndex"], "5");
        assert_eq!(json["integratedTime"], "128");
        assert_eq!(json["kindVersion"], json!({"kind": "h", "version": "1"}));
        assert_eq!(json["canonicalizedBody"], base64(b"body"));
        for (bad, why) in [
            (Vec::new(), "names no log"),
            (id.to_vec(), "no kind"),
            ([&good[..], &[0x08, 6]].concat(), "there twice"),
            ([&good[..], &id].concat(), "there twice"),
            ([&good[..], &[0x48, 6]].concat(), "not known"),
            ([&good[..], &[0x0d, 6]].concat(), "no field has"),
            ([&good[..], &[0x32, 9]].concat(), "cut short"),
            ([&good[..], &[0x32, 0]].concat(), "no checkpoint"),
            ([&good[..], &[0x28, 1]].concat(), "another type"),
        ] {
            let said = to_json(&bad, b"").expect_err(why);
            assert!(said.contains(why), "{said}: {why}");
        }
        for end in 0..good.len() {
            let _either = to_json(&good[..end], b"");
        }
        let negative = [&[0x08][..], &[0xff; 9], &[1], &id, &kind].concat();
        assert_eq!(to_json(&negative, b"").unwrap_err(), "a number in it is negative");
    }
}
