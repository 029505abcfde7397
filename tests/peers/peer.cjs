// Verifies bundles with @sigstore/verify: reads cases as JSON Lines, answers each with a line of JSON.
//
// RELCHECK_PEER_NODE names the folder whose node_modules hold @sigstore/bundle, @sigstore/protobuf-specs and
// @sigstore/verify. Every case is verified offline, against the trusted root that it names and no other.

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const from = createRequire(path.join(process.env.RELCHECK_PEER_NODE, 'peer.cjs'));
const { bundleFromJSON } = from('@sigstore/bundle');
const { TrustedRoot } = from('@sigstore/protobuf-specs');
const { toSignedEntity, toTrustMaterial, Verifier } = from('@sigstore/verify');

// The key of the case, for whatever hint the bundle gives.
function keys(pem) {
  if (!pem) return undefined;
  return () => ({ publicKey: crypto.createPublicKey(fs.readFileSync(pem)), validFor: () => true });
}

function verify(one) {
  const root = TrustedRoot.fromJSON(JSON.parse(fs.readFileSync(one.root, 'utf8')));
  const bundle = bundleFromJSON(JSON.parse(fs.readFileSync(one.bundle, 'utf8')));
  const artifact = fs.readFileSync(one.artifact);
  const options = { ctlogThreshold: one.key ? 0 : 1, tlogThreshold: 1 };
  const material = toTrustMaterial(root, keys(one.key));
  const policy = one.key
    ? undefined
    : { subjectAlternativeName: one.identity, extensions: { issuer: one.issuer } };
  new Verifier(material, options).verify(toSignedEntity(bundle, artifact), policy);
  if (!one.statement) return;
  const statement = JSON.parse(bundle.content.dsseEnvelope.payload.toString('utf8'));
  const digest = crypto.createHash('sha256').update(artifact).digest('hex');
  if (!statement.subject.some((subject) => subject.digest.sha256 === digest)) {
    throw new Error('no subject has the digest');
  }
}

for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const one = JSON.parse(line);
  let refused = null;
  try {
    verify(one);
  } catch (error) {
    refused = `${error.name} ${error.code || ''}: ${error.message}`;
  }
  console.log(JSON.stringify({ name: one.name, refused }));
}
