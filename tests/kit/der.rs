//! As much DER (ITU-T X.690) as certificates, SCTs and time-stamps need: writing a TLV, and stepping into one.

/// `sha256` with NULL parameters, as an `AlgorithmIdentifier`.
pub const SHA256: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x05, 0];
/// `sha384` with NULL parameters, as an `AlgorithmIdentifier`.
pub const SHA384: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 0x05, 0];
/// `sha512` with NULL parameters, as an `AlgorithmIdentifier`.
pub const SHA512: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 0x05, 0];
/// `sha1` with NULL parameters, as an `AlgorithmIdentifier`.
pub const SHA1: &[u8] = &[0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 3, 2, 0x1a, 0x05, 0];
/// `ecdsa-with-SHA256`, as an `AlgorithmIdentifier`.
pub const ECDSA_SHA256: &[u8] = &[0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// `id-ct-TSTInfo`.
pub const TST_INFO: &[u8] = &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 0x10, 1, 4];
/// `id-signedData`.
pub const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// `id-contentType`.
pub const CONTENT_TYPE: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
/// `id-messageDigest`.
pub const MESSAGE_DIGEST: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
/// `id-aa-signingCertificateV2`.
pub const SIGNING_CERTIFICATE_V2: &[u8] =
    &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 0x10, 2, 0x2f];
/// `id-kp-timeStamping`.
pub const TIME_STAMPING: &[u8] = &[0x06, 8, 0x2b, 6, 1, 5, 5, 7, 3, 8];

/// One tag-length-value; bodies of up to 16 MiB.
pub fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match body.len() {
        short @ 0..=0x7f => out.push(short as u8),
        medium @ 0x80..=0xff => out.extend([0x81, medium as u8]),
        long => {
            let length = u32::try_from(long).expect("the kit writes no TLV over 16 MiB").to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            out.push(0x80 | (4 - zeros) as u8);
            out.extend_from_slice(&length[zeros..]);
        }
    }
    out.extend_from_slice(body);
    out
}

/// SEQUENCE.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET of one member.
pub fn set(member: &[u8]) -> Vec<u8> {
    tlv(0x31, member)
}

/// OCTET STRING.
pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

/// UTF8String.
pub fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// INTEGER of one byte below 128.
pub fn small(number: u8) -> Vec<u8> {
    tlv(0x02, &[number])
}

/// Explicit context tag `[0]`.
pub fn explicit0(body: &[u8]) -> Vec<u8> {
    tlv(0xa0, body)
}

/// The `n`th TLV inside the TLV at the start of `outer`, whole.
pub fn child(outer: &[u8], n: usize) -> &[u8] {
    let mut rest = body(outer);
    for _ in 0..n {
        rest = &rest[total_length(rest)..];
    }
    &rest[..total_length(rest)]
}

fn body(der: &[u8]) -> &[u8] {
    let (header, length) = header(der);
    &der[header..header + length]
}

fn total_length(der: &[u8]) -> usize {
    let (header, length) = header(der);
    header + length
}

/// Length of the header, and of what follows it.
fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
    }
}
